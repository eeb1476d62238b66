"""Both servers, through the sockets, with the standard library's clients."""

import imaplib
import re
import smtplib
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from webmail.demo.letter import Letter
from webmail.demo.people import ACCOUNTS, KARI, OLA
from webmail.demo.server import MailServer

imaplib._MAXLINE = 50_000_000  # type: ignore[attr-defined]
ITEMS = "(UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE)"
SECTIONS = (
    "1",
    "1.2",
    "2",
    "2.1",
    "2.MIME",
    "2.HEADER",
    "TEXT",
    "HEADER",
    "HEADER.FIELDS (REFERENCES LIST-ID)",
)


@contextmanager
def imap(server: MailServer, number: int = 0) -> Iterator[imaplib.IMAP4]:
    with imaplib.IMAP4("127.0.0.1", server.imap_port, timeout=20) as client:
        client.login(server.accounts[number].address, server.accounts[number].password)
        yield client


@contextmanager
def smtp(server: MailServer, number: int = 0) -> Iterator[smtplib.SMTP]:
    with smtplib.SMTP("127.0.0.1", server.smtp_port, timeout=20) as client:
        client.login(server.accounts[number].address, server.accounts[number].password)
        yield client


def folders(client: imaplib.IMAP4) -> list[str]:
    lines = [line.decode() for line in client.list()[1] if isinstance(line, bytes)]
    return [line.split(' "/" ')[1] for line in lines if "\\Noselect" not in line]


@pytest.mark.parametrize("number", [0, 1])
def test_every_message_of_every_folder_can_be_fetched(server: MailServer, number: int) -> None:
    seen = 0
    with imap(server, number) as client:
        names = folders(client)
        assert {"INBOX", "Drafts", "Sent", "Archive", "Junk", "Trash", "Korpset"} <= set(names)
        for name in names:
            count = int(client.select(name, readonly=True)[1][0] or b"0")
            for items in (ITEMS, *(f"(BODY.PEEK[{section}]<0.100>)" for section in SECTIONS)):
                status, data = client.uid("FETCH", "1:*", items)
                assert status == "OK"
                answers = [line if isinstance(line, bytes) else line[0] for line in data]
                assert sum(bool(re.match(rb"\d+ \(", line)) for line in answers) == count
            seen += count
    assert seen > 400


def test_part_comes_whole(server: MailServer) -> None:
    with imap(server) as client:
        client.select("INBOX", readonly=True)
        newest = client.uid("SEARCH", "SUBJECT", "ferjek")[1][0].split()[-1].decode()
        _, data = client.uid("FETCH", newest, "(BODY.PEEK[2.2])")
        assert isinstance(data[0], tuple)
        assert data[0][1].startswith(b"iVBORw0KGgo")
        assert len(data[0][1]) % 78 != 0


def test_wrong_password(fresh: MailServer) -> None:
    with (
        imaplib.IMAP4("127.0.0.1", fresh.imap_port) as client,
        pytest.raises(imaplib.IMAP4.error, match="AUTH"),
    ):
        client.login(KARI.address, "feil")
    with smtplib.SMTP("127.0.0.1", fresh.smtp_port) as sender, pytest.raises(smtplib.SMTPAuthenticationError):
        sender.login(KARI.address, "feil")


def test_keywords_stay_through_copy_and_move(fresh: MailServer) -> None:
    with imap(fresh) as client:
        client.append("INBOX", "(\\Flagged viktig)", "", b"Subject: a\r\n\r\nb")
        client.create("Arkiv")
        client.select("INBOX")
        assert client.uid("COPY", "101", "Arkiv")[0] == "OK"
        assert client.uid("MOVE", "101", "Arkiv")[0] == "OK"
        assert client.select("INBOX")[1] == [b"0"]
        client.select("Arkiv")
        flags = b"".join(client.uid("FETCH", "1:*", "(FLAGS)")[1])
        assert flags.count(b"viktig") == flags.count(b"\\Flagged") == 2


def test_renaming_keeps_mail_and_subscription(fresh: MailServer) -> None:
    with imap(fresh) as client:
        client.create("Ein/To")
        client.append("Ein/To", "", "", b"Subject: a\r\n\r\nb")
        client.rename("Ein", "Tre")
        assert client.select("Tre/To")[1] == [b"1"]
        assert b"Tre/To" in b"".join(client.lsub()[1])
        client.append("INBOX", "", "", b"Subject: a\r\n\r\nb")
        client.rename("INBOX", "Gammalt")
        assert client.select("Gammalt")[1] == [b"1"]
        client.append("INBOX", "(nytt)", "", b"Subject: a\r\n\r\nb")
        client.select("INBOX")
        assert b"nytt" in b"".join(client.uid("FETCH", "1:*", "(FLAGS)")[1])


def test_search_reads_what_people_read(fresh: MailServer) -> None:
    letter = b"Subject: =?utf-8?q?B=C3=A5t?=\r\nContent-Type: text/plain; charset=iso-8859-1\r\n"
    letter += b"Content-Transfer-Encoding: quoted-printable\r\n\r\nbl=E5b=E6r\r\n"
    with imap(fresh) as client:
        client.append("INBOX", "", "", letter)
        client.select("INBOX")
        for key, word in (("SUBJECT", "båt"), ("TEXT", "BLÅBÆR"), ("BODY", "blåbær")):
            client.literal = word.encode()
            assert client.uid("SEARCH", "CHARSET", "UTF-8", key)[1] == [b"101"]


def test_mail_to_the_other_is_told_at_once(fresh: MailServer) -> None:
    with imap(fresh, 1) as client, smtp(fresh) as sender:
        client.select("INBOX")
        client.send(b"x1 IDLE\r\n")
        assert client.readline().startswith(b"+")
        sender.sendmail(KARI.address, [OLA.address, KARI.address], b"Subject: hei\r\n\r\nhallo\r\n")
        assert client.readline() == b"* 1 EXISTS\r\n"
        client.send(b"DONE\r\n")
        while not client.readline().startswith(b"x1"):
            pass
    for number in (0, 1):
        with imap(fresh, number) as client:
            assert client.select("INBOX")[1] == [b"1"]
            _, data = client.uid("FETCH", "1:*", "(BODY[])")
            assert isinstance(data[0], tuple)
            assert data[0][1].startswith(b"Return-Path: <kari@fjord.example>\r\nReceived: ")
            assert data[0][1].endswith(b"hallo\r\n")


def test_refusals_say_why(fresh: MailServer) -> None:
    with smtp(fresh) as sender:
        outside = ["ingen@fjord.example", "nokon@verda.example"]
        refused = sender.sendmail(KARI.address, [*outside, OLA.address], b"Subject: x\r\n\r\ny")
        assert {address: code for address, (code, _) in refused.items()} == dict.fromkeys(outside, 550)
        assert b"nobody here" in refused["ingen@fjord.example"][1]
        assert b"sends nothing into the world" in refused["nokon@verda.example"][1]
        with pytest.raises(smtplib.SMTPSenderRefused, match="can't send as"):
            sender.sendmail(OLA.address, [KARI.address], b"x")
    with smtplib.SMTP("127.0.0.1", fresh.smtp_port) as stranger, pytest.raises(smtplib.SMTPSenderRefused):
        stranger.sendmail(KARI.address, [OLA.address], b"x")


def test_given_mail_only() -> None:
    from datetime import UTC, datetime

    letter = Letter(
        "Mappe/Under", b"Subject: x\r\n\r\n", datetime(2026, 1, 2, tzinfo=UTC), frozenset({"ord"})
    )
    with MailServer(mail={KARI.address: [letter]}) as server, imap(server) as client:
        assert client.select("Mappe/Under")[1] == [b"1"]
        assert b"02-Jan-2026" in b"".join(client.uid("FETCH", "1:*", "(INTERNALDATE FLAGS)")[1])


def test_a_taken_port_is_said() -> None:
    with (
        MailServer(mail={}) as server,
        pytest.raises(OSError, match="in use"),
        MailServer(mail={}, imap_port=server.imap_port),
    ):
        pass


def test_no_thread_is_left() -> None:
    before = set(threading.enumerate())
    with MailServer(mail={}) as server, imap(server):
        pass
    assert set(threading.enumerate()) <= before
    assert len(ACCOUNTS) == 2
