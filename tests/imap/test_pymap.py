"""The same journey on servers that know less: pymap as it comes, the demo's, and Courier."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.servers.courier import Courier, CourierMissingError
from tests.servers.ports import free_ports
from tests.servers.process import leashed
from webmail.demo.server import MailServer
from webmail.imap import commands, operations
from webmail.imap.commands import BODYSTRUCTURE, ENVELOPE, FLAGS, INTERNAL_DATE, PREVIEW, SIZE, body, criteria
from webmail.imap.connection import Connection
from webmail.imap.errors import AuthenticationError, MissingError, NoError
from webmail.imap.server import Password, Server

MESSAGE = b"From: a@example.org\r\nSubject: =?utf-8?q?bl=C3=A5b=C3=A6r?=\r\n\r\nbl\xc3\xa5b\xc3\xa6r og br\xc3\xb8d\r\n"


@dataclass
class Place:
    url: str
    credentials: Password
    prefix: str = ""

    def sign_in(self) -> Connection:
        connection = Connection.open(Server.parse(self.url))
        connection.login(self.credentials)
        return connection


@contextmanager
def pymap() -> Iterator[Place]:
    (port,) = free_ports(1)
    program = Path(sys.executable).with_name("pymap")
    command = [
        str(program),
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--no-tls",
        "--no-service",
        "managesieve",
    ]
    process = subprocess.Popen(
        leashed([*command, "dict"]),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        end = time.monotonic() + 20
        while process.poll() is None and time.monotonic() < end:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.02)
        yield Place(f"imap://127.0.0.1:{port}", Password("demouser", "demopass"))
    finally:
        process.terminate()
        process.wait()


@contextmanager
def demo() -> Iterator[Place]:
    with MailServer(mail={}) as server:
        account = server.accounts[0]
        yield Place(server.imap_url, Password(account.address, account.password))


@contextmanager
def courier() -> Iterator[Place]:
    try:
        server = Courier()
    except CourierMissingError as error:
        pytest.skip(str(error))
    with server:
        user = server.user()
        yield Place(server.url, Password(user.name, user.password), prefix="INBOX.")


@pytest.fixture(scope="module", params=[pymap, demo, courier], ids=lambda start: start.__name__)
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    with request.param() as running:
        yield running


def test_a_wrong_password(place: Place) -> None:
    connection = Connection.open(Server.parse(place.url))
    with pytest.raises(AuthenticationError):
        connection.login(Password(place.credentials.user, "wrong"))


def test_a_whole_journey(place: Place) -> None:
    connection = place.sign_in()
    assert operations.namespace(connection).personal[0][0].rstrip(".") == place.prefix.rstrip(".")
    there, away = f"{place.prefix}Blåbær & brød", f"{place.prefix}Borte"
    connection.run(commands.create(there), commands.create(away))
    listed = {one.name: one for one in operations.list_with_status(connection)}
    assert {"INBOX", there, away} <= set(listed)
    opened, *_ = connection.run(commands.select(listed[there].wire))
    assert opened.name == there
    for _ in range(4):
        connection.run(commands.append(there, MESSAGE, flags=["\\Flagged"]))
    optional = [("PREVIEW", PREVIEW)]
    connection.run(commands.noop())
    found = operations.fetch(
        connection, "1:*", [FLAGS, ENVELOPE, BODYSTRUCTURE, SIZE, INTERNAL_DATE], optional=optional
    )
    assert len(found) == 4
    uids = [one.uid for one in found if one.uid]
    assert all(one.flags and "\\Flagged" in one.flags for one in found)
    assert all(one.size == len(MESSAGE) and one.internal_date and not one.broken for one in found)
    assert found[0].envelope is not None
    assert found[0].envelope.subject in (b"=?utf-8?q?bl=C3=A5b=C3=A6r?=", "blåbær".encode())
    ((one,),) = connection.run(commands.fetch(uids[0], [body("1"), body("HEADER"), body("", partial=(0, 4))]))
    assert one.sections["1"] == MESSAGE.partition(b"\r\n\r\n")[2]
    assert one.sections[""] == b"From"
    with connection.stream(uid=uids[1], section="") as stream:
        assert b"".join(stream) == MESSAGE
    with pytest.raises(MissingError):
        connection.stream(uid=uids[-1] + 100, section="")
    assert operations.search(connection, criteria.text("BODY", "brød")).numbers == tuple(uids)
    assert operations.search(connection, criteria.FLAGGED & ~criteria.uids(uids[:2])).numbers == tuple(
        uids[2:]
    )
    page = operations.sort_page(connection, ["REVERSE ARRIVAL"], criteria.ALL, first=1, last=2)
    assert page is None or (page.total, len(page.uids)) == (4, 2)
    connection.run(
        commands.store(uids[:1], "add", ["\\Seen"]), commands.store(uids[:1], "remove", ["\\Flagged"])
    )
    ((one,),) = connection.run(commands.fetch(uids[0], [FLAGS]))
    assert one.flags is not None
    assert one.flags - {"\\Recent"} == {"\\Seen"}
    assert operations.move(connection, uids[:2], away).expunged
    operations.copy(connection, uids[2:3], away)
    assert operations.delete_for_ever(connection, uids[3:])
    assert operations.search(connection, criteria.ALL).numbers == (uids[2],)
    counts, _ = connection.run(commands.status(away), commands.noop())
    assert counts.messages == 3
    with pytest.raises(NoError):
        connection.run(commands.select(f"{place.prefix}ingensteds"))
    assert connection.selected is None
    connection.run(commands.rename(away, f"{place.prefix}Hjemme"))
    connection.run(commands.delete(f"{place.prefix}Hjemme"), commands.delete(there))
    connection.logout()


def test_what_others_do_is_heard(place: Place) -> None:
    one, other = place.sign_in(), place.sign_in()
    one.run(commands.select("INBOX"))
    before = one.selected.exists if one.selected else 0
    other.run(commands.append("INBOX", MESSAGE))
    one.run(commands.noop())
    assert one.take_changes().exists
    assert one.selected is not None
    assert one.selected.exists == before + 1
    one.logout()
    other.logout()
