from __future__ import annotations

import imaplib
import socket
import time

import pytest

from tests.servers.tap import Tap

RAW = b"From: a@example.org\r\nSubject: hello\r\n\r\n" + b"text\r\n" * 20_000


def sign_in(tap, user):
    client = imaplib.IMAP4(tap.host, tap.port)
    client.login(user.name, user.password)
    return client


def test_counts_connections_round_trips_and_commands_without_the_password(tap, mail_user):
    client = sign_in(tap, mail_user)
    client.append("INBOX", None, None, RAW)
    tap.settle()
    whole = tap.since(0)
    assert whole.connections == 1
    assert whole.commands[-2:] == (f"LOGIN {mail_user.name} ***", f"APPEND INBOX <{len(RAW)}>")
    assert mail_user.password not in str(whole)
    assert whole.round_trips == len(whole.commands) + 1
    assert whole.up > len(RAW)

    mark = tap.mark()
    client.select("INBOX")
    client.fetch("1", "(BODY[])")
    tap.settle()
    assert tap.since(mark).commands == ("SELECT INBOX", "FETCH 1 (BODY[])")
    assert tap.since(mark).down > len(RAW)
    client.logout()


def test_commands_in_one_write_are_one_round_trip(tap, mail_user):
    client = sign_in(tap, mail_user)
    tap.settle()
    mark = tap.mark()
    client.send(b'x1 SELECT INBOX\r\nx2 NOOP\r\nx3 STATUS "Sent" (MESSAGES)\r\n')
    tap.settle()
    assert (tap.since(mark).round_trips, len(tap.since(mark).commands)) == (1, 3)


def test_settle_does_not_wait_for_idle(tap, mail_user):
    client = sign_in(tap, mail_user)
    client.select("INBOX")
    client.send(b"x1 IDLE\r\n")
    tap.settle()
    client.send(b"DONE\r\n")
    tap.settle()
    assert tap.since(0).commands[-2:] == ("IDLE", "DONE")


def test_delay_is_added_to_each_direction(tap, mail_user):
    client = sign_in(tap, mail_user)
    tap.delay = 0.05
    start = time.monotonic()
    client.noop()
    assert time.monotonic() - start >= 0.1


def test_cut_after_so_many_octets_falls_within_a_literal(tap, mail_user):
    mail_user.deliver("INBOX", RAW)
    client = sign_in(tap, mail_user)
    client.select("INBOX")
    tap.settle()
    tap.cut_after(1000)
    client.send(b"x1 FETCH 1 BODY[]\r\n")
    received, error = everything(client.sock)
    assert isinstance(error, ConnectionResetError)
    assert 0 < len(received) <= 1000


def test_cut_resets_every_connection(tap, mail_user):
    client = sign_in(tap, mail_user)
    tap.cut()
    with pytest.raises((imaplib.IMAP4.abort, OSError)):
        client.noop()


def test_server_that_is_not_there_ends_the_connection(dovecot):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        with Tap(nobody.getsockname()[1]) as tap, socket.create_connection((tap.host, tap.port)) as client:
            assert everything(client)[0] == b""


def everything(connection):
    """What comes until the end, and the error that it ended with."""
    received = b""
    try:
        while data := connection.recv(65536):
            received += data
    except OSError as error:
        return received, error
    return received, None
