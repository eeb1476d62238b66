"""Two instances on one database, each with a cache of its own: what one is told holds in the other."""

from __future__ import annotations

import http.client
import re
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.servers.dovecot import Dovecot, MailUser
from tests.servers.program import Program
from webmail.signins import limits

LIST = "/folder/INBOX/"


@dataclass
class Browser:
    """Keeps its cookies, and can be sent to either instance."""

    program: Program
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, *, at: Program | None = None, **fields: str) -> tuple[int, str]:
        at = at or self.program
        connection = http.client.HTTPConnection(at.host, at.port, timeout=60)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, urlencode(fields), headers)
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, body

    def post(self, path: str, *, at: Program | None = None, **fields: str) -> int:
        _, body = self.ask("GET", "/sign-in/" if "key" not in self.cookies else LIST, at=at)
        (token,) = set(re.findall(r'csrfmiddlewaretoken" value="([^"]+)', body)[:1])
        return self.ask("POST", path, at=at, csrfmiddlewaretoken=token, **fields)[0]

    def sign_in(self, user: MailUser, *, password: str = "", at: Program | None = None) -> int:
        return self.post("/sign-in/", at=at, username=user.name, password=password or user.password)


@pytest.fixture(scope="module")
def pair(dovecot: Dovecot) -> Iterator[tuple[Program, Program]]:
    place = Path(tempfile.mkdtemp(prefix="ekorn-pair-"))
    env = {"DATABASE_URL": f"sqlite:///{place / 'ekorn.sqlite3'}", "SECRET_KEY": "one for both of them"}
    one, other = (Program(imap_url=dovecot.url, env=env) for _ in range(2))
    try:
        for program in (one, other):
            program.start()
        yield one, other
    finally:
        for program in (one, other):
            program.close()
        shutil.rmtree(place)


def test_many_at_once_are_counted_before_they_are_answered(
    pair: tuple[Program, Program], mail_user: MailUser
) -> None:
    browsers = [Browser(pair[number % 2]) for number in range(24)]
    for browser in browsers:
        browser.ask("GET", "/sign-in/")
    with ThreadPoolExecutor(12) as threads:
        said = list(threads.map(lambda browser: browser.sign_in(mail_user, password="guess"), browsers))
    assert sorted(said) == [422] * limits.BY_BOTH + [429] * (24 - limits.BY_BOTH)
    assert [Browser(program).sign_in(mail_user) for program in pair] == [429, 429]


def test_a_session_serves_both_until_one_ends_it(pair: tuple[Program, Program], mail_user: MailUser) -> None:
    one, other = pair
    browser = Browser(one)
    assert browser.sign_in(mail_user) == 302
    assert [browser.ask("GET", LIST, at=program)[0] for program in pair] == [200, 200]
    thief = Browser(one, dict(browser.cookies))
    assert browser.post("/sign-out/", at=other) == 302
    assert [thief.ask("GET", LIST, at=program)[0] for program in pair] == [302, 302]
