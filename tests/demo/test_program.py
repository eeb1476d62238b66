"""The program is started, watched and ended; a tiny application stands for it."""

import argparse
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from functools import partial
from pathlib import Path

import pytest

import webmail.demo.__main__ as command
from webmail.demo.program import PROJECT, ProgramError, environment, free_port, serving
from webmail.demo.server import MailServer

APPLICATION = """
import os
def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [str(os.getpid()).encode()]
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "tiny.py").write_text(APPLICATION)
    return tmp_path


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def env_for(place: Path) -> dict[str, str]:
    return environment(place=place / "var", imap_url="imap://127.0.0.1:1", smtp_url="smtp://127.0.0.1:1")


def test_serves_and_leaves_nothing_behind(place: Path) -> None:
    port = free_port(0)
    with serving(env_for(place), port=port, application="tiny", place=place) as program:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as answer:
            worker = int(answer.read())
        assert worker != program.pid
        assert alive(worker)
    assert program.returncode is not None
    assert not alive(worker)


def test_says_when_it_can_not_start(place: Path) -> None:
    (place / "tiny.py").write_text("raise SystemExit(3)")
    with (
        pytest.raises(ProgramError, match="ended while it started"),
        serving(env_for(place), port=free_port(0), application="tiny", place=place),
    ):
        pass


def test_the_key_is_kept_and_private(tmp_path: Path) -> None:
    first, second = env_for(tmp_path), env_for(tmp_path)
    assert first["SECRET_KEY"] == second["SECRET_KEY"]
    assert len(first["SECRET_KEY"]) >= 50
    assert (tmp_path / "var" / "secret-key").stat().st_mode & 0o077 == 0
    assert first["DEBUG"] == "False"


def test_another_port_where_the_wanted_one_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert free_port(port) not in (0, port)


def test_says_when_the_web_server_dies(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dying = APPLICATION.replace("    start_response", "    os.kill(os.getppid(), 9)\n    start_response")
    (place / "tiny.py").write_text(dying)
    monkeypatch.setattr(command, "serving", partial(serving, application="tiny", place=place))
    monkeypatch.setattr(command, "migrate", lambda env: None)
    options = argparse.Namespace(port=0, dir=place / "var")
    with MailServer(mail={}) as mail, pytest.raises(ProgramError, match="The web server ended"):
        command._serve(options, mail)


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_the_mail_server_alone_ends_quietly(ending: signal.Signals) -> None:
    command = [sys.executable, "-m", "webmail.demo", "--mail-only"]
    with subprocess.Popen(
        command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as demo:
        assert demo.stdout is not None
        lines = []
        while not lines or "Ctrl-C" not in lines[-1]:
            lines.append(demo.stdout.readline())
            assert lines[-1], "ended before it was ready"
        assert any("kari@fjord.example" in said for said in lines)
        demo.send_signal(ending)
        _, errors = demo.communicate(timeout=20)
    assert (demo.returncode, errors) == (0, "")
