"""Pages that bring themselves up to date, in a real browser beside another client of the same mailbox."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.servers.dovecot import MailUser
from tests.servers.program import Program

LETTER = b"From: Ola Nes <ola@fjord.example>\r\nSubject: Brev %d\r\n\r\nHei\r\n"
KEPT = "row => row.kept = true"


def listening(page: Page) -> Page:
    expect(page.locator("html")).to_have_attribute("data-live", "live")
    return page


@pytest.fixture
def desk(browser: Browser, program: Program, mail_user: MailUser) -> Iterator[Callable[..., Page]]:
    """`desk()`: a browser of its own, signed in, at an inbox of thirty letters, told of what changes."""
    mail_user.bulk("INBOX", [LETTER % number for number in range(1, 31)])
    contexts, faults = [], []

    def start(**options: Any) -> Page:
        context = browser.new_context(
            base_url=program.url, viewport={"width": 1440, "height": 900}, locale="en", **options
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto("/")
        page.fill("#username", mail_user.name)
        page.fill("#password", mail_user.password)
        with page.expect_response(
            lambda answer: "/folder/INBOX/" in answer.url and answer.request.is_navigation_request()
        ):
            page.keyboard.press("Enter")
        return listening(page)

    yield start
    for context in contexts:
        context.close()
    assert faults == []


def first(page: Page) -> Any:
    return page.locator(".row .subject").first


def test_new_mail_shows_by_itself(desk, mail_user) -> None:
    page = desk()
    page.mouse.move(720, 10)
    page.locator(".row").nth(3).evaluate(KEPT)
    mail_user.deliver("INBOX", LETTER % 31)
    expect(first(page)).to_have_text("Brev 31")
    expect(page).to_have_title("Inbox (31) · Ekorn")
    expect(page.locator('#folder-list a[data-role="inbox"] .count')).to_have_text("31")
    expect(page.locator(".row").nth(4)).to_have_js_property("kept", True)
    expect(page.locator('link[rel="icon"]')).to_have_attribute("href", re.compile("^data:image/png"))


def test_nothing_moves_under_the_pointer(desk, mail_user) -> None:
    page = desk()
    page.locator(".row").nth(2).hover()
    mail_user.deliver("INBOX", LETTER % 31)
    mail_user.deliver("INBOX", LETTER % 32)
    bar = page.locator(".news button")
    expect(bar).to_have_text("2 new messages")
    expect(first(page)).to_have_text("Brev 30")
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
    assert found.response["violations"] == [], found.generate_report()
    bar.click()
    expect(first(page)).to_have_text("Brev 32")
    expect(page.locator(".row a.open").first).to_be_focused()
    expect(bar).to_have_count(0)


def test_flags_and_expunges_keep_selection_and_focus(desk, mail_user) -> None:
    page = desk()
    page.locator('.row input[name="uid"]').nth(4).check(force=True)
    page.locator(".row a.open").nth(6).focus()
    page.locator(".row").nth(8).evaluate(KEPT)
    with mail_user.imap() as phone:
        phone.select("INBOX")
        phone.uid("STORE", "26,24", "+FLAGS", r"(\Seen \Flagged)")
        expect(page.locator("#m26")).to_have_class("row starred")
        expect(page.locator("#m24")).to_have_class("row starred")
        expect(page.locator('#m26 input[name="uid"]')).to_be_checked()
        expect(page.locator("#m24 a.open")).to_be_focused()
        phone.uid("STORE", "29", "+FLAGS", r"\Deleted")
        phone.expunge()
        expect(page.locator("#m29")).to_have_count(0)
    expect(page.locator("#m22")).to_have_js_property("kept", True)
    expect(page.locator(".selected-count")).to_have_text("1 selected")
    expect(page.locator("#m24 a.open")).to_be_focused()


def test_a_filtered_list_keeps_what_was_in_it(desk, mail_user) -> None:
    page = desk()
    page.goto("/folder/INBOX/?only=unread")
    listening(page)
    with mail_user.imap() as phone:
        phone.select("INBOX")
        phone.uid("STORE", "29", "+FLAGS", r"\Seen")
    expect(page.locator('#folder-list a[data-role="inbox"] .count')).to_have_text("29")
    expect(page.locator("#m29")).to_have_count(1)
    mail_user.deliver("INBOX", LETTER % 31)
    page.locator(".news button").click()
    expect(first(page)).to_have_text("Brev 31")


def test_what_comes_together_moves_nothing_else(desk, mail_user) -> None:
    """An open message stays open, and a search stays as it was found."""
    page = desk()
    page.locator("#m28 a.open").click()
    expect(page.locator("#subject")).to_have_text("Brev 28")
    mail_user.deliver("INBOX", LETTER % 31)
    expect(page.locator(".news button")).to_be_visible()
    expect(page.locator("#m28.is-open")).to_have_count(1)
    expect(page.locator("#subject")).to_have_text("Brev 28")
    page.goto("/folder/INBOX/?q=brev")
    listening(page)
    mail_user.deliver("INBOX", LETTER % 32)
    expect(page.locator('#folder-list a[data-role="inbox"] .count')).to_have_text("31")
    expect(first(page)).to_have_text("Brev 31")


def test_two_browsers_agree(desk, mail_user) -> None:
    one, other = desk(), desk()
    one.locator("#s30").click()
    expect(other.locator("#m30.starred")).to_have_count(1)
    other.locator("#s30").click()
    expect(one.locator("#m30.starred")).to_have_count(0)


def test_two_tabs_share_one_stream(desk, mail_user) -> None:
    page = desk()
    asked: list[str] = []
    other = page.context.new_page()
    other.on("request", lambda request: asked.append(request.url))
    other.goto("/folder/INBOX/")
    listening(other)
    mail_user.deliver("INBOX", LETTER % 31)
    expect(first(other)).to_have_text("Brev 31")
    expect(first(page)).to_have_text("Brev 31")
    assert not [url for url in asked if "/live/" in url]
    with other.expect_request(lambda request: "/live/" in request.url):
        page.close()


def test_notifications_are_asked_for_by_a_click_and_come_once(desk, mail_user) -> None:
    page = desk(permissions=["notifications"])
    page.add_init_script(
        "window.told = []; window.Notification = class { static permission = 'granted';"
        " static requestPermission() { return Promise.resolve('granted'); }"
        " constructor(title, options) { told.push([title, options.body]); } };"
        " document.hasFocus = () => false;"
    )
    page.goto("/preferences/")
    page.get_by_role("button", name="Tell me about new mail").click()
    expect(page.get_by_text("You will be told about new mail.")).to_be_visible()
    page.goto("/folder/INBOX/")
    listening(page)
    mail_user.deliver("INBOX", LETTER % 31)
    page.wait_for_function("() => told.length")
    assert page.evaluate("told") == [["Ola Nes", "Brev 31"]]
    page.goto("/preferences/")
    page.get_by_label("Show who wrote").uncheck()
    page.goto("/folder/INBOX/")
    listening(page)
    mail_user.deliver("INBOX", LETTER % 32)
    page.wait_for_function("() => told.length")
    assert page.evaluate("told") == [["1 new message", ""]]


def test_a_page_that_is_refused_looks_for_itself(browser: Browser, mail_user: MailUser) -> None:
    with Program(imap_url=mail_user.server.url, env={"LIVE_STREAMS": "0"}) as program:
        context = browser.new_context(
            base_url=program.url, viewport={"width": 1440, "height": 900}, locale="en"
        )
        page = context.new_page()
        page.clock.install()
        page.goto("/")
        page.fill("#username", mail_user.name)
        page.fill("#password", mail_user.password)
        page.keyboard.press("Enter")
        expect(page.locator("html")).to_have_attribute("data-live", "waiting")
        page.clock.fast_forward("00:25")
        expect(page.locator("#live-state")).to_have_text("New mail is looked for once a minute now.")
        mail_user.deliver("INBOX", LETTER % 1)
        page.clock.fast_forward("01:01")
        expect(first(page)).to_have_text("Brev 1")
        context.close()


def test_a_signed_out_page_leaves(desk) -> None:
    page = desk()
    other = page.context.new_page()
    other.goto("/folder/INBOX/")
    other.locator(".account summary").click()
    other.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in/**")
