"""`python -m webmail.demo` as a person starts it: the page, the accounts, and nothing left after Ctrl-C."""

import http.cookiejar
import os
import re
import signal
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError

import pytest

from webmail.demo.people import ACCOUNTS
from webmail.demo.program import PROJECT


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    line = [
        sys.executable,
        "-m",
        "webmail.demo",
        "--port",
        "0",
        "--dir",
        str(tmp_path_factory.mktemp("demo")),
    ]
    with subprocess.Popen(
        line, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as demo:
        assert demo.stdout is not None
        said: list[str] = []
        while not said or "Ctrl-C" not in said[-1]:
            said.append(demo.stdout.readline())
            assert said[-1], f"ended before it was ready: {demo.stderr.read() if demo.stderr else ''}"
        yield demo, said
        if demo.poll() is None:
            demo.send_signal(signal.SIGINT)


def url_of(said: list[str]) -> str:
    return next(found[0] for line in said if (found := re.search(r"http://localhost:\d+", line)))


def test_says_where_and_who(started: tuple[subprocess.Popen[str], list[str]]) -> None:
    said = "".join(started[1])
    for account in ACCOUNTS:
        assert account.address in said
        assert account.password in said
    assert len(started[1]) < 10


def test_signs_in_and_shows_the_newest(started: tuple[subprocess.Popen[str], list[str]]) -> None:
    url = url_of(started[1])
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    with browser.open(url) as page:
        address, html = page.url, page.read().decode()
    names = re.findall(r'<input[^>]* name="(\w+)"', html)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', html)
    assert token is not None
    fields = {"csrfmiddlewaretoken": token[1]}
    user = next(name for name in names if name in ("address", "email", "username", "user"))
    secret = next(name for name in names if "pass" in name)
    fields |= {user: ACCOUNTS[0].address, secret: ACCOUNTS[0].password}
    request = urllib.request.Request(address, urllib.parse.urlencode(fields).encode(), {"Referer": address})
    with browser.open(request) as page:
        inbox = page.read().decode()
    assert "Kartet går på skjermen i ferjekøen no!" in inbox
    assert "Korpset" in inbox


def test_nothing_is_left(started: tuple[subprocess.Popen[str], list[str]]) -> None:
    demo, said = started
    port = url_of(said).rpartition(":")[2]
    demo.send_signal(signal.SIGINT)
    _, errors = demo.communicate(timeout=20)
    assert (demo.returncode, errors) == (0, "")
    deadline = time.monotonic() + 5
    while alive := [line for line in commands() if f"127.0.0.1:{port}" in line]:
        assert time.monotonic() < deadline, alive
    with pytest.raises((OSError, HTTPError)):
        urllib.request.urlopen(url_of(said), timeout=5)


def commands() -> list[str]:
    found = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        if int(place.parent.name) != os.getpid():
            try:
                found.append(place.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
            except OSError:
                continue
    return found
