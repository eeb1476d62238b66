"""People who read, mark and send through the whole house, one after the other without a pause, until they are told to
stop. `failures` is every answer that was not as it should be."""

from __future__ import annotations

import http.client
import itertools
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Self

from tests.servers.browser import Browser
from tests.servers.dovecot import MailUser
from tests.servers.house import House
from tests.web.compose import Form

PATIENCE = 90
RECIPIENT = "nobody-at-all@example.org"


def until(what: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.05)


@dataclass(frozen=True, slots=True)
class Failure:
    """`began` is of the monotonic clock. `status` 0: no answer at all."""

    what: str
    status: int
    page: str
    began: float

    def __str__(self) -> str:
        return f"{self.what}: {self.status} {self.page[:300]!r}"


class Crowd:
    """`with Crowd(house, users) as crowd: ...; crowd.go_on()`. Each of `users` has mail in the inbox. `sent` are the
    subjects that the program said it took; pressing Send is repeated until it says so, as a person would do."""

    def __init__(self, house: House, users: Sequence[MailUser], *, pause: float = 0) -> None:
        self.asked = 0
        self.failures: list[Failure] = []
        self.sent: list[str] = []
        self._tried: set[str] = set()
        self._house, self._pause = house, pause
        self._rounds = [0] * len(users)
        self._turned = threading.Condition()
        self._ending = threading.Event()
        self._threads = [
            threading.Thread(target=self._live, args=(number, user), daemon=True)
            for number, user in enumerate(users)
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        self.go_on()
        return self

    def __exit__(self, *_: object) -> None:
        self.rest()

    def rest(self) -> None:
        """What each of them has begun is finished first."""
        self._ending.set()
        for thread in self._threads:
            thread.join(PATIENCE)

    def go_on(self, rounds: int = 2) -> None:
        """Until each of them has done so many more rounds, failed or not."""
        with self._turned:
            wanted = [done + rounds for done in self._rounds]
            assert self._turned.wait_for(
                lambda: all(now >= then for now, then in zip(self._rounds, wanted, strict=True)), PATIENCE
            ), f"somebody is stuck: {self._rounds} of {wanted}; {[str(one) for one in self.failures[-3:]]}"

    def until(self, happened: Callable[[Failure], bool]) -> None:
        """Until such a failure is there."""
        with self._turned:
            assert self._turned.wait_for(lambda: any(map(happened, self.failures)), PATIENCE)

    def failed_since(self, moment: float) -> list[str]:
        return [str(one) for one in self.failures if one.began > moment]

    def everything_went_once(self, *, unknown: int = 0) -> None:
        """What the program took has been delivered, and once, but for so many of which it said that nobody knows."""
        post = self._house.submission.post
        assert len(self.sent) >= 5

        def arrived() -> Counter[str]:
            contents = [one.content for one in post.posted if RECIPIENT in one.recipients]
            subjects = [re.search(rb"(?m)^Subject: (.*)\r$", content) for content in contents]
            found = Counter(subject[1].decode() for subject in subjects if subject)
            return Counter({subject: found[subject] for subject in self._tried if subject in found})

        until(lambda: len(set(self.sent) - set(arrived())) <= unknown)
        assert set(arrived().values()) == {1}

    def _live(self, number: int, user: MailUser) -> None:
        browser = self._house.browser()
        assert browser.sign_in(user).status == 302
        for turn in itertools.count():
            if self._ending.wait(self._pause):
                return
            page = self._ask(browser, "GET", "/folder/INBOX/", expected=200)
            found = page and re.search(r'class="open" href="([^"]+)"', page)
            if found:
                self._ask(browser, "GET", found[1], expected=200)
            if turn % 3 == number % 3:
                self._send(browser, f"{user.name} writes for the {turn}. time")
            with self._turned:
                self._rounds[number] += 1
                self._turned.notify_all()

    def _send(self, browser: Browser, subject: str) -> None:
        page = self._ask(browser, "GET", "/compose/", expected=200)
        if page is None:
            return
        self._tried.add(subject)
        fields = dict(Form(page).fields) | {"do": "send", "to": RECIPIENT, "subject": subject, "text": "Hei"}
        while self._ask(browser, "POST", "/compose/", fields, expected=303) is None:
            if self._ending.wait(0.1):
                return
        self.sent.append(subject)

    def _ask(
        self,
        browser: Browser,
        method: str,
        path: str,
        fields: dict[str, str] | None = None,
        *,
        expected: int,
    ) -> str | None:
        """The page; None where it was not what was expected."""
        began = time.monotonic()
        self.asked += 1
        try:
            answer: Any = browser.ask(method, path, fields, Referer=f"{self._house.url}{path}")
        except (OSError, http.client.HTTPException) as error:
            failure = Failure(f"{method} {path}", 0, repr(error), began)
        else:
            leads_away = "/sign-in/" in answer.headers.get("Location", "")
            if answer.status == expected and not leads_away:
                return str(answer.body)
            failure = Failure(
                f"{method} {path} -> {answer.headers.get('Location')}", answer.status, answer.body, began
            )
        with self._turned:
            self.failures.append(failure)
            self._turned.notify_all()
        return None
