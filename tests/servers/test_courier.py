from __future__ import annotations

import imaplib

import pytest

RAW = b"From: a@example.org\r\nSubject: hello\r\n\r\nhi\r\n"


def test_deliver_and_read_in_mailboxes_below_inbox(courier):
    user = courier.user()
    user.deliver("INBOX", RAW)
    user.deliver("INBOX.Arkiv.2026", RAW, flags=["\\Seen"])
    with user.imap() as client:
        assert "ESEARCH" not in client.capabilities
        assert client.namespace()[1][0].startswith(b'(("INBOX." ".")) NIL')
        assert b'(\\HasNoChildren) "." "INBOX.Arkiv.2026"' in client.list()[1]
        assert client.select("INBOX") == ("OK", [b"1"])
        assert client.select("INBOX.Arkiv.2026") == ("OK", [b"1"])
        assert b"\\Seen" in client.uid("fetch", "1", "(FLAGS)")[1][0]


def test_login_takes_literals_and_refuses_wrong_passwords(courier):
    user = courier.user(password='a "quoted\\ word')
    with user.imap() as client:
        assert client.noop()[0] == "OK"
    with imaplib.IMAP4(courier.host, courier.port) as client:
        with pytest.raises(imaplib.IMAP4.error, match="Login failed"):
            client.login(user.name, "wrong")
        client.literal = user.password.encode()
        assert client._simple_command("LOGIN", user.name)[0] == "OK"
        client.state = "AUTH"
        assert client.select("INBOX") == ("OK", [b"0"])


def test_kill_connections_of_one_person_only(courier):
    user, other = courier.user(), courier.user()
    with user.imap() as mine, other.imap() as theirs:
        assert courier.kill_connections(user) == 1
        with pytest.raises((imaplib.IMAP4.abort, OSError)):
            mine.noop()
        assert theirs.noop()[0] == "OK"
