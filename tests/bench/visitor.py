"""A person with a browser, as far as the server can tell: cookies, forms, one connection kept open."""

from __future__ import annotations

import http.client
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    octets: int
    path: str


class Visitor:
    """`port` on loopback. Every answer but 200 after redirects raises."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self._cookies: dict[str, str] = {}

    def get(self, path: str) -> Answer:
        return self._follow("GET", path, "")

    def sign_in(self, name: str, password: str) -> Answer:
        """Through the form, to the first list."""
        page = self.get("/")
        form = _Form()
        form.feed(page.body.decode())
        fields = form.hidden | dict(zip(form.typed, (name, password), strict=True))
        return self._follow("POST", urljoin(page.path, form.action), urlencode(fields))

    def close(self) -> None:
        self._connection.close()

    def _follow(self, method: str, path: str, body: str) -> Answer:
        for _ in range(5):
            answer, location = self._ask(method, path, body)
            if location is None:
                if answer.status != 200:
                    raise RuntimeError(f"{method} {path}: {answer.status}")
                return answer
            path, method, body = urljoin(path, location), "GET", ""
        raise RuntimeError(f"{path}: too many redirects")

    def _ask(self, method: str, path: str, body: str) -> tuple[Answer, str | None]:
        headers = {"Accept-Language": "en"}
        if self._cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, body or None, headers)
        response = self._connection.getresponse()
        data = response.read()
        for line in response.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(line).items():
                self._cookies[name] = morsel.value
        target = response.headers.get("Location") if response.status in (301, 302, 303) else None
        size = len(data) + sum(len(name) + len(value) + 4 for name, value in response.getheaders())
        return Answer(response.status, data, size, urlsplit(path).path), target


@dataclass
class _Form(HTMLParser):
    """The form with a password in it: its action, its hidden fields, and what is to be typed, in order."""

    action: str = ""
    hidden: dict[str, str] = field(default_factory=dict)
    typed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and not self.typed:
            self.action, self.hidden = given.get("action", ""), {}
        elif tag == "input" and given.get("type") == "hidden" and "password" not in self.typed:
            self.hidden[given["name"]] = given.get("value", "")
        elif (
            tag == "input"
            and given.get("type", "text") in ("text", "email", "password")
            and given.get("name")
        ):
            self.typed.append(given["name"])
