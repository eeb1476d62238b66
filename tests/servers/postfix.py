"""A private Postfix for submission, unpacked from Debian's package: `with Postfix(post) as server: ...`, as root.

Who may send is asked of `post.dovecot`; what was taken goes to `post`, which puts it into Dovecot's mailboxes.
"""

from __future__ import annotations

import atexit
import contextlib
import grp
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Self

from tests.servers.certificate import Authority
from tests.servers.ports import LOOPBACK, free_ports
from tests.servers.post import Post
from tests.servers.postfix_config import GROUP, OWNER, Options, Place, main_cf, master_cf

ROOT = Path(os.environ.get("EKORN_CACHE") or Path(__file__).resolve().parents[2] / ".cache") / "postfix"
START_SECONDS = 20
# Postfix forgets the leash of `process.leashed` when it changes its user. So it ends when our end of the pipe is
# closed, which the kernel sees to where we are killed.
HELD = 'exec 3<&0; "$@" 3<&- </dev/null & server=$!; { read -r _ <&3; kill $server; } & wait $server; kill -KILL 0'
QUEUES = "active bounce corrupt defer deferred flush hold incoming private saved trace".split()


class SubmissionMissingError(Exception):
    """Postfix, or Dovecot's submission, is not unpacked or did not start; the message is one line."""


class Postfix:
    """One Postfix with its own directory, ports and authority, ended with this process. It writes addresses, takes
    PLAIN and LOGIN, also in clear (on loopback), and asks `post` whom it refuses."""

    host = LOOPBACK

    def __init__(self, post: Post, options: Options | None = None) -> None:
        if not (ROOT / "complete").exists():
            raise SubmissionMissingError("Postfix is not unpacked: `make packages` does it")
        self.post = post
        self.options = options or Options()
        self.directory = Path(tempfile.mkdtemp(prefix="ekorn-postfix-"))
        self.directory.chmod(0o755)
        authority = Authority(self.directory)
        self.ca_file = authority.ca_file
        self._keys = authority.issue()
        self._make_directories()
        self._process: subprocess.Popen[bytes] | None = None
        self.port = self.tls_port = 0
        atexit.register(self.close)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def url(self) -> str:
        """In clear, as one may on loopback."""
        return f"smtp://{self.host}:{self.port}"

    @property
    def starttls_url(self) -> str:
        return f"smtp+starttls://{self.host}:{self.port}"

    @property
    def tls_url(self) -> str:
        return f"smtps://{self.host}:{self.tls_port}"

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
        raise SubmissionMissingError(f"Postfix did not start: {self.log()[-500:]!r}")

    def stop(self) -> None:
        """End it with all its processes; what is in its queue stays."""
        if self._process is None:
            return
        if self._process.stdin:
            self._process.stdin.close()
        try:
            self._process.wait(START_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self._group(), signal.SIGKILL)
            self._process.wait()
        self._process = None

    def close(self) -> None:
        """End it and remove its directory."""
        self.stop()
        atexit.unregister(self.close)
        shutil.rmtree(self.directory, ignore_errors=True)

    @contextlib.contextmanager
    def frozen(self) -> Iterator[None]:
        """While this lasts the server takes connections and octets and answers nothing."""
        if self._process is None:
            raise RuntimeError("the server is not running")
        os.killpg(self._group(), signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(self._group(), signal.SIGCONT)

    def _group(self) -> int:
        """All of Postfix's processes: its master makes a group of its own."""
        return int((self.directory / "queue" / "pid" / "master.pid").read_text())

    def _started(self) -> bool:
        place = Place(
            self.directory,
            ROOT,
            self._keys,
            self.post.dovecot.auth_socket,
            self.port,
            self.tls_port,
            self.post.port,
            self.post.policy_port,
        )
        (self.directory / "main.cf").write_text(main_cf(place, self.options))
        (self.directory / "master.cf").write_text(master_cf(place))
        # Every process of it waits until its configuration is older than a moment.
        os.utime(self.directory / "main.cf", (0, 0))
        libraries = sorted({str(path.parent) for path in ROOT.rglob("*.so*") if "usr/share" not in str(path)})
        with (self.directory / "startup").open("wb") as said:
            self._process = subprocess.Popen(
                [
                    "/bin/sh",
                    "-c",
                    HELD,
                    "sh",
                    f"{ROOT}/usr/lib/postfix/sbin/master",
                    "-s",
                    "-c",
                    self.directory,
                ],
                env={**os.environ, "LD_LIBRARY_PATH": ":".join(libraries)},
                cwd=self.directory,
                stdin=subprocess.PIPE,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
        end = time.monotonic() + START_SECONDS
        while self._process.poll() is None and time.monotonic() < end:
            if _greets(self.host, self.port):
                return True
            time.sleep(0.02)
        self.stop()
        return False

    def _make_directories(self) -> None:
        owner, group = pwd.getpwnam(OWNER), grp.getgrnam(GROUP)
        queue = self.directory / "queue"
        queue.mkdir(mode=0o755)
        for name in QUEUES:
            (queue / name).mkdir(mode=0o700)
            os.chown(queue / name, owner.pw_uid, owner.pw_gid)
        (queue / "pid").mkdir(mode=0o755)
        for name, mode in (("maildrop", 0o730), ("public", 0o710)):
            (queue / name).mkdir()
            os.chown(queue / name, owner.pw_uid, group.gr_gid)
            (queue / name).chmod(mode)
        (self.directory / "data").mkdir(mode=0o700)
        os.chown(self.directory / "data", owner.pw_uid, owner.pw_gid)
        # Its processes read the key before they give up being root.
        self._keys.key_file.chmod(0o600)


def _greets(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=START_SECONDS) as client:
            return client.recv(4) == b"220 "
    except ConnectionError:
        return False
