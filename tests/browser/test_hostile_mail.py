"""Hostile mail through the whole program: delivered to a real Dovecot, opened in a real Chromium."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Playwright, expect

from tests.browser.detector import Finding, Sink, launch
from tests.browser.hostile_mail import BATCH, FOLDER, Reading, letter_of, perform
from tests.browser.payloads import LOADS, OVERLAYS, SCRIPTS, Payload, own, payloads
from tests.corpora import corpora_dir
from tests.front.odd import HEAD, PLAIN, multipart
from tests.servers.dovecot import Dovecot, MailUser
from tests.servers.program import Program

pytestmark = pytest.mark.browser

SAMPLE = 120
"""One row in this many of the corpora's other sources, by the hash of its id; `slow` takes them all."""
needs_corpora = pytest.mark.skipif(corpora_dir() is None, reason="no corpora on this machine")

Opened = tuple[Reading, list[str]]


@dataclass(frozen=True)
class Theatre:
    browser: Browser
    sink: Sink
    program: Program
    dovecot: Dovecot

    def show(self, chosen: list[Payload]) -> list[tuple[str, Finding]]:
        return list(perform(self.browser, self.sink, self.program, self.dovecot.user(), chosen))


@pytest.fixture(scope="module")
def theatre(playwright: Playwright, program: Program, dovecot: Dovecot) -> Iterator[Theatre]:
    with Sink() as sink, launch(playwright, sink) as browser:
        yield Theatre(browser, sink, program, dovecot)


@pytest.fixture
def opened(theatre: Theatre) -> Iterator[Callable[[MailUser], Opened]]:
    """`opened(user)`: a watched browser, and where the letters in the hostile folder are, oldest first."""
    readings: list[Reading] = []

    def open_folder(user: MailUser) -> Opened:
        readings.append(Reading(theatre.browser, theatre.sink, theatre.program, user))
        return readings[-1], readings[-1].list(FOLDER, 1)[::-1]

    yield open_folder
    for reading in readings:
        reading.close()


@pytest.mark.parametrize("group", [SCRIPTS, LOADS, OVERLAYS], ids=["scripts", "loads", "overlays"])
def test_our_payloads_do_nothing(theatre: Theatre, group: tuple[str, ...]) -> None:
    assert theatre.show([payload for payload in own() if payload.content in group]) == []


@needs_corpora
@pytest.mark.parametrize("half", [0, 1])
def test_every_mail_vector_does_nothing(theatre: Theatre, half: int) -> None:
    chosen = list(payloads(sources=("own-email-vectors",)))[half::2]
    assert len(chosen) > 50
    assert theatre.show(chosen) == []


def others() -> list[Payload]:
    return [payload for payload in payloads() if payload.source not in ("here", "own-email-vectors")]


@needs_corpora
def test_a_sample_of_the_corpora_does_nothing(theatre: Theatre) -> None:
    chosen = [row for row in others() if int(hashlib.sha256(row.id.encode()).hexdigest(), 16) % SAMPLE == 0]
    assert len(chosen) > 20
    assert theatre.show(chosen) == []


@pytest.mark.slow
@needs_corpora
@pytest.mark.parametrize("batch", range(-(-len(others()) // BATCH)))
def test_all_of_the_corpora_does_nothing(theatre: Theatre, batch: int) -> None:
    assert theatre.show(others()[batch * BATCH : (batch + 1) * BATCH]) == []


def test_no_pixel_outside_the_frame(theatre: Theatre, opened: Callable[[MailUser], Opened]) -> None:
    user = theatre.dovecot.user()
    for content in OVERLAYS:
        # Read already: no count changes while pictures are taken.
        user.deliver(FOLDER, letter_of(Payload("x", content)), flags=["\\Seen"])
    reading, addresses = opened(user)
    for address, content in zip(addresses, OVERLAYS, strict=True):
        reading.page.goto(f"{address}?view=html", wait_until="load")
        assert not reading.paints_outside(), content


def test_names_of_folders(theatre: Theatre, opened: Callable[[MailUser], Opened]) -> None:
    """Shown as they are, on every page, and each leads to its folder."""
    user = theatre.dovecot.user()
    names = [f"{number} {content[:60]}" for number, content in enumerate(SCRIPTS[::3])]
    names = [
        "".join("_" if letter in "./~" or ord(letter) < 32 else letter for letter in name) for name in names
    ]
    for name in names:
        user.deliver(name, letter_of(Payload("x", "<b>x</b>")))
    user.deliver(FOLDER, letter_of(Payload("x", "<b>x</b>")))
    reading, (address,) = opened(user)
    assert list(reading.look(address)) == []
    # The name alone: where the page has no layout yet, the count of unread messages stands on the same line.
    tree = reading.page.locator("nav.folders a:has(.name)")
    shown = tree.evaluate_all(
        "links => links.map(link => [link.querySelector('.name').textContent, link.pathname])"
    )
    places = {" ".join(words.split()): path for words, path in shown}
    for name in names:
        assert " ".join(name.split()) in places, name
        assert list(reading.look(places[" ".join(name.split())])) == []


NEST = 100_000
WORST = {
    "a megabyte of &": b"&" * 1_000_000,
    "a megabyte of <": b"<" * 1_000_000,
    "a megabyte of =": b"<a " + b"=" * 1_000_000 + b">",
    "half a megabyte of <!--": b"<!--" * 125_000,
    "nested tags": b"<div>" * NEST,
    "nested tables": b"<table><tr><td>" * (NEST // 3),
    "nested and closed": b"<b>" * NEST + b"x" + b"</b>" * NEST,
    "misnested": b"<a><b><i>" * (NEST // 3),
    "attributes": b"<p " + b" ".join(b"a%d=1" % number for number in range(NEST)) + b">",
    "one long attribute": b'<p title="' + b"x" * 1_000_000,
    "styles": b'<p style="' + b"color:red;" * NEST + b'">x',
    "brackets in a style": b'<p style="width:' + b"(" * 300_000 + b'">x',
    "a stylesheet": b"<style>" + b"a{color:red}" * 80_000 + b"</style>x",
    "selectors": b"<style>" + b"a " * 300_000 + b"{color:red}</style>x",
    "entities": b"&lt;" * 250_000,
    "unclosed entity": b"&#" + b"9" * 1_000_000,
    "links": b'<a href="https://example.org/">x</a>' * 30_000,
    "pictures": b'<img src="https://example.org/a.png">' * 30_000,
}
LONGEST = 6.0
"""Processor seconds of the program for one such letter: three times what is aimed at, since machines differ."""


@pytest.mark.parametrize("name", WORST)
def test_the_worst_ends_soon(theatre: Theatre, opened: Callable[[MailUser], Opened], name: str) -> None:
    user = theatre.dovecot.user()
    html = b"Content-Type: text/html; charset=utf-8\r\n\r\n" + WORST[name] + b"\r\n"
    field, body = multipart(b"alternative", PLAIN, html)
    user.deliver(FOLDER, HEAD + b"Subject: worst\r\nMIME-Version: 1.0\r\n" + field + b"\r\n\r\n" + body)
    user.deliver(FOLDER, HEAD + b"Subject: plain\r\n\r\n" + WORST[name] + b"\r\n")
    reading, (rich, plain) = opened(user)
    for address in (rich, plain):
        before = theatre.program.cpu_seconds()
        reading.page.goto(address, wait_until="load")
        assert theatre.program.cpu_seconds() - before < LONGEST
        assert reading.detector.taken() == []
        expect(reading.page.locator("#subject")).to_be_visible()
    reading.page.goto(rich, wait_until="load")
    if not reading.page.locator("iframe.frame").count():
        expect(reading.page.locator(".letter")).to_contain_text("hello there")
        expect(reading.page.locator("article.message")).to_contain_text("could not be shown safely")
