"""Hostile payloads as real mail, opened through the whole program in a real Chromium.

    python -m tests.browser.hostile_mail --all      every payload, of ours and of the corpora (an hour)
    python -m tests.browser.hostile_mail --id ID    one of them

Each payload is one letter that holds it everywhere at once: as subject, sender's name, file name, plain text and
HTML. Its row in the list, its page in both views and its print page are opened.
"""

from __future__ import annotations

import argparse
import base64
import sys
from collections.abc import Iterator, Sequence
from email.header import Header
from urllib.parse import quote, urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.detector import Detector, Finding, Sink, launch, painted
from tests.browser.payloads import Payload, payloads
from tests.servers.dovecot import Dovecot, MailUser
from tests.servers.program import Program

FOLDER = "Hostile"
# What the program's own pages ask for. A letter that makes the browser ask for anything else has won.
PATHS = ("/static/", "/message/", "/folder/", "/sign-in/", "/alive/", "/live/")
VIEWS = ("?view=html", "?view=text", "print/")
WIDTH, HEIGHT = 1024, 800
PAGES = 50
BATCH = 500

_OUTER = """
() => {
  const box = one => { const e = document.querySelector(one); return e ? [e.getBoundingClientRect().x,
    e.getBoundingClientRect().y, e.getBoundingClientRect().width, e.getBoundingClientRect().height] : null };
  const inside = document.querySelectorAll('main *');
  return {
    scripts: document.scripts.length,
    styles: document.styleSheets.length,
    bases: document.querySelectorAll('base, meta[http-equiv], object, embed, applet').length,
    handlers: [...inside].filter(e => e.getAttributeNames().some(name => /^on|^srcdoc$|^formaction$/.test(name)))
      .map(e => e.outerHTML.slice(0, 120)),
    links: [...document.querySelectorAll('main a[href]')].map(a => a.protocol)
      .filter(protocol => !['http:', 'https:', 'mailto:', 'tel:'].includes(protocol)),
    pictures: [...document.querySelectorAll('main img')].map(e => new URL(e.src).origin)
      .filter(origin => origin !== location.origin),
    foreign: [...inside].filter(e => !['http://www.w3.org/1999/xhtml', 'http://www.w3.org/2000/svg']
      .includes(e.namespaceURI)).length,
    top: box('header.top'), folders: box('nav.folders'), actions: box('.actions'),
  };
}
"""

_PRINTED = """
() => [...document.querySelectorAll('*')].filter(e => e.namespaceURI !== 'http://www.w3.org/1999/xhtml'
  || /^(SCRIPT|IFRAME|OBJECT|EMBED|BASE|LINK|FORM|INPUT|BUTTON|VIDEO|AUDIO)$/.test(e.tagName)
  || e.getAttributeNames().some(name => /^on|^srcdoc$|^formaction$/.test(name))
  || getComputedStyle(e).position === 'fixed').map(e => e.outerHTML.slice(0, 120))
"""


def letter_of(payload: Payload) -> bytes:
    """The payload in every place of one letter that takes it."""
    line = " ".join(payload.content.split())[:400] or payload.id
    fields = [
        f"From: {_word(line[:100])} <sender@example.org>".encode(),
        f"Subject: {_word(line)}".encode(),
        b"To: somebody@example.org",
        b"Message-ID: <hostile@example.org>",
    ]
    content, date, kind, calendar = (
        payload.content,
        b"Mon, 2 Nov 2026 10:00:00 +0100",
        b"application/x-odd",
        b"",
    )
    match payload.where:
        case "header":
            head, _, content = payload.content.partition("\n\n")
            fields = [line.encode() for line in head.split("\n")] + fields
        case "header-date":
            date = line.encode("ascii", "replace")
        case "attachment-mime-type":
            kind = line.encode("ascii", "replace")
        case "ics-organizer-cn":
            calendar = _part(b"text/calendar; charset=utf-8", _invitation(line).encode())
    text = content.encode("utf-8", "replace")
    both = _multipart(
        b"alternative",
        _part(b"text/plain; charset=utf-8", text),
        _part(b"text/html; charset=utf-8", text),
        calendar,
    )
    name = quote(line[:200].encode("utf-8", "replace"), safe="")
    file = _part(kind, b"data", b"Content-Disposition: attachment; filename*=utf-8''" + name.encode())
    return b"\r\n".join([*fields, b"Date: " + date, b"MIME-Version: 1.0", _multipart(b"mixed", both, file)])


def _word(text: str) -> str:
    return Header(text.encode("utf-8", "replace"), "utf-8", maxlinelen=10_000).encode(linesep="")


def _part(kind: bytes, data: bytes, *fields: bytes) -> bytes:
    lines = [b"Content-Type: " + kind, b"Content-Transfer-Encoding: base64", *fields, b""]
    return b"\r\n".join([*lines, base64.encodebytes(data).replace(b"\n", b"\r\n")])


def _multipart(kind: bytes, *parts: bytes) -> bytes:
    edge = b"=_" + kind
    body = b"".join(b"--" + edge + b"\r\n" + part + b"\r\n" for part in parts if part)
    return b'Content-Type: multipart/%b; boundary="%b"\r\n\r\n%b--%b--\r\n' % (kind, edge, body, edge)


def _invitation(name: str) -> str:
    organiser = name.replace('"', "'")
    return (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20261126T100000Z\r\n"
        f'SUMMARY:{name}\r\nLOCATION:{name}\r\nORGANIZER;CN="{organiser}":mailto:a@example.org\r\n'
        "END:VEVENT\r\nEND:VCALENDAR\r\n"
    )


class Reading:
    """One person with a mailbox of hostile letters, at a browser that is watched."""

    def __init__(self, browser: Browser, sink: Sink, program: Program, user: MailUser) -> None:
        self.sink, self.origin = sink, program.url
        self.context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, base_url=program.url)
        self.page: Page = self.context.new_page()
        self.page.goto("/")
        self.page.fill("#username", user.name)
        self.page.fill("#password", user.password)
        self.page.click("form.door-form button")
        self.page.wait_for_url("**/folder/INBOX/")
        self.page.close()
        self.detector = Detector(self.context, program.url, PATHS)
        self.page = self.detector.new_page()
        self.usual: dict[str, object] = {}

    def list(self, folder: str, number: int) -> list[str]:
        """Opens a page of the list and says where its letters are, newest first."""
        self.page.goto(f"/folder/{folder}/?page={number}", wait_until="load")
        links = self.page.locator(".rows a.open").evaluate_all("links => links.map(link => link.href)")
        return [urlsplit(link).path for link in links]

    def look(self, address: str, *, expected: tuple[int, ...] = (200,)) -> Iterator[Finding]:
        """Goes there and says what is not as it should be."""
        knocks = len(self.sink.knocks)
        answer = self.page.goto(address, wait_until="load")
        if answer is None or answer.status not in expected:
            yield Finding("navigation", f"{answer and answer.status} {self.page.title()}", address)
            return
        printed = address.endswith("print/")
        yield from self.printed(address) if printed else self.detector.check(self.page, frames="iframe.frame")
        if urlsplit(self.page.url).path != urlsplit(address).path:
            yield Finding("navigation", self.page.url, address)
        for knock in self.sink.knocks[knocks:]:
            yield Finding("request", f"reached the sink for {knock}", address)
        if not printed:
            yield from self.surroundings(address)

    def printed(self, address: str) -> Iterator[Finding]:
        """The print page is sandboxed itself: nothing of ours can run in it either, so it is looked at from outside."""
        painted(self.page)
        if found := self.page.evaluate(_PRINTED):
            yield Finding("markup", str(found), address)
        yield from self.detector.taken()

    def surroundings(self, address: str) -> Iterator[Finding]:
        """Compares everything around the letter with the first page of this kind."""
        kind = "list" if "/folder/" in address else "message"
        found = self.page.evaluate(_OUTER)
        usual = self.usual.setdefault(kind, found)
        if found != usual:
            yield Finding("paint", f"{found} instead of {usual}", address)
        for name in ("bases", "handlers", "links", "pictures", "foreign"):
            if found[name]:
                yield Finding("markup", f"{name}: {found[name]}", address)

    def paints_outside(self) -> bool:
        """Whether anything but the frame looks different once the letter is taken out of it."""
        frame = self.page.locator("iframe.frame")
        if not frame.count():
            return False
        # What the message answers has been looked up by then, or the page would change meanwhile.
        self.page.wait_for_selector(
            "#conversation:not(:has(.around-link)), #conversation.unknown", state="attached"
        )
        # Whatever is in it: the page gives the frame the height of its content.
        frame.evaluate(
            "frame => { frame.style.minHeight = frame.style.maxHeight = `${frame.clientHeight}px` }"
        )
        before = self.detector.outside(self.page, frames="iframe.frame")
        with self.page.expect_event("framenavigated"):
            frame.evaluate("frame => { frame.contentWindow.location.replace('about:blank') }")
        return self.detector.paints_outside(self.page, before, frames="iframe.frame")

    def close(self) -> None:
        self.context.close()


def perform(
    browser: Browser, sink: Sink, program: Program, user: MailUser, chosen: Sequence[Payload]
) -> Iterator[tuple[str, Finding]]:
    """Delivers `chosen`, opens all of it, and yields (payload id, finding); "?" where no one letter can be named."""
    user.bulk(FOLDER, map(letter_of, chosen))
    reading = Reading(browser, sink, program, user)
    try:
        addresses: list[str] = []
        for number in range(1, -(-len(chosen) // PAGES) + 1):
            for finding in reading.look(f"/folder/{FOLDER}/?page={number}"):
                yield "?", finding
            addresses += reading.list(FOLDER, number)
        if len(addresses) != len(chosen):
            yield "?", Finding("navigation", f"{len(addresses)} of {len(chosen)} letters are listed")
        for address, payload in zip(reversed(addresses), chosen, strict=False):
            for view in VIEWS:
                for finding in reading.look(address + view):
                    yield payload.id, finding
    finally:
        reading.close()


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    wanted = parser.add_mutually_exclusive_group(required=True)
    wanted.add_argument("--all", action="store_true")
    wanted.add_argument("--id", action="append", default=[])
    options = parser.parse_args(arguments)
    found = [payload for payload in payloads() if options.all or payload.id in options.id]
    failures = 0
    with (
        sync_playwright() as playwright,
        Sink() as sink,
        launch(playwright, sink) as browser,
        Dovecot() as dovecot,
        Program(imap_url=dovecot.url) as program,
    ):
        for at in range(0, len(found), BATCH):
            for who, finding in perform(browser, sink, program, dovecot.user(), found[at : at + BATCH]):
                failures += 1
                sys.stdout.write(f"{who}: {finding.kind} {finding.what} {finding.where}\n")
                sys.stdout.flush()
    sys.stdout.write(f"{len(found)} payloads as mail: {failures} findings\n")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
