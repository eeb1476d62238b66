"""A private PostgreSQL from Debian's package: `with Postgres() as server: Program(env={"DATABASE_URL": server.url()})`.

The machine's own binaries where it has some, else those that `make packages` unpacked. Nothing is synced to disk.
"""

from __future__ import annotations

import atexit
import itertools
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Self

import psycopg

from tests.servers import unpacked
from tests.servers.ports import LOOPBACK, free_ports
from tests.servers.process import leashed

ROOT = unpacked.CACHE / "postgres"
START_SECONDS = 30
# It refuses to be run by root.
NOBODY = 65534


class PostgresError(Exception):
    """PostgreSQL is not there or did not start; the message says why."""


class Postgres:
    """One PostgreSQL with its own directory and port, which stays the same over `stop` and `start`; ended with this
    process. Everybody on this machine may sign in as `ekorn`, who owns everything."""

    host = LOOPBACK

    def __init__(self, *, max_connections: int = 200) -> None:
        self.max_connections = max_connections
        self.directory = Path(tempfile.mkdtemp(prefix="ekorn-postgres-"))
        self.port = 0
        self._numbers = itertools.count(1)
        self._process: subprocess.Popen[bytes] | None = None
        self._binaries, libraries = self._found()
        self._environment = {**unpacked.environment(libraries), "LC_ALL": "C.UTF-8"}
        atexit.register(self.close)
        if os.getuid() == 0:
            os.chown(self.directory, NOBODY, NOBODY)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def url(self, name: str | None = None) -> str:
        """A database as DATABASE_URL wants it: a new, empty one where none is named."""
        if name is None:
            name = f"ekorn{next(self._numbers)}"
            self.execute(f'CREATE DATABASE "{name}"')
        return f"postgres://ekorn@{self.host}:{self.port}/{name}"

    def execute(self, statement: str, name: str = "postgres") -> list[tuple[object, ...]]:
        """One statement, outside any transaction, and the rows that it gives."""
        with psycopg.connect(self.url(name), autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def log(self) -> str:
        path = self.directory / "log"
        return path.read_text(errors="replace") if path.exists() else ""

    def start(self) -> None:
        """Make its files where there are none, start it, and wait until it takes connections."""
        data = self.directory / "data"
        if not data.exists():
            command = [f"{self._binaries}/initdb", "--pgdata", str(data), "--username", "ekorn", "--no-sync"]
            command += ["--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-instructions"]
            made = subprocess.run(
                self._as_nobody(command),
                env=self._environment,
                cwd="/",
                capture_output=True,
                text=True,
                check=False,
            )
            if made.returncode:
                raise PostgresError(f"initdb: {(made.stderr or made.stdout)[-2000:]}")
        for _ in range(5):
            self.port = self.port or free_ports(1)[0]
            if self._started(data):
                return
            if "Address already in use" not in self.log():
                break
            self.port = 0
            (self.directory / "log").unlink()
        raise PostgresError(f"PostgreSQL did not start: {self.log()[-2000:]}")

    def stop(self) -> None:
        """End it, and whatever goes on in it; what was committed stays."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """As a power cut would, but that its children end as well; `start` recovers what was committed."""
        self._end(signal.SIGQUIT)

    def close(self) -> None:
        """End it and remove its directory."""
        atexit.unregister(self.close)
        self._end(signal.SIGQUIT)
        shutil.rmtree(self.directory, ignore_errors=True)

    def _end(self, number: signal.Signals) -> None:
        if self._process is None:
            return
        self._process.send_signal(number)
        try:
            self._process.wait(START_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def _started(self, data: Path) -> bool:
        settings = {
            "port": self.port,
            "listen_addresses": self.host,
            "unix_socket_directories": self.directory,
            "max_connections": self.max_connections,
            "fsync": "off",
            "full_page_writes": "off",
            "jit": "off",
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        command = [f"{self._binaries}/postgres", "-D", str(data)]
        command += [f"--{name}={value}" for name, value in settings.items()]
        with (self.directory / "log").open("ab") as log:
            self._process = subprocess.Popen(
                self._as_nobody(command),
                env=self._environment,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        end = time.monotonic() + START_SECONDS
        while self._process.poll() is None and time.monotonic() < end:
            try:
                self.execute("SELECT 1")
            except psycopg.OperationalError:
                time.sleep(0.02)
            else:
                return True
        self._end(signal.SIGQUIT)
        return False

    def _as_nobody(self, command: list[str]) -> list[str]:
        return leashed(command, number=signal.SIGINT, user=NOBODY if os.getuid() == 0 else None)

    def _found(self) -> tuple[Path, Path]:
        """The newest version's programs, and below what its libraries are, where `nobody` may run them."""
        found = [
            path.parent for root in (Path("/"), ROOT) for path in root.glob("usr/lib/postgresql/*/bin/initdb")
        ]
        if not found:
            raise PostgresError("PostgreSQL is not unpacked: `make packages` does it")
        newest = max(found, key=lambda path: int(re.findall(r"postgresql/(\d+)", str(path))[0]))
        if os.getuid() or all(parent.stat().st_mode & 0o001 for parent in newest.parents):
            return newest, ROOT
        for part in ("usr", "lib"):
            if (ROOT / part).exists():
                shutil.copytree(ROOT / part, self.directory / part, symlinks=True)
        return self.directory / newest.relative_to(ROOT), self.directory
