"""Hostile HTML that comes into the editor, by a quote or a paste: it does nothing there, and nothing of it goes out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.browser.detector import Detector, Finding, Sink, launch
from tests.browser.payloads import LOADS, SCRIPTS, own, payloads
from tests.corpora import corpora_dir
from tests.servers.dovecot import Dovecot, MailUser
from tests.servers.program import Program

pytestmark = pytest.mark.browser

PASTE = """(markup) => {
    const given = new DataTransfer();
    given.setData("text/html", markup);
    given.setData("text/plain", "x");
    document.querySelector(".editor").dispatchEvent(
        new ClipboardEvent("paste", { clipboardData: given, bubbles: true, cancelable: true }));
}"""
AUDIT = """() => [...document.querySelectorAll(".editor *")].flatMap((one) => [
    ...(/^(SCRIPT|STYLE|IFRAME|OBJECT|EMBED|FORM|INPUT|BUTTON|SVG|MATH|LINK|META|BASE|VIDEO|AUDIO|TEMPLATE)$/i
        .test(one.tagName) ? [one.tagName] : []),
    ...(one.namespaceURI === "http://www.w3.org/1999/xhtml" ? [] : [one.namespaceURI]),
    ...[...one.attributes]
        .filter(({ name, value }) => /^on|^srcdoc|^id$|^name$|:/.test(name)
            || /^\\s*(javascript|data|vbscript):/i.test(value))
        .map(({ name, value }) => `${name}=${value}`),
    ...(["fixed", "absolute", "sticky"].includes(getComputedStyle(one).position) ? ["position"] : []),
])"""


@dataclass
class Writing:
    detector: Detector
    page: Page

    def found(self) -> list[Finding | str]:
        done = self.detector.check(self.page, audit=False)
        # A handler that the page's policy stopped while the paste was read never ran, and is in nothing that is kept.
        ran = [one for one in done if (one.kind, one.what.strip()) != ("script", "inline")]
        return [*ran, *self.page.evaluate(AUDIT)]


@pytest.fixture(scope="module")
def watched(playwright: Playwright) -> Iterator[Browser]:
    with Sink() as sink, launch(playwright, sink) as browser:
        yield browser
    assert sink.knocks == []


@pytest.fixture
def writing(watched: Browser, program: Program, dovecot: Dovecot, mail_user: MailUser) -> Iterator[Writing]:
    context = watched.new_context(base_url=program.url, viewport={"width": 900, "height": 900})
    detector = Detector(context, program.url)
    page = detector.new_page()
    page.goto("/sign-in/")
    page.fill("#username", mail_user.name)
    page.fill("#password", mail_user.password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/folder/INBOX/")
    yield Writing(detector, page)
    context.close()


def vectors() -> list[str]:
    rows = payloads(sources=("own-email-vectors",)) if corpora_dir() else ()
    return [row.content for row in (*own(), *rows) if row.where in ("html", "compose")]


def test_pasted(writing: Writing) -> None:
    page = writing.page
    page.goto("/compose/")
    page.locator(".editor").click()
    found = {}
    for markup in vectors():
        page.evaluate(PASTE, markup)
        if broken := writing.found():
            found[markup] = broken
        page.evaluate("() => document.querySelector('.editor').replaceChildren()")
    assert found == {}


def test_undone_and_done_again(writing: Writing) -> None:
    page = writing.page
    page.goto("/compose/")
    page.locator(".editor").click()
    for markup in SCRIPTS:
        page.evaluate(PASTE, markup)
    for key in ("Control+z", "Control+z", "Control+y"):
        page.keyboard.press(key)
    assert writing.found() == []


@pytest.mark.parametrize("group", [SCRIPTS, LOADS], ids=["scripts", "loads"])
def test_quoted_in_a_reply(writing: Writing, mail_user: MailUser, group: tuple[str, ...]) -> None:
    """One letter for every third of them, and one with all of them."""
    page = writing.page
    chosen = [*group[::3], "<hr>".join(group)]
    for markup in chosen:
        head = b"Subject: <b>Hei\r\nFrom: <script>pwn(1)</script> <a@b.example>\r\nMIME-Version: 1.0\r\n"
        body = f"<p>start</p>{markup}".encode("utf_8", "replace")
        mail_user.deliver("INBOX", head + b"Content-Type: text/html; charset=utf-8\r\n\r\n" + body + b"\r\n")
    found = {}
    for number, markup in enumerate(chosen, 1):
        page.goto("/folder/INBOX/")
        validity = page.locator('input[name="uid_validity"]').get_attribute("value")
        page.goto(f"/message/INBOX/{validity}/{number}/reply/")
        expect(page.locator(".editor")).to_contain_text("start")
        if broken := writing.found():
            found[markup] = broken
    assert found == {}
