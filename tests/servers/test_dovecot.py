from __future__ import annotations

import imaplib

import pytest

RAW = b"From: a@example.org\r\nSubject: hello\r\n\r\nhi\r\n"


def test_deliver_numbers_in_order_and_keeps_flags_and_keywords(mail_user):
    mail_user.deliver("INBOX", RAW)
    mail_user.deliver("INBOX", RAW, flags=["\\Seen"])
    mail_user.deliver("INBOX", RAW, flags=["$Forwarded"])
    with mail_user.imap() as client:
        client.select("INBOX")
        _, rows = client.uid("fetch", "1:*", "(FLAGS)")
    assert [b"\\Seen" in row for row in rows] == [False, True, False]
    assert b"$Forwarded" in rows[2]


def test_names_in_any_script(mail_user):
    mail_user.deliver("Prøsjekt & co/会议", RAW)
    with mail_user.imap() as client:
        _, rows = client.list()
    assert any(b'"Pr&APg-sjekt &- co/&TxqLrg-"' in row for row in rows)


def test_names_of_people_and_passwords_may_be_odd(dovecot):
    assert dovecot.user("Kari Å@example.org", password='å: "x\\ %u {}').accepted()


def test_change_password(mail_user):
    changed = mail_user.change_password("other")
    assert changed.accepted()
    assert not mail_user.accepted()


def test_kill_connections_of_one_person_only(dovecot, mail_user):
    other = dovecot.user()
    with mail_user.imap() as mine, other.imap() as theirs:
        assert dovecot.kill_connections(mail_user) == 1
        with pytest.raises((imaplib.IMAP4.abort, OSError)):
            mine.noop()
        assert theirs.noop()[0] == "OK"


def test_restart_keeps_ports_and_mail(dovecot, mail_user):
    port = dovecot.port
    mail_user.deliver("INBOX", RAW)
    dovecot.restart()
    assert dovecot.port == port
    with mail_user.imap() as client:
        assert client.select("INBOX") == ("OK", [b"1"])


def test_both_kinds_of_tls_verify(dovecot):
    context = dovecot.tls_context()
    with imaplib.IMAP4_SSL("localhost", dovecot.tls_port, ssl_context=context) as client:
        assert client.welcome.startswith(b"* OK")
    with imaplib.IMAP4(dovecot.host, dovecot.port) as client:
        assert client.starttls(context)[0] == "OK"


def test_options(dovecot_with):
    server = dovecot_with(separator=".", prefix="INBOX.", cleartext=False, quota=True)
    user = server.user(quota=64)
    user.deliver("INBOX.Arkiv.2026", RAW)
    with imaplib.IMAP4(server.host, server.port) as client:
        assert "LOGINDISABLED" in client.capabilities
        client.starttls(server.tls_context())
        client.login(user.name, user.password)
        assert any(row.endswith(b'"." INBOX.Arkiv.2026') for row in client.list()[1])
        assert b"(STORAGE 1 64)" in client.getquotaroot("INBOX")[1][1][0]
