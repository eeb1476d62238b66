"""The real submission servers do for a test what they say, spoken to with the standard library."""

from __future__ import annotations

import os
import smtplib
import ssl
import subprocess

import pytest

from tests.servers.dovecot_submission import DovecotSubmission
from tests.servers.post import Post
from tests.servers.postfix import Postfix

LETTER = "Subject: hei {0}\r\n\r\nhei\r\n"
KINDS = ["dovecot_submission", *([] if os.getuid() else ["postfix"])]


@pytest.fixture(params=KINDS)
def server(request: pytest.FixtureRequest) -> Postfix | DovecotSubmission:
    return request.getfixturevalue(request.param)


def sign_in(server, user):
    client = smtplib.SMTP(server.host, server.port, timeout=20)
    client.login(user.name, user.password)
    return client


def test_mail_arrives_in_the_mailbox(server, post: Post, dovecot, mail_user):
    other = dovecot.user()
    with sign_in(server, mail_user) as client:
        client.sendmail(post.address(mail_user), post.address(other), LETTER.format(other.name))
    posted = post.wait_for(lambda posted: post.address(other) in posted.recipients)
    assert posted.sender == post.address(mail_user)
    with other.imap() as client:
        assert client.select("INBOX") == ("OK", [b"1"])
        _, parts = client.fetch("1", "(BODY[])")
        assert f"Subject: hei {other.name}".encode() in parts[0][1]
        assert b"Return-Path: <" in parts[0][1]


def test_both_kinds_of_tls_verify(server, mail_user):
    context = ssl.create_default_context(cafile=str(server.ca_file))
    with smtplib.SMTP_SSL("localhost", server.tls_port, context=context) as client:
        assert client.login(mail_user.name, mail_user.password)[0] == 235
    with smtplib.SMTP("localhost", server.port) as client:
        client.starttls(context=context)
        assert client.login(mail_user.name, mail_user.password)[0] == 235


def test_only_people_with_their_password_send(server, post, mail_user):
    with smtplib.SMTP(server.host, server.port) as client:
        with pytest.raises(smtplib.SMTPAuthenticationError):
            client.login(mail_user.name, "wrong")
        with pytest.raises((smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused)):
            client.sendmail(post.address(mail_user), "x@example.org", LETTER)


def test_rules_for_senders_and_recipients(server, post, mail_user):
    me, nobody, grey = post.address(mail_user), f"nobody-{mail_user.name}@example.org", "grey@example.org"
    post.refuse(nobody, "550 5.1.1 No such person")
    post.refuse(grey, "450 4.7.1 Greylisted")
    with sign_in(server, mail_user) as client:
        refused = client.sendmail(me, [me, nobody, grey], LETTER)
        assert {address: code for address, (code, _) in refused.items()} == {nobody: 550, grey: 450}
        post.refuse(me, "553 5.7.1 Not yours")
        with pytest.raises((smtplib.SMTPSenderRefused, smtplib.SMTPRecipientsRefused)):
            client.sendmail(me, ["x@example.org"], LETTER)
        post.accept(me)
        assert client.sendmail(me, ["x@example.org"], LETTER) == {}


@pytest.mark.parametrize("kind", KINDS)
def test_a_limit_of_size(kind, request, post):
    if kind == "postfix":
        small = request.getfixturevalue("postfix_with")(message_size_limit=2000)
    else:
        small = DovecotSubmission(post, message_size_limit=2000)
        request.addfinalizer(small.close)
        small.start()
    with smtplib.SMTP(small.host, small.port) as client:
        client.ehlo()
        assert client.esmtp_features["size"] == "2000"


@pytest.mark.parametrize("kind", [Postfix, DovecotSubmission][os.getuid() > 0 :])
def test_nothing_is_left_running(kind, post):
    server = kind(post)
    with server:
        pass
    marks = [str(getattr(server, "directory", server.ca_file.parent)).encode()]
    processes = subprocess.run(["ps", "-eo", "args"], capture_output=True, check=True).stdout
    assert not any(mark in processes for mark in marks)
    assert not server.ca_file.exists()
