"""AUTH: each mechanism, what is said in which order, and that no secret ever leaves where it could be read."""

from __future__ import annotations

from base64 import b64decode, b64encode

import pytest

from tests.smtp.scripted import ALICE, Asked, Scripted, cut
from tests.smtp.test_submit import send
from webmail.smtp.server import Credentials, OAuthToken, Password

PLAIN = b64encode("\0alice\0s3cret-pässword".encode())
USER, SECRET = b64encode(b"alice"), b64encode("s3cret-pässword".encode())
TOKEN = OAuthToken("alice@a.example", "ya29.t0ken")


def auth(*mechanisms: str) -> tuple[str, ...]:
    return ("PIPELINING", f"AUTH {' '.join(mechanisms)}")


def challenge(*challenges: bytes, final: bytes = b"235 2.7.0 In") -> object:
    """Each answered with a line, which `said` keeps; then the final reply."""

    def answer(asked: Asked) -> None:
        for each in challenges:
            asked.conversation.sock.sendall(b"334 " + each + b"\r\n")
            said.append(asked.conversation.until(b"\r\n"))
        asked.answer(final)

    said: list[bytes] = []
    answer.said = said
    return answer


def test_plain_in_one_step() -> None:
    with Scripted(extensions=auth("LOGIN", "PLAIN")) as server:
        assert send(server).state == "accepted"
        assert server.wires("AUTH") == [b"AUTH PLAIN " + PLAIN]


def test_as_servers_offered_it_before_there_was_a_standard() -> None:
    with Scripted(extensions=("AUTH=PLAIN LOGIN",)) as server:
        assert send(server).state == "accepted"
        assert server.wires("AUTH") == [b"AUTH PLAIN " + PLAIN]


def test_plain_at_the_challenge_where_the_command_would_be_too_long() -> None:
    answer = challenge(b"")
    with Scripted({"AUTH": answer}, extensions=auth("PLAIN")) as server:
        assert send(server, credentials=Password("alice", "x" * 400)).state == "accepted"
        assert server.wires("AUTH") == [b"AUTH PLAIN"]
        assert answer.said == [b64encode(b"\0alice\0" + b"x" * 400)]


def test_plain_at_the_challenge_where_the_server_wants_it_so() -> None:
    def picky(asked: Asked) -> None:
        if asked.wire == b"AUTH PLAIN":
            answer(asked)
        else:
            asked.answer(b"501 5.5.4 Syntax: AUTH mechanism")

    answer = challenge(b"")
    with Scripted({"AUTH": picky}, extensions=auth("PLAIN")) as server:
        assert send(server).state == "accepted"
        assert answer.said == [PLAIN]


def test_login() -> None:
    answer = challenge(b64encode(b"Username:"), b64encode(b"Password:"))
    with Scripted({"AUTH": answer}, extensions=auth("LOGIN")) as server:
        assert send(server).state == "accepted"
        assert server.wires("AUTH") == [b"AUTH LOGIN"]
        assert answer.said == [USER, SECRET]


def test_login_where_plain_is_offered_and_not_there() -> None:
    login = challenge(b"", b"")

    def only_login(asked: Asked) -> None:
        login(asked) if asked.wire == b"AUTH LOGIN" else asked.answer(b"504 5.5.4 Unrecognized")

    with Scripted({"AUTH": only_login}, extensions=auth("PLAIN", "LOGIN")) as server:
        assert send(server).state == "accepted"
        assert login.said == [USER, SECRET]


@pytest.mark.parametrize(
    ("token", "initial"),
    [
        (OAuthToken("al@a.example", "t0k", "XOAUTH2"), b"user=al@a.example\1auth=Bearer t0k\1\1"),
        (
            OAuthToken("a=l,x@a.example", "t0k"),
            b"n,a=a=3Dl=2Cx@a.example,\1host=127.0.0.1\1port=%d\1auth=Bearer t0k\1\1",
        ),
    ],
)
def test_a_bearer_token(token: OAuthToken, initial: bytes) -> None:
    with Scripted(extensions=auth("XOAUTH2", "OAUTHBEARER", "PLAIN")) as server:
        assert send(server, credentials=token).state == "accepted"
        (wire,) = server.wires("AUTH")
        name, _, response = wire.removeprefix(b"AUTH ").partition(b" ")
        assert name.decode() == token.mechanism
        assert b64decode(response) == (initial % server.port if b"%d" in initial else initial)


@pytest.mark.parametrize(("mechanism", "answer"), [("XOAUTH2", b""), ("OAUTHBEARER", b"AQ==")])
def test_a_bearer_token_that_is_refused_with_a_reason(mechanism: str, answer: bytes) -> None:
    said = challenge(b64encode(b'{"status":"invalid_token"}'), final=b"535 5.7.8 Not accepted")
    with Scripted({"AUTH": said}, extensions=auth(mechanism)) as server:
        outcome = send(server, credentials=OAuthToken("alice", "t0ken", mechanism))
        assert (outcome.state, outcome.stage) == ("refused", "sign-in")
        assert str(outcome.reply) == "535 5.7.8 Not accepted"
        assert said.said == [answer]


def test_a_long_token_at_the_challenge() -> None:
    answer = challenge(b"")
    with Scripted({"AUTH": answer}, extensions=auth("OAUTHBEARER")) as server:
        assert send(server, credentials=OAuthToken("alice", "t" * 3000)).state == "accepted"
        assert server.wires("AUTH") == [b"AUTH OAUTHBEARER"]
        assert b"t" * 3000 in b64decode(answer.said[0])


@pytest.mark.parametrize(
    ("reply", "state"),
    [
        (b"535 5.7.8 Wrong", "refused"),
        (b"454 4.7.0 Later", "deferred"),
        (b"432 4.7.12 Change it", "deferred"),
    ],
)
def test_wrong_or_not_now(reply: bytes, state: str) -> None:
    with Scripted({"AUTH": reply}, extensions=auth("PLAIN", "LOGIN")) as server:
        outcome = send(server)
        assert (outcome.state, outcome.stage, str(outcome.reply)) == (state, "sign-in", reply.decode())
        assert server.names == ["EHLO", "AUTH"], "and no other way is tried with the same password"


def test_a_server_that_never_has_enough() -> None:
    for mechanism in ("PLAIN", "LOGIN"):
        with Scripted({"AUTH": challenge(*[b""] * 9)}, extensions=auth(mechanism)) as server:
            assert send(server).state == "deferred"


@pytest.mark.parametrize(
    ("extensions", "credentials"),
    [
        ((), ALICE),
        (auth("CRAM-MD5", "GSSAPI"), ALICE),
        (auth(), ALICE),
        (auth("PLAIN"), TOKEN),
    ],
)
def test_no_way_to_sign_in_is_no_reason_to_send_without(
    extensions: tuple[str, ...], credentials: Credentials
) -> None:
    with Scripted(extensions=extensions) as server:
        outcome = send(server, credentials=credentials)
        assert (outcome.state, outcome.stage) == ("refused", "sign-in")
        assert outcome.cause
        assert server.names == ["EHLO"]


def test_without_credentials_nobody_signs_in() -> None:
    with Scripted() as server:
        assert send(server, credentials=None).state == "accepted"
        assert "AUTH" not in server.names


def test_no_password_in_clear_over_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    # What no test machine has for certain is a network; the address alone decides.
    monkeypatch.setattr("webmail.wire.transport.Transport.loopback", False)
    with Scripted() as server:
        outcome = send(server)
        assert (outcome.state, outcome.stage) == ("refused", "sign-in")
        assert "in clear" in outcome.cause
        assert server.names == ["EHLO"]


@pytest.mark.parametrize(
    "credentials",
    [
        Password("al\0ice", "x"),
        Password("alice", "x\0y"),
        Password("alice", "\ud800"),
        OAuthToken("alice\1", "t"),
        OAuthToken("alice", "t\r\nMAIL"),
    ],
)
def test_what_would_say_something_else_is_not_said(credentials: Credentials) -> None:
    with Scripted(extensions=auth("PLAIN", "OAUTHBEARER")) as server:
        outcome = send(server, credentials=credentials)
        assert (outcome.state, outcome.stage) == ("refused", "sign-in")
        assert server.names == ["EHLO"]


@pytest.mark.parametrize(
    "repeat", [lambda wire: wire, lambda wire: b64decode(wire.split()[-1]).replace(b"\0", b" ")]
)
@pytest.mark.parametrize("end", [Asked.answer, lambda asked, reply: cut(reply + b"\r\n")(asked)])
def test_a_server_that_repeats_the_password(repeat: object, end: object) -> None:
    def talkative(asked: Asked) -> None:
        end(asked, b"535 5.7.8 I do not like " + repeat(asked.wire))

    with Scripted({"AUTH": talkative}, extensions=auth("PLAIN")) as server:
        shown = repr(send(server))
        assert "do not like" in shown
        assert ALICE.password not in shown
        assert PLAIN.decode() not in shown


def test_a_421_that_repeats_the_password() -> None:
    def talkative(asked: Asked) -> None:
        asked.answer(b"421 Bye, " + b64decode(asked.wire.split()[-1]).replace(b"\0", b" "))

    with Scripted({"AUTH": talkative}, extensions=auth("PLAIN")) as server:
        assert ALICE.password not in repr(send(server))


def test_nothing_secret_in_repr() -> None:
    assert "s3cret" not in repr(ALICE)
    assert "ya29" not in repr(TOKEN)
