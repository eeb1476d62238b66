"""A person with a browser, as far as the server can tell: cookies, forms, one connection kept open."""

from __future__ import annotations

import http.client
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

import brotli
import lxml.html


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
        return self.submit(self.get("/"), "/sign-in/", username=name, password=password)

    def submit(self, page: Answer, action: str, **typed: str) -> Answer:
        """Fill in and send the page's form that goes to that address."""
        forms = lxml.html.document_fromstring(page.body).forms
        form = next(form for form in forms if urlsplit(form.action or page.path).path == action)
        fields = {name: value or "" for name, value in form.fields.items()} | typed
        return self._follow("POST", action, urlencode(fields))

    def press(self, page: Answer, do: str) -> Answer:
        """A button over a list, with all of the page's messages chosen."""
        tree = lxml.html.document_fromstring(page.body)
        form = tree.get_element_by_id("messages")
        names = ("csrfmiddlewaretoken", "uid_validity", "page")
        typed = {name: form.xpath(f".//input[@name='{name}']/@value")[0] for name in names}
        chosen = form.xpath(".//input[@name='uid']/@value")
        return self._follow(
            "POST", form.get("action"), urlencode(typed | {"do": do, "uid": chosen}, doseq=True)
        )

    def take_back(self, page: Answer) -> Answer:
        """Press Undo in the notice."""
        (form,) = lxml.html.document_fromstring(page.body).xpath("//form[contains(@action, '/undo/')]")
        return self._follow("POST", form.action, urlencode(dict(form.fields)))

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
        headers = {"Accept-Language": "en", "Accept-Encoding": "br"}
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
        if response.headers.get("Content-Encoding") == "br":
            data = brotli.decompress(data)
        return Answer(response.status, data, size, urlsplit(path).path), target
