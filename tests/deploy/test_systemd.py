"""The units: what they may do, what they name, and a socket that outlives the program."""

from __future__ import annotations

import contextlib
import http.client
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import get_commands

from tests.servers.dovecot import Dovecot
from tests.servers.process import leashed
from tests.servers.program import Program

PROJECT = Path(__file__).resolve().parents[2]
UNITS = PROJECT / "deploy" / "systemd"
SERVICES = sorted(path.name for path in UNITS.glob("*.service"))
MOST_EXPOSED = "20"  # Tenths.
HARDENED = {
    "NoNewPrivileges=yes",
    "ProtectSystem=strict",
    "PrivateDevices=yes",
    "CapabilityBoundingSet=",
    "SystemCallFilter=@system-service",
}


@pytest.mark.parametrize("name", SERVICES)
def test_little_is_allowed(name: str) -> None:
    assert set((UNITS / name).read_text().splitlines()) >= HARDENED
    if analyse := shutil.which("systemd-analyze"):
        command = [analyse, "security", "--offline=true", "--no-pager", f"--threshold={MOST_EXPOSED}"]
        done = subprocess.run([*command, str(UNITS / name)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, (done.stdout + done.stderr)[-500:]


def test_systemd_understands_them(tmp_path: Path) -> None:
    """All but where the program is."""
    names = [path.name for path in UNITS.iterdir()]
    for path in UNITS.iterdir():
        text = re.sub(r"/opt/ekorn/\.venv/bin/\w+", "/bin/true", path.read_text())
        (tmp_path / path.name).write_text(text)
    if analyse := shutil.which("systemd-analyze"):
        found = [tmp_path / name.replace("@.", "@1.") for name in names]
        for name in names:
            if "@." in name:
                (tmp_path / name.replace("@.", "@1.")).symlink_to(tmp_path / name)
        done = subprocess.run(
            [analyse, "verify", "--man=no", *found], capture_output=True, text=True, check=False
        )
        ours = [line for line in done.stderr.splitlines() if "ekorn" in line]
        assert ours == []


def test_what_they_start_is_there() -> None:
    texts = {path.name: path.read_text() for path in UNITS.iterdir()}
    asked = re.findall(r"manage\.py (\w+)", "".join(texts.values()))
    assert {"outbox", "cleanup"} <= set(asked) <= set(get_commands())
    for config in re.findall(r"--config (\S+)", "".join(texts.values())):
        assert (PROJECT / config).is_file()
    site = (PROJECT / "deploy" / "nginx" / "ekorn.conf").read_text()
    listens = re.search(r"ListenStream=(.*)", texts["ekorn@.socket"])
    assert listens is not None
    assert f"unix:{listens[1].replace('%i', '1')} " in site
    guide = (PROJECT / "docs" / "install.md").read_text()
    named = set(re.findall(r"ekorn(?:@|-)[a-z]*\.(?:service|socket|timer)", guide))
    assert named <= texts.keys()


HANDED = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1")
os.execv(sys.argv[2], sys.argv[2:])
"""


@contextlib.contextmanager
def instance(program: Program, listener: socket.socket) -> Iterator[None]:
    """As systemd starts it: with the socket as descriptor 3."""
    fd = listener.fileno()
    gunicorn = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.py", "webmail.wsgi"]
    with (program.directory / "log").open("ab") as log:
        process = subprocess.Popen(
            leashed([sys.executable, "-c", HANDED, str(fd), *gunicorn]),
            cwd=PROJECT,
            env=program.environment,
            pass_fds=(fd,),
            stdout=log,
            stderr=log,
        )
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)


def asked(path: Path) -> socket.socket:
    client = socket.socket(socket.AF_UNIX)
    client.settimeout(60)
    client.connect(str(path))
    client.sendall(b"GET /sign-in/ HTTP/1.0\r\nHost: localhost\r\n\r\n")
    return client


def status(client: socket.socket) -> int:
    answer = http.client.HTTPResponse(client)
    answer.begin()
    assert b"</html>" in answer.read()
    client.close()
    return answer.status


def test_who_comes_while_it_restarts_waits_a_moment(dovecot: Dovecot, tmp_path: Path) -> None:
    program = Program(imap_url=dovecot.url)
    path = program.directory / "1.sock"
    with contextlib.closing(program), socket.socket(socket.AF_UNIX) as listener:
        program.manage("migrate", "--verbosity", "0")
        listener.bind(str(path))
        listener.listen()
        early = asked(path)
        with instance(program, listener):
            assert status(early) == 200
        between = asked(path)
        with instance(program, listener):
            assert status(between) == 200
        assert path.exists()
        assert "Error" not in program.log()
