"""A browser without script that can be sent to one instance or another."""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

from tests.servers.dovecot import MailUser
from tests.servers.program import Program

LIST = "/folder/INBOX/"
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@dataclass
class Browser:
    """Keeps its cookies; `forwarded` is what the proxy says of where it is."""

    program: Program
    cookies: dict[str, str] = field(default_factory=dict)
    forwarded: str = ""

    def ask(self, method: str, path: str, *, at: Program | None = None, **fields: str) -> tuple[int, str]:
        at = at or self.program
        connection = http.client.HTTPConnection(at.host, at.port, timeout=60)
        connection.request(method, path, urlencode(fields), self.headers(method))
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, body

    @contextmanager
    def listening(self) -> Iterator[http.client.HTTPResponse]:
        """What is told of changes, as it comes."""
        connection = http.client.HTTPConnection(self.program.host, self.program.port, timeout=300)
        connection.request("GET", "/live/", headers=self.headers())
        try:
            yield connection.getresponse()
        finally:
            connection.close()

    def headers(self, method: str = "GET") -> dict[str, str]:
        form = {"Content-Type": "application/x-www-form-urlencoded"} if method == "POST" else {}
        proxy = {"X-Forwarded-For": self.forwarded} if self.forwarded else {}
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Cookie": cookies, "User-Agent": AGENT, **form, **proxy}

    def post(self, path: str, *, at: Program | None = None, **fields: str) -> int:
        _, body = self.ask("GET", "/sign-in/" if path == "/sign-in/" else LIST, at=at)
        found = re.search(r'csrfmiddlewaretoken" value="([^"]+)', body)
        assert found, body
        return self.ask("POST", path, at=at, csrfmiddlewaretoken=found[1], **fields)[0]

    def sign_in(self, user: MailUser, *, password: str = "", at: Program | None = None) -> int:
        return self.post("/sign-in/", at=at, username=user.name, password=password or user.password)
