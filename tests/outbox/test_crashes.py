"""Real workers in processes of their own, killed outright at every step: one mail, in Sent once, told truthfully."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.outbox.conftest import SECRET, mails
from tests.outbox.staller import Staller
from tests.servers.databases import drop_database, new_database, rows
from tests.servers.dovecot import Dovecot, MailUser
from tests.servers.process import leashed
from tests.servers.program import Program
from tests.smtp.scripted import Asked, Scripted
from webmail.mailbox.writing import Composition, Origin

PROJECT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0


def until(what: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.02)


class Machine:
    """A database and files, with as many workers as wanted."""

    def __init__(self, place: Path, database: str, *, imap_url: str, smtp_url: str) -> None:
        self.place = place
        self.database = database
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "webmail.settings",
            "VAR_DIR": str(place),
            "DATABASE_URL": database,
            "SECRET_KEY": "tests only " * 6,
            "IMAP_URL": imap_url,
            "SMTP_URL": smtp_url,
            "SENDER_POLICY": "any",
            "MAIL_DOMAIN": "fjord.example",
            "OUTBOX_LEASE_SECONDS": "2",
            "OUTBOX_WORKER": "separate",
            "SMTP_TIMEOUT": "60",
            "LOG_LEVEL": "DEBUG",
        }
        self.workers: list[subprocess.Popen[bytes]] = []

    def run(self, *command: str, **options: Any) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, *command],
            cwd=PROJECT,
            env=self.environment,
            text=True,
            capture_output=True,
            check=False,
            **options,
        )
        assert done.returncode == 0, done.stderr
        return done

    def start_sending(self, user: MailUser, composition: Composition, **how: Any) -> subprocess.Popen[str]:
        asked = {
            "user": user.name,
            "password": user.password,
            "composition": composition.to_json(),
            "seconds": 0.1,
            "draft": False,
        }
        process = subprocess.Popen(
            leashed([sys.executable, "-m", "tests.outbox.hand_in"]),
            cwd=PROJECT,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdin
        process.stdin.write(json.dumps(asked | how))
        process.stdin.close()
        return process

    def send(self, user: MailUser, composition: Composition, **how: Any) -> str:
        process = self.start_sending(user, composition, **how)
        assert process.stdout
        said = process.stdout.read().strip()
        assert process.wait() == 0
        return said

    def start_worker(self) -> subprocess.Popen[bytes]:
        with (self.place / "log").open("ab") as log:
            command = leashed([sys.executable, "manage.py", "outbox"])
            worker = subprocess.Popen(command, cwd=PROJECT, env=self.environment, stdout=log, stderr=log)
        self.workers.append(worker)
        return worker

    def column(self, name: str) -> list[Any]:
        return [value for (value,) in rows(self.database, f"SELECT {name} FROM outbox_outgoing")]

    def until_state(self, *states: str) -> None:
        until(lambda: self.column("state") != [] and set(self.column("state")) <= set(states))

    def close(self) -> None:
        for worker in self.workers:
            if worker.poll() is None:
                worker.kill()
            worker.wait()


def kill(worker: subprocess.Popen[bytes]) -> None:
    worker.send_signal(signal.SIGKILL)
    worker.wait()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a database with our tables and nobody in it."""
    place = tmp_path_factory.mktemp("migrated")
    database = new_database(place)
    Machine(place, database, imap_url="", smtp_url="").run("manage.py", "migrate", "--verbosity", "0")
    yield database
    drop_database(database)


@pytest.fixture
def smtp() -> Iterator[Scripted]:
    with Scripted() as server:
        yield server


@pytest.fixture
def imap(dovecot: Dovecot) -> Iterator[Staller]:
    with Staller(dovecot.port) as proxy:
        yield proxy


@pytest.fixture
def machine(migrated: str, tmp_path: Path, smtp: Scripted, imap: Staller) -> Iterator[Machine]:
    database = new_database(tmp_path, like=migrated)
    machine = Machine(tmp_path, database, imap_url=imap.url, smtp_url=smtp.url)
    yield machine
    machine.close()
    drop_database(database)


def answer(user: MailUser, number: int = 1) -> Composition:
    """To the one message in the inbox."""
    user.deliver("INBOX", b"Subject: a question\r\n\r\n?\r\n")
    with user.imap() as client:
        client.select("INBOX")
        validity = int(client.response("UIDVALIDITY")[1][0])
    return Composition(
        f"{number}.{user.name}@fjord.example",
        to="ola@fjord.example",
        subject=SECRET,
        text=SECRET,
        origins=(Origin("reply", "INBOX", validity, 1),),
    )


def count(user: MailUser, folder: str) -> int:
    with user.imap() as client:
        status, (found,) = client.select(folder, readonly=True)
        return int(found) if status == "OK" else 0


def assert_sent_once(machine: Machine, smtp: Scripted, user: MailUser) -> None:
    assert len(mails(smtp)) == 1
    assert count(user, "Sent") == 1
    assert count(user, "Drafts") == 0
    with user.imap() as client:
        client.select("INBOX", readonly=True)
        assert b"\\Answered" in client.fetch("1", "(FLAGS)")[1][0]
    assert machine.column("letter || credentials || file") == [""]
    assert_nothing_is_left(machine, user)


def assert_nothing_is_left(machine: Machine, user: MailUser) -> None:
    for path in machine.place.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert SECRET.encode() not in content, path
            assert user.password.encode() not in content, path
    assert not [path for path in (machine.place / "outbox").glob("*") if path.is_file()]


class TestKilled:
    @pytest.mark.parametrize("step", ["greeting", "AUTH", "MAIL", "RCPT", "DATA"])
    def test_before_the_content(self, machine, smtp, mail_user, step):
        """Nobody has the message yet: it is sent by the next worker."""
        reached = threading.Event()
        good = smtp.table[step]

        def stall(asked: Asked) -> None:
            reached.set()
            asked.conversation.receive()

        composition = answer(mail_user)
        assert machine.send(mail_user, composition, draft=True) == "scheduled"
        smtp.table[step] = stall
        worker = machine.start_worker()
        assert reached.wait(PATIENCE)
        assert machine.column("state") == ["submitting"]
        kill(worker)
        smtp.table[step] = good
        machine.start_worker()
        machine.until_state("done")
        assert_sent_once(machine, smtp, mail_user)

    def test_after_the_content(self, machine, smtp, mail_user):
        """The server may have it: unknown, in Drafts, and never sent again."""
        reached = threading.Event()

        def stall(asked: Asked) -> None:
            reached.set()
            asked.conversation.receive()

        smtp.table["."] = stall
        composition = answer(mail_user)
        machine.send(mail_user, composition, draft=True)
        worker = machine.start_worker()
        assert reached.wait(PATIENCE)
        assert machine.column("state") == ["handed_over"]
        kill(worker)
        smtp.table["."] = b"250 OK"
        machine.start_worker()
        machine.until_state("unknown")
        until(lambda: machine.column("letter") == [""])
        assert count(mail_user, "Drafts") == 1
        assert count(mail_user, "Sent") == 0
        assert len(mails(smtp)) == 1
        assert machine.send(mail_user, composition) == "unknown"
        assert_nothing_is_left(machine, mail_user)

    @pytest.mark.parametrize("step", [b"APPEND", b"STORE", b"EXPUNGE"])
    def test_while_it_is_filed(self, machine, smtp, imap, mail_user, step):
        """The mail server has done the step, and the worker died before it heard of it."""
        machine.send(mail_user, answer(mail_user), draft=True)
        imap.stall_at = step
        worker = machine.start_worker()
        assert imap.stalled.wait(PATIENCE)
        assert machine.column("state")[0] in ("accepted", "filed")
        kill(worker)
        imap.stall_at = None
        machine.start_worker()
        machine.until_state("done")
        assert_sent_once(machine, smtp, mail_user)


class TestTogether:
    def test_two_processes_press_send_at_once(self, machine, smtp, mail_user):
        composition = answer(mail_user)
        together = [machine.start_sending(mail_user, composition, seconds=None) for _ in range(3)]
        said = [process.stdout.read().strip() for process in together]
        assert [process.wait() for process in together] == [0, 0, 0]
        assert set(said) <= {"sent", "going"}
        machine.until_state("done")
        assert_sent_once(machine, smtp, mail_user)

    def test_several_workers_share(self, machine, smtp, dovecot):
        users = [dovecot.user() for _ in range(3)]
        for user in users:
            machine.send(user, answer(user))
        for _ in range(3):
            machine.start_worker()
        machine.until_state("done")
        assert len(mails(smtp)) == 3
        assert [count(user, "Sent") for user in users] == [1, 1, 1]

    def test_a_slow_server_is_waited_for_by_one_of_them(self, machine, smtp, mail_user):
        """Far longer than a lease, which is kept alive meanwhile."""
        reached, go_on = threading.Event(), threading.Event()

        def slow(asked: Asked) -> None:
            reached.set()
            go_on.wait(PATIENCE)
            asked.answer(b"250 2.0.0 Taken")

        smtp.table["."] = slow
        machine.send(mail_user, answer(mail_user))
        machine.start_worker()
        machine.start_worker()
        assert reached.wait(PATIENCE)
        seen = {machine.column("lease_until")[0]}
        until(lambda: len(seen.add(machine.column("lease_until")[0]) or seen) > 5)
        assert machine.column("state") == ["handed_over"]
        go_on.set()
        machine.until_state("done")
        assert_sent_once(machine, smtp, mail_user)

    def test_asked_to_end_it_finishes_what_it_began(self, machine, smtp, mail_user):
        reached, go_on = threading.Event(), threading.Event()

        def slow(asked: Asked) -> None:
            reached.set()
            go_on.wait(PATIENCE)
            asked.answer(b"250 2.0.0 Taken")

        smtp.table["."] = slow
        machine.send(mail_user, answer(mail_user))
        worker = machine.start_worker()
        assert reached.wait(PATIENCE)
        worker.terminate()
        go_on.set()
        assert worker.wait(PATIENCE) == 0
        assert machine.column("state") == ["done"]
        assert_sent_once(machine, smtp, mail_user)

    def test_once(self, machine, smtp, mail_user):
        machine.send(mail_user, answer(mail_user), seconds=0.001)
        machine.run("manage.py", "outbox", "--once")
        assert machine.column("state") == ["done"]
        assert len(mails(smtp)) == 1


class TestInside:
    """The program that serves the pages, as a worker."""

    def test_it_takes_up_what_is_due_and_ends_in_order(self, dovecot, smtp, mail_user):
        reached, go_on = threading.Event(), threading.Event()

        def slow(asked: Asked) -> None:
            reached.set()
            go_on.wait(PATIENCE)
            asked.answer(b"250 2.0.0 Taken")

        smtp.table["."] = slow
        settings = {"SENDER_POLICY": "any", "MAIL_DOMAIN": "fjord.example"}
        with Program(imap_url=dovecot.url, smtp_url=smtp.url, env=settings) as program:
            database = program.environment["DATABASE_URL"]
            reader = Machine(program.directory, database, imap_url=dovecot.url, smtp_url=smtp.url)
            reader.environment = program.environment
            reader.send(mail_user, answer(mail_user), seconds=0.5)
            program.stop()
            assert reader.column("state") == ["queued"]
            program.start()
            assert reached.wait(PATIENCE)
            assert reader.column("state") == ["handed_over"]
            program.stop(go_on.set)
            assert reader.column("state") == ["done"]
        assert len(mails(smtp)) == count(mail_user, "Sent") == 1
