"""A private Valkey, or Redis where Debian has no Valkey yet: `with Valkey() as server: Program(env={"CACHE_URL":
server.url})`. The machine's own where it has one, else what `make packages` unpacked."""

from __future__ import annotations

import atexit
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Self

from tests.servers import unpacked
from tests.servers.ports import LOOPBACK, free_ports
from tests.servers.process import leashed

ROOT = unpacked.CACHE / "valkey"
NAMES = ("valkey-server", "redis-server")
START_SECONDS = 20


class ValkeyError(Exception):
    """Neither Valkey nor Redis is there, or it did not start; the message says why."""


class Valkey:
    """One Valkey with its own directory and port, which stays the same over `stop` and `start`; ended with this
    process. It keeps nothing: after `stop` and `start` it is empty."""

    host = LOOPBACK

    def __init__(self) -> None:
        found = [str(path) for name in NAMES if (path := ROOT / "usr" / "bin" / name).exists()]
        found = [path for path in map(shutil.which, NAMES) if path] or found
        if not found:
            raise ValkeyError("Valkey is not unpacked: `make packages` does it")
        self._binary = found[0]
        self.directory = Path(tempfile.mkdtemp(prefix="ekorn-valkey-"))
        self.port = 0
        self._process: subprocess.Popen[bytes] | None = None
        atexit.register(self.close)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def url(self) -> str:
        """As CACHE_URL wants it."""
        return f"redis://{self.host}:{self.port}/0"

    def log(self) -> str:
        path = self.directory / "log"
        return path.read_text(errors="replace") if path.exists() else ""

    def start(self) -> None:
        """Start it and wait until it answers."""
        for _ in range(5):
            self.port = self.port or free_ports(1)[0]
            if self._started():
                return
            if "Address already in use" not in self.log():
                break
            self.port = 0
            (self.directory / "log").unlink()
        raise ValkeyError(f"Valkey did not start: {self.log()[-2000:]}")

    def stop(self) -> None:
        """End it, and every connection to it."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(START_SECONDS)
            self._process = None

    def close(self) -> None:
        """End it and remove its directory."""
        atexit.unregister(self.close)
        self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)

    def _started(self) -> bool:
        command = [self._binary, "--port", str(self.port), "--bind", self.host, "--dir", str(self.directory)]
        command += ["--save", "", "--appendonly", "no", "--daemonize", "no"]
        with (self.directory / "log").open("ab") as log:
            self._process = subprocess.Popen(
                leashed(command),
                env=unpacked.environment(ROOT),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        end = time.monotonic() + START_SECONDS
        while self._process.poll() is None and time.monotonic() < end:
            try:
                with socket.create_connection((self.host, self.port), timeout=1) as client:
                    client.sendall(b"PING\r\n")
                    if client.recv(7) == b"+PONG\r\n":
                        return True
            except OSError:
                time.sleep(0.02)
        self.stop()
        return False
