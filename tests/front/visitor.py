"""A person at a browser without script: signs in, follows links, presses buttons, and reads what is on the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

import lxml.html
from django.test import Client

from webmail.web.addresses import folder_address

_SPACE = re.compile(r"\s+")
_UNSEEN = ("script", "style", "template", "head")


class MailAccount(Protocol):
    name: str
    password: str


def squeezed(text: str) -> str:
    """White space as a browser shows it."""
    return _SPACE.sub(" ", text).strip()


class Answer:
    """One response, read to its end."""

    def __init__(self, response: Any) -> None:
        self.response = response
        self.status: int = response.status_code
        self.headers = response.headers
        self.data: bytes = response.getvalue() if response.streaming else response.content

    @property
    def location(self) -> str:
        return self.headers.get("Location", "")

    @property
    def leads_back_to(self) -> str:
        """Of an answer that sends to the sign-in page: where one comes back to afterwards."""
        target = urlsplit(self.location)
        assert (self.status, target.path) == (302, "/sign-in/"), (self.status, self.location)
        return parse_qs(target.query).get("next", [""])[0]

    @cached_property
    def markup(self) -> str:
        return self.data.decode()

    @cached_property
    def tree(self) -> lxml.html.HtmlElement:
        return lxml.html.document_fromstring(self.markup or "<html></html>")

    @cached_property
    def text(self) -> str:
        """Everything that can be read on the page."""
        texts: list[str] = []
        for element in self.tree.iter():
            if element.tag not in _UNSEEN and isinstance(element.tag, str):
                texts.append(element.text or "")
            texts.append(element.tail or "")
        return squeezed("".join(texts))

    def links(self, start: str = "") -> list[str]:
        """The addresses this page leads to: links and frames."""
        found = self.tree.xpath("//a/@href | //iframe/@src")
        return list(dict.fromkeys(str(link) for link in found if link.startswith(start)))

    @property
    def rows(self) -> list[str]:
        """The addresses of the messages in a list, without the page they are on."""
        return [urlsplit(link).path for link in self.tree.xpath("//li[contains(@class, 'row')]/a/@href")]


class Visitor:
    """One browser. `csrf` makes forms need their token, as they do in life."""

    def __init__(self, *, csrf: bool = False) -> None:
        self.client = Client(enforce_csrf_checks=csrf, raise_request_exception=False)

    def get(self, address: str, **headers: str) -> Answer:
        return Answer(self.client.get(address, headers=headers or None))

    def post(self, address: str, /, **fields: Any) -> Answer:
        return Answer(self.client.post(address, fields))

    def sign_in(self, account: MailAccount, **fields: Any) -> Answer:
        return self.post("/sign-in/", username=account.name, password=account.password, **fields)

    def follow(self, answer: Answer) -> Answer:
        assert answer.status in (301, 302, 303), answer.status
        return self.get(answer.location)

    def arrive(self, address: str) -> Answer:
        """Where a link leads in the end: some ask the mail server where that is. Never to the sign-in page."""
        answer = self.get(address)
        if answer.status == 302:
            assert not answer.location.startswith("/sign-in/"), answer.location
            return self.follow(answer)
        return answer

    def cookie(self, name: str) -> str:
        return self.client.cookies[name].value if name in self.client.cookies else ""

    def list(self, folder: str = "INBOX", page: int = 1) -> Answer:
        return self.get(folder_address(folder, page))

    def whole_list(self, folder: str = "INBOX") -> Iterator[str]:
        """The addresses of all messages, newest first, page after page."""
        number = 0
        while True:
            number += 1
            answer = self.list(folder, number)
            assert answer.status == 200, answer.status
            yield from answer.rows
            if folder_address(folder, number + 1) not in answer.links():
                return
