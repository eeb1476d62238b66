"""The real program under gunicorn, as it is run, on a free port with a database of its own."""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Self

from tests.servers.databases import drop_database, new_database
from tests.servers.ports import LOOPBACK, free_ports
from tests.servers.process import leashed

PROJECT = Path(__file__).resolve().parents[2]
START_SECONDS = 60


class ProgramError(Exception):
    """The program did not start; the message ends with its log."""


class Program:
    """`with Program(imap_url=dovecot.url) as program: get(program.url)`. `env` overrides any setting. `unix`: behind
    a proxy, on a socket of its own, and on no port. Where it is stays the same over `stop` and `start`."""

    host = LOOPBACK

    def __init__(
        self, *, imap_url: str, smtp_url: str = "", env: Mapping[str, str] | None = None, unix: bool = False
    ) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="ekorn-program-"))
        self.socket = self.directory / "web.sock" if unix else None
        if unix:
            self.directory.chmod(0o711)
        self.port = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._database = "" if env and "DATABASE_URL" in env else new_database(self.directory)
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "webmail.settings",
            "VAR_DIR": str(self.directory),
            "DATABASE_URL": self._database,
            "CACHE_URL": "locmemcache://",
            "DEBUG": "off",
            "HTTPS": "off",
            "ALLOWED_HOSTS": "localhost,127.0.0.1",
            "IMAP_URL": imap_url,
            "SMTP_URL": smtp_url,
            "LOG_LEVEL": "WARNING",
            **(env or {}),
        }
        atexit.register(self.close)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    def manage(self, *arguments: str) -> str:
        """What `manage.py` says, in the program's own settings."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=PROJECT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise ProgramError(f"manage.py {arguments[0]}: {done.stderr[-2000:]}")
        return done.stdout

    @property
    def place(self) -> str:
        """Where it listens, as gunicorn and nginx call it."""
        return f"unix:{self.socket}" if self.socket else f"{self.host}:{self.port}"

    def start(self, *, static: bool = False) -> None:
        """Migrate, collect static files where wanted, serve, and wait for the first answer."""
        self.manage("migrate", "--verbosity", "0")
        if static:
            self.manage("collectstatic", "--noinput", "--verbosity", "0")
        self.launch()
        self.wait()

    def launch(self) -> None:
        """Serve what is migrated already."""
        if not self.socket and not self.port:
            (self.port,) = free_ports(1)
        command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.py"]
        command += ["--bind", self.place, "webmail.wsgi"]
        with (self.directory / "log").open("ab") as log:
            self._process = subprocess.Popen(
                leashed(command),
                cwd=PROJECT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait(self) -> None:
        """For the first answer."""
        end = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._process is None or self._process.poll() is not None or time.monotonic() > end:
                raise ProgramError(f"the program did not start: {self.log()[-2000:]}")
            time.sleep(0.05)

    def reload(self) -> None:
        """Ask it to start afresh, as `systemctl reload` does, and wait until the former worker is gone."""
        former = self.worker()
        if self._process is not None:
            self._process.send_signal(signal.SIGHUP)
        end = time.monotonic() + START_SECONDS
        while Path(f"/proc/{former}").exists():
            if time.monotonic() > end:
                raise ProgramError(f"the former worker did not end: {self.log()[-2000:]}")
            time.sleep(0.05)
        self.wait()

    def close(self) -> None:
        """End it and remove its directory."""
        atexit.unregister(self.close)
        self.stop()
        if self._database:
            drop_database(self._database)
            self._database = ""
        shutil.rmtree(self.directory, ignore_errors=True)

    def stop(self, meanwhile: Callable[[], None] = lambda: None) -> None:
        """Ask it to end and wait until it did; `meanwhile` is called while it ends."""
        if self._process is not None:
            self._process.terminate()
            meanwhile()
            try:
                self._process.wait(START_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, 9)
                self._process.wait()
            self._process = None

    def kill(self) -> None:
        """As a power cut would; `start` serves the same database again."""
        if self._process is not None:
            os.killpg(self._process.pid, 9)
            self._process.wait()
            self._process = None

    def log(self) -> str:
        path = self.directory / "log"
        return path.read_text(errors="replace") if path.exists() else ""

    def worker(self) -> int:
        """The process id of the one that answers requests."""
        if self._process is None:
            raise ProgramError("the program is not running")
        return int(
            Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()[0]
        )

    def cpu_seconds(self) -> float:
        """Processor time of the worker so far, its own and the kernel's for it."""
        nanoseconds = 0
        for task in Path(f"/proc/{self.worker()}/task").iterdir():
            with contextlib.suppress(OSError):
                nanoseconds += int((task / "schedstat").read_text().split()[0])
        return nanoseconds / 1e9

    def memory(self) -> int:
        """Octets of memory of the whole program, what is shared counted once (PSS)."""
        total = 0
        for pid in (self._process.pid if self._process else 0, self.worker()):
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1]) * 1024
        return total

    def _answers(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX if self.socket else socket.AF_INET) as client:
                client.settimeout(START_SECONDS)
                client.connect(str(self.socket) if self.socket else (self.host, self.port))
                client.sendall(b"GET /sign-in/ HTTP/1.0\r\nHost: localhost\r\n\r\n")
                return client.recv(4) == b"HTTP"
        except OSError:
            return False
