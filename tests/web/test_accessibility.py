"""WCAG 2.2 AA by axe-core on every screen, and what axe can't see: reflow, target sizes, the keyboard."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.servers.post import DOMAIN

RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}
SMALLEST = 24


def faults(page: Page) -> list[str]:
    # What an open menu or a notice lies upon can't be hit, and need not be.
    context = next((one for one in (".menu[open]", "#done-notice") if page.locator(one).count()), None)
    found = Axe().run(page, context=context, options={**RULES, "iframes": False}).response["violations"]
    return [f"{fault['id']}: {node['html'][:200]}" for fault in found for node in fault["nodes"]]


def press(page: Page, what: str) -> None:
    """And wait for the page that it leads to."""
    with page.expect_navigation():
        page.click(what)


def too_wide(page: Page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def too_small(page: Page) -> list[str]:
    return page.evaluate(
        """least => [...document.querySelectorAll('a, button, summary, select, label:is(.pick, .pick-one)')]
            .filter(one => one.checkVisibility() && !one.closest('.letter, .vh, .skip') && !one.matches('.open'))
            .map(one => [one.outerHTML.slice(0, 120), one.getBoundingClientRect()])
            .filter(([, box]) => box.width && (box.width < least - .5 || box.height < least - .5))
            .map(([html, box]) => `${html} ${box.width}x${box.height}`)""",
        SMALLEST,
    )


def screens(page: Page):
    """Each screen's name, with the page at it."""
    yield "list"
    page.locator(".pick").first.click()
    yield "list with something selected"
    page.locator(".pick").first.click()
    page.locator(".account summary").click()
    yield "account menu"
    page.keyboard.press("Escape")
    inbox = page.url
    for number in range(4):
        page.goto(inbox)
        page.locator("a.open").nth(number).click()
        page.wait_for_selector("article.message")
        yield f"message {number}"
    page.locator(".people-more summary").click()
    page.locator(".actions .menu summary").click()
    yield "message with everything open"
    page.goto(page.locator('.menu-item[href$="headers/"]').get_attribute("href") or "")
    yield "headers"
    page.goto("/preferences/")
    yield "settings"
    page.goto("/preferences/writing/")
    yield "settings for writing"
    page.goto("/preferences/devices/")
    yield "devices"
    page.goto("/preferences/identities/new/")
    page.fill("#address", "nobody")
    press(page, ".form-actions button")
    yield "an identity that is refused"
    page.fill("#address", f"{page.locator('.menu-who').text_content()}@{DOMAIN}")
    page.fill("#signature_plain", "Hei")
    press(page, ".form-actions button")
    yield "identities"
    press(page, ".identity a >> nth=-1")
    yield "an identity"
    page.goto("/preferences/identities/")
    press(page, '[value="delete"] >> nth=-1')
    yield "an identity that can be taken back"
    page.goto("/folder/INBOX/?q=brev+from:ola&only=unread&sort=subject")
    yield "search"
    page.locator(".sorting summary").click()
    yield "sort menu"
    page.keyboard.press("Escape")
    press(page, ".save-search button")
    yield "search that was saved"
    page.goto("/searches/")
    yield "saved searches"
    press(page, "[value=remove]")
    yield "a saved search that can be taken back"
    page.goto("/folder/INBOX/?q=brev+from:ola&only=unread&sort=subject")
    page.locator(".search-more summary").click()
    yield "search options"
    page.goto("/folder/INBOX/?q=brev&in=all")
    yield "search in all folders"
    page.goto("/folder/INBOX/?q=zebra&only=starred")
    yield "nothing found"
    page.goto("/folder/INBOX/?q=is:zebra")
    yield "search refused"
    page.goto("/folders/")
    page.fill("#new-label", "a/b")
    press(page, '[value="create"]')
    yield "folders, and a name that is refused"
    page.fill("#new-label", "Kundar")
    press(page, '[value="create"]')
    page.select_option("#new-parent", "Kundar")
    page.fill("#new-label", "Vik")
    press(page, '[value="create"]')
    yield "folders in folders"
    page.goto("/folders/one/Kundar/")
    page.fill("#label", "Gamle kundar")
    press(page, '[value="rename"]')
    yield "a folder that was renamed"
    press(page, 'a[href^="/folders/delete/"]')
    yield "asked before a folder is deleted"
    press(page, "main .danger")
    page.goto("/folders/empty/Trash/")
    yield "an empty trash"
    yield from filing_screens(page)
    page.goto("/folder/NoSuch/")
    yield "error"


def filing_screens(page: Page):
    page.goto("/preferences/labels/")
    page.fill("#new-name", "Reise")
    press(page, '[value="add"]')
    yield "labels"
    page.goto("/folder/INBOX/")
    for question in ("label", "forever", "move"):
        page.locator(".pick").last.click()
        page.evaluate("do_ => document.querySelector(`.bulk [value=${do_}]`).click()", question)
        page.wait_for_selector("#filing-dialog[open]")
        yield f"question: {question}"
        page.locator("#filing-dialog .dialog-head button").click()
        page.locator(".pick").last.click()
    page.locator(".pick").last.click()
    page.locator('.bulk [value="archive"]').click()
    page.wait_for_selector("#done-notice")
    yield "list with a notice"
    page.goto("/done/")
    yield "recently done"
    page.goto(page.locator(".deed-buttons form").first.get_attribute("action").replace("undo/", ""))
    yield "one thing that was done"


@pytest.mark.parametrize("width", [1440, 360])
def test_axe_finds_nothing(open_page, width):
    page = open_page(width=width)
    found = {}
    for name in screens(page):
        for scheme in ("dark", "light"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            if broken := faults(page):
                found[name, scheme] = broken
    assert found == {}


def test_axe_finds_nothing_at_the_door(browser, program):
    page = browser.new_page(base_url=program.url)
    page.goto("/sign-in/")
    assert faults(page) == []
    page.fill("#username", "x")
    page.fill("#password", "y")
    page.keyboard.press("Enter")
    page.wait_for_selector("#error")
    assert faults(page) == []
    page.close()


@pytest.mark.parametrize("widths", [(320, 360, 768, 1024), (1280, 1920)], ids=str)
@pytest.mark.parametrize("language", ["nn", "en"])
def test_everything_fits_and_can_be_hit(open_page, widths, language):
    """Each screen is come to at the first width, as below 1280 px messages are pages of their own."""
    page = open_page(width=widths[0], height=256 if widths[0] == 320 else 800, language=language)
    for name in screens(page):
        for width in reversed(widths):
            page.set_viewport_size({"width": width, "height": 256 if width == 320 else 800})
            assert too_wide(page) <= 0, (name, width)
            if width in (360, 1280):
                assert too_small(page) == [], (name, width)
