"""A private Dovecot on free loopback ports, for root and anybody else: `with Dovecot() as server: ...`."""

from __future__ import annotations

import atexit
import base64
import contextlib
import imaplib
import itertools
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Self

from tests.servers.certificate import Authority
from tests.servers.dovecot_config import Options, Place, config
from tests.servers.maildir import LETTERS, Maildir
from tests.servers.ports import free_ports
from tests.servers.process import children, end_process, leashed

SYSTEM_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
START_SECONDS = 20


class DovecotMissingError(Exception):
    """No Dovecot is installed, or it did not start; the message is one line that says what to do."""


@cache
def _binary(name: str) -> str:
    path = shutil.which(name, path=SYSTEM_PATH)
    if path is None:
        raise DovecotMissingError("Dovecot is not installed: `make test` installs it (Debian: dovecot-imapd)")
    return path


@cache
def dovecot_version() -> tuple[int, int]:
    done = subprocess.run([_binary("dovecot"), "--version"], capture_output=True, text=True, check=True)
    major, minor, *_ = re.findall(r"\d+", done.stdout)
    return int(major), int(minor)


@dataclass(frozen=True, slots=True, eq=False)
class MailUser:
    """One person of one server. Two calls of `Dovecot.user()` never give the same."""

    name: str
    password: str
    server: Dovecot
    maildir: Maildir

    def deliver(
        self,
        mailbox: str,
        raw: bytes,
        *,
        flags: Iterable[str] = (),
        date: datetime | None = None,
    ) -> None:
        """Put one message in. In a mailbox that only this fills, the n-th call's message has UID n."""
        flags = tuple(flags)
        if all(flag.lower() in LETTERS for flag in flags):
            self.maildir.deliver(mailbox, raw, flags=flags, date=date)
            return
        with self.imap() as client:
            stamp = imaplib.Time2Internaldate(date or time.time())
            answer = client.append(_quoted(mailbox), f"({' '.join(flags)})", stamp, raw)
            if answer[0] != "OK":
                raise RuntimeError(f"APPEND refused: {answer[1]!r}")

    def bulk(self, mailbox: str, messages: Iterable[bytes]) -> int:
        """Put many messages in and say how many; the n-th gets UID n in a fresh mailbox."""
        return sum(1 for raw in messages if self.maildir.deliver(mailbox, raw))

    @contextlib.contextmanager
    def imap(self) -> Iterator[imaplib.IMAP4]:
        """Another client of the same person, signed in (imaplib): what a phone would be doing meanwhile."""
        client = imaplib.IMAP4(self.server.host, self.server.port, timeout=START_SECONDS)
        try:
            client.authenticate("PLAIN", lambda _: f"\0{self.name}\0{self.password}".encode())
            yield client
        finally:
            with contextlib.suppress(imaplib.IMAP4.error, OSError):
                client.logout()

    def share(self, mailbox: str, other: MailUser, rights: str) -> str:
        """Open one of one's mailboxes to another person (RFC 4314), who knows it by the name that this returns; the
        server must have been started with `shared=True`."""
        with self.imap() as client:
            answer = client.setacl(_quoted(mailbox), other.name, rights)
            if answer[0] != "OK":
                raise RuntimeError(f"SETACL refused: {answer[1]!r}")
        return f"shared/{self.name}/{mailbox}"

    def change_password(self, password: str | None = None) -> MailUser:
        """The same person with a new password, once the server refuses the old one and takes the new."""
        changed = MailUser(self.name, password or secrets.token_hex(8), self.server, self.maildir)
        self.server.write_user(changed)
        end = time.monotonic() + START_SECONDS
        while self.accepted() or not changed.accepted():
            if time.monotonic() > end:
                raise RuntimeError("Dovecot did not notice the new password")
        return changed

    def accepted(self) -> bool:
        """Whether the server lets this name and password in."""
        try:
            with self.imap():
                return True
        except imaplib.IMAP4.error:
            return False

    def limit_storage(self, kibibytes: int) -> None:
        """Set a quota; the server must have been started with `quota=True`. Counts from the next sign-in."""
        if not self.server.options.quota:
            raise ValueError("start the server with quota=True")
        field = "userdb_quota_storage_size" if dovecot_version() >= (2, 4) else "userdb_quota_rule"
        value = f"{kibibytes}K" if dovecot_version() >= (2, 4) else f"*:storage={kibibytes}K"
        self.server.write_user(self, fields=f"{field}={value}")


class Dovecot:
    """One Dovecot with its own directory, ports and certificate authority, ended with this process."""

    def __init__(self, options: Options | None = None) -> None:
        self.options = options or Options()
        self.host = self.options.host
        self.directory = Path(tempfile.mkdtemp(prefix="ekorn-dovecot-"))
        self.directory.chmod(0o755)
        for part in ("run", "state", "users", "home"):
            (self.directory / part).mkdir(mode=0o755)
        authority = Authority(self.directory)
        self.ca_file = authority.ca_file
        self._keys = authority.issue("localhost", "127.0.0.1", "127.0.0.2")
        self._names = itertools.count(1)
        self._stamps = itertools.count(1_000_000_000)
        self._process: subprocess.Popen[bytes] | None = None
        self.owner = _mail_owner()
        sharing = self.directory / "sharing"
        sharing.mkdir(mode=0o700)
        if self.owner:
            os.chown(sharing, *self.owner)
        self.port = self.tls_port = 0
        self._users: dict[str, MailUser] = {}
        atexit.register(self.close)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def url(self) -> str:
        return f"imap://{self.host}:{self.port}"

    @property
    def starttls_url(self) -> str:
        return f"imap+starttls://{self.host}:{self.port}"

    @property
    def tls_url(self) -> str:
        return f"imaps://{self.host}:{self.tls_port}"

    @property
    def pid(self) -> int:
        """Its first process, of which sessions are children."""
        return self._process.pid if self._process else 0

    @property
    def auth_socket(self) -> Path:
        """Where other servers ask who somebody is (Dovecot's SASL protocol)."""
        return self.directory / "run" / "auth-client"

    def find(self, name: str) -> MailUser | None:
        """The person of this name, however it is spelled in capitals."""
        return self._users.get(name.lower())

    def log(self) -> str:
        path = self.directory / "log"
        return path.read_text(errors="replace") if path.exists() else ""

    def start(self) -> None:
        """Start and wait until it answers. The ports stay the same over `stop` and `start`."""
        for _ in range(5):
            if not self.port:
                self.port, self.tls_port = free_ports(2)
            if self._started():
                return
            if "Address already in use" not in self.log():
                break
            self.port = self.tls_port = 0
            (self.directory / "log").unlink()
        lines = [line for line in self.log().splitlines() if "Error" in line or "Fatal" in line]
        raise DovecotMissingError(f"Dovecot did not start: {lines[-1] if lines else self.log()[-300:]!r}")

    def _started(self) -> bool:
        place = Place(self.directory, self.port, self.tls_port, self._keys)
        conf = self.directory / "dovecot.conf"
        conf.write_text(config(dovecot_version(), place, self.options))
        command = leashed([_binary("dovecot"), "-F", "-c", str(conf)])
        with (self.directory / "log").open("ab") as log:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        end = time.monotonic() + START_SECONDS
        while self._process.poll() is None and time.monotonic() < end:
            if _greets(self.host, self.port):
                return True
            time.sleep(0.02)
        self.stop()
        return False

    def stop(self) -> None:
        """End it and every connection, which get a BYE; what is in the mailboxes stays."""
        if self._process is None:
            return
        sessions = self.processes()
        self._process.terminate()
        try:
            self._process.wait(START_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._process = None
        for pid in sessions:
            end_process(pid, seconds=START_SECONDS)

    def restart(self) -> None:
        self.stop()
        self.start()

    def close(self) -> None:
        """End it and remove its directory."""
        self.stop()
        atexit.unregister(self.close)
        shutil.rmtree(self.directory, ignore_errors=True)

    def user(
        self, name: str | None = None, *, password: str | None = None, quota: int | None = None
    ) -> MailUser:
        """A new person with an empty mailbox. `quota` is in KiB."""
        name = name or f"user{next(self._names)}-{secrets.token_hex(3)}"
        home = self.directory / "home" / name
        home.mkdir(mode=0o700)
        if self.owner:
            os.chown(home, *self.owner)
        maildir = Maildir(home / "Maildir", self.options.separator, self.options.prefix, self.owner)
        user = MailUser(name, password or secrets.token_hex(8), self, maildir)
        self.write_user(user)
        self._users[name.lower()] = user
        if quota is not None:
            user.limit_storage(quota)
        return user

    def write_user(self, user: MailUser, *, fields: str = "") -> None:
        uid, gid = self.owner or (os.getuid(), os.getgid())
        home = user.maildir.path.parent
        password = base64.b64encode(user.password.encode()).decode()
        line = f"{user.name}:{{PLAIN.b64}}{password}:{uid}:{gid}::{home}::{fields}\n"
        path = self.directory / "users" / user.name
        fresh = self.directory / f"fresh-{secrets.token_hex(4)}"
        fresh.write_text(line)
        fresh.chmod(0o644)
        # Dovecot reads the file again when its whole-second time or its size changed.
        stamp = next(self._stamps)
        os.utime(fresh, (stamp, stamp))
        fresh.rename(path)

    def processes(self, user: MailUser | None = None) -> list[int]:
        """The process ids of signed-in sessions, of one person or of everybody."""
        if self._process is None:
            return []
        command = [_binary("doveadm"), "-c", str(self.directory / "dovecot.conf"), "-f", "tab", "who", "-1"]
        end = time.monotonic() + START_SECONDS
        while True:
            done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=START_SECONDS)
            rows = [line.split("\t") for line in done.stdout.splitlines()[1:]]
            # A session is there a moment before Dovecot's register has it, and for a moment after it left.
            there = children(self._process.pid, "imap") | children(self._process.pid, "submission")
            if {int(row[2]) for row in rows} == there or time.monotonic() > end:
                return [int(row[2]) for row in rows if user is None or row[0] == user.name]

    def kill_connections(self, user: MailUser | None = None, *, politely: bool = False) -> int:
        """Cut sessions off and say how many: without a word, or `politely` with BYE."""
        pids = self.processes(user)
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM if politely else signal.SIGKILL)
        return len(pids)

    @contextlib.contextmanager
    def frozen(self) -> Iterator[None]:
        """While this lasts the server takes connections and bytes and answers nothing."""
        if self._process is None:
            raise RuntimeError("the server is not running")
        os.killpg(self._process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(self._process.pid, signal.SIGCONT)

    def tls_context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.ca_file))


def _mail_owner() -> tuple[int, int] | None:
    """Dovecot refuses mail that belongs to root: what root starts keeps it as Debian's user `mail`."""
    if os.getuid():
        return None
    entry = pwd.getpwnam("mail")
    return entry.pw_uid, entry.pw_gid


def _greets(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=START_SECONDS) as client:
            return client.recv(4) == b"* OK"
    except ConnectionError:
        return False


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
