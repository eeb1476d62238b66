"""Our program in front of the demo's mail server: migrated, served by gunicorn, ended with us."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent
READY_SECONDS = 60
STOP_SECONDS = 5


class ProgramError(Exception):
    """The program could not be started, or ended by itself; `str()` is for the person at the keyboard."""


def free_port(wanted: int) -> int:
    """`wanted` where it is free on loopback, else one that the system chooses."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise ProgramError("No port is free on this machine")


def environment(*, place: Path, imap_url: str, smtp_url: str) -> dict[str, str]:
    """Settings for the demo; `place` keeps the database and the key from one start to the next."""
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    (place / "static").mkdir(exist_ok=True)
    key = place / "secret-key"
    if not key.exists():
        key.touch(mode=0o600)
        key.write_text(secrets.token_urlsafe(50))
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "webmail.settings",
        "VAR_DIR": str(place),
        "SECRET_KEY": key.read_text(),
        "DEBUG": "False",
        "HTTPS": "False",
        "DATABASE_URL": f"sqlite:///{place / 'ekorn.sqlite3'}",
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "IMAP_URL": imap_url,
        "SMTP_URL": smtp_url,
        "LOG_LEVEL": "ERROR",
    }


def migrate(env: Mapping[str, str]) -> None:
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0", "--skip-checks"]
    # In a session of its own, so that Ctrl-C comes to us alone and we end it.
    done = subprocess.run(command, cwd=PROJECT, env=env, check=False, start_new_session=True)  # noqa: S603
    if done.returncode:
        raise ProgramError("The database could not be made: see above")


@contextmanager
def serving(
    env: Mapping[str, str], *, port: int, application: str = "webmail.wsgi", place: Path = PROJECT
) -> Iterator[subprocess.Popen[bytes]]:
    """gunicorn with `application`, found in `place`, while the block runs; it is ready when the block begins."""
    command = [sys.executable, "-m", "gunicorn", "--config", str(PROJECT / "deploy" / "gunicorn.py")]
    command += ["--bind", f"127.0.0.1:{port}", "--log-level", "error", "--graceful-timeout", "1", application]
    # Where util-linux has it, the kernel ends the web server even if we are killed outright.
    leash = shutil.which("setpriv")
    command = [leash, "--pdeathsig", "TERM", *command] if leash else command
    process = subprocess.Popen(command, cwd=place, env=env, start_new_session=True)  # noqa: S603 - as above
    try:
        _wait_until_ready(process, port)
        yield process
    finally:
        _end(process)


def _wait_until_ready(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise ProgramError("The web server ended while it started: see above")
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                pass
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=READY_SECONDS).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise ProgramError("The web server does not answer")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(STOP_SECONDS)
    # Its workers share its session: none outlives it.
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
