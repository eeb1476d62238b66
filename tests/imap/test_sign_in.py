"""Every way to sign in, and the reasons why it may fail."""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable

import pytest

from tests.imap.scripted import ALICE, GREETING, Asked, Conversation, Scripted, connect
from webmail.imap.errors import (
    AuthenticationError,
    EncodeError,
    ImapError,
    TlsError,
    UnavailableError,
)
from webmail.imap.server import OAuthToken, Password


def test_sign_in_takes_one_round_trip() -> None:
    done = lambda asked: asked.ok(code=b"CAPABILITY IMAP4rev1 MOVE")  # noqa: E731
    with Scripted(table={"AUTHENTICATE": done}) as server:
        connection = connect(server)
        connection.login(ALICE)
        assert connection.authenticated
        assert connection.capabilities == {"IMAP4REV1", "MOVE"}
        (asked,) = server.asked
        assert base64.b64decode(asked.wire.split()[-1]).decode() == "\0alice\0s3cret-pässword"


def test_capabilities_are_asked_for_again_after_sign_in() -> None:
    with Scripted(table={"CAPABILITY": [b"* CAPABILITY IMAP4rev1 SORT"]}) as server:
        connection = connect(server)
        connection.login(ALICE)
        assert connection.has("SORT")
        assert not connection.has("LITERAL+")
        assert server.names == ["AUTHENTICATE", "CAPABILITY"]
    untagged = {"AUTHENTICATE": [b"* CAPABILITY IMAP4rev1 X-GM-EXT-1"]}
    with Scripted(table=untagged) as server:
        connection = connect(server)
        connection.login(ALICE)
        assert connection.has("X-GM-EXT-1")
        assert server.names == ["AUTHENTICATE"]


def continued(*replies: bytes) -> tuple[list[bytes], Callable[[Asked], None]]:
    heard: list[bytes] = []

    def answer(asked: Asked) -> None:
        for reply in replies:
            asked.answer(reply)
            heard.append(asked.conversation.line())
        asked.ok() if heard[-1].strip() not in (b"*", b"", b"AQ==") else asked.no(
            b"[AUTHENTICATIONFAILED] no"
        )

    return heard, answer


def test_plain_without_initial_response() -> None:
    heard, answer = continued(b"+ ")
    with Scripted(b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi", {"AUTHENTICATE": answer}) as server:
        connect(server).login(ALICE)
        assert server.asked[0].wire.endswith(b" AUTHENTICATE PLAIN")
        assert base64.b64decode(heard[0]).startswith(b"\0alice\0")


@pytest.mark.parametrize(
    ("greeting", "wire"), [(b"", b'LOGIN "alice" {16}\r\n'), (b" LITERAL+", b'LOGIN "alice" {16+}\r\n')]
)
def test_login_command(greeting: bytes, wire: bytes) -> None:
    with Scripted(b"* OK [CAPABILITY IMAP4rev1" + greeting + b"] hi") as server:
        connect(server).login(ALICE)
        assert wire + "s3cret-pässword".encode() in server.asked[0].wire


def test_login_when_plain_is_offered_but_unknown() -> None:
    with Scripted(table={"AUTHENTICATE": Asked.bad}) as server:
        connect(server).login(ALICE)
        assert server.names == ["AUTHENTICATE", "LOGIN", "CAPABILITY"]


def test_wrong_credentials_are_tried_once() -> None:
    with Scripted(table={"AUTHENTICATE": Asked.no, "LOGIN": Asked.no}) as server:
        connection = connect(server)
        with pytest.raises(AuthenticationError):
            connection.login(ALICE)
        assert server.names == ["AUTHENTICATE"]


def test_login_disabled() -> None:
    with Scripted(b"* OK [CAPABILITY IMAP4rev1 LOGINDISABLED] hi") as server:
        with pytest.raises(TlsError, match="TLS"):
            connect(server).login(ALICE)
        assert server.asked == []


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (b"[AUTHENTICATIONFAILED] Authentication failed.", AuthenticationError),
        (b"[AUTHENTICATIONFAILED] Too many failures, try again later", AuthenticationError),
        (b"[AUTHORIZATIONFAILED] no", AuthenticationError),
        (b"[EXPIRED] password", AuthenticationError),
        (b"LOGIN failed.", AuthenticationError),
        (b"Login failed: authentication failure", AuthenticationError),
        (b"[ALERT] Invalid credentials (Failure)", AuthenticationError),
        (b"[ALERT] Application-specific password required", AuthenticationError),
        (b"Login incorrect", AuthenticationError),
        (b"Invalid user name or password, please try again", AuthenticationError),
        (b"Password incorrect. Try again later", AuthenticationError),
        (b"Login failed: generic failure", UnavailableError),
        (b"Please try again", UnavailableError),
        (b"[UNAVAILABLE] Temporary authentication failure.", UnavailableError),
        (b"[INUSE] x", UnavailableError),
        (b"[LIMIT] x", UnavailableError),
        (b"[limit] x", UnavailableError),
        (b"[ALERT] Too many simultaneous connections. (Failure)", UnavailableError),
        (b"[ALERT] Account exceeded command or bandwidth limits. (Failure)", UnavailableError),
        (
            b"Maximum number of connections from user+IP exceeded (mail_max_userip_connections=10)",
            UnavailableError,
        ),
        (b"Server Unavailable. 15", UnavailableError),
        (b"[SERVERBUG] LOGIN Server error - Please try again later", UnavailableError),
        (b"Temporary problem, please try again later", UnavailableError),
        (b"User is authenticated but not connected.", UnavailableError),
        (b"Request is throttled. Suggested Backoff Time: 299997 milliseconds", UnavailableError),
    ],
)
def test_why_sign_in_was_refused(text: bytes, error: type[ImapError]) -> None:
    with Scripted(table={"AUTHENTICATE": lambda asked: asked.no(text)}) as server:
        with pytest.raises(error) as caught:
            connect(server).login(ALICE)
        assert type(caught.value) is error


def test_bye_at_sign_in() -> None:
    def leave(asked: Asked) -> None:
        asked.answer(b"* BYE Too many connections, try again later")
        asked.conversation.hang_up()

    with Scripted(table={"AUTHENTICATE": leave}) as server, pytest.raises(UnavailableError):
        connect(server).login(ALICE)


@pytest.mark.parametrize("end", [Conversation.hang_up, Conversation.reset])
def test_bye_between_greeting_and_sign_in(end: Callable[[Conversation], None]) -> None:
    def leave(talk: Conversation) -> None:
        talk.send(GREETING + b"\r\n")
        opened.wait(5)
        talk.send(b"* BYE Too many connections\r\n")
        end(talk)
        ended.set()

    opened, ended = threading.Event(), threading.Event()
    with Scripted(leave) as server:
        connection = connect(server)
        opened.set()
        assert ended.wait(5)
        with pytest.raises(UnavailableError):
            connection.login(ALICE)


def test_no_error_and_no_repr_holds_a_secret() -> None:
    def repeat(asked: Asked) -> None:
        asked.no(b"what is " + asked.wire.replace(b"\r\n", b" ") + b" s3cret-p\xc3\xa4ssword")

    secrets = ["s3cret", base64.b64encode("\0alice\0s3cret-pässword".encode()).decode(), "t0ken"]
    for greeting in (
        b"* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] x",
        b"* OK [CAPABILITY IMAP4rev1 LITERAL+] x",
    ):
        with Scripted(greeting, {"AUTHENTICATE": repeat, "LOGIN": repeat}) as server:
            with pytest.raises(AuthenticationError) as caught:
                connect(server).login(ALICE)
            shown = [str(caught.value), repr(caught.value), caught.value.text, repr(ALICE), str(ALICE)]
            assert caught.value.__context__ is None or caught.value.__suppress_context__
            assert not any(secret in text for text in shown for secret in secrets)
    assert "t0ken" not in repr(OAuthToken("alice", "t0ken"))
    with Scripted() as server, pytest.raises(EncodeError) as refused:
        connect(server).login(Password("alice", "s3cret\0x"))
    assert "s3cret" not in str(refused.value)


def test_oauth_mechanisms() -> None:
    with Scripted() as server:
        connect(server).login(OAuthToken("a@b", "t0ken", "XOAUTH2"))
        sent = base64.b64decode(server.asked[0].wire.split()[-1])
        assert sent == b"user=a@b\x01auth=Bearer t0ken\x01\x01"
        connect(server).login(OAuthToken("a=b,c", "t0ken", "OAUTHBEARER"))
        sent = base64.b64decode(server.asked[2].wire.split()[-1])
        assert sent.startswith(b"n,a=a=3Db=2Cc,\x01host=127.0.0.1\x01port=")
        assert sent.endswith(b"\x01auth=Bearer t0ken\x01\x01")
    for mechanism, dummy in (("XOAUTH2", b"\r\n"), ("OAUTHBEARER", b"AQ==\r\n")):
        heard, answer = continued(b"+ eyJzdGF0dXMiOiI0MDAifQ==")
        with Scripted(table={"AUTHENTICATE": answer}) as server, pytest.raises(AuthenticationError):
            connect(server).login(OAuthToken("a@b", "t0ken", mechanism))
        assert heard == [dummy]
