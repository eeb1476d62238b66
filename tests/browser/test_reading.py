"""Reading mail in a real Chromium: with script, without it, by keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.desk import Desk
from tests.servers.dovecot import MailUser

DESK_WIDTH = {"width": 1024, "height": 800}


def open_row(page: Page, at: int) -> str:
    """Opens a row of the list and says its subject."""
    row = page.locator(".rows .row").nth(at)
    subject = row.locator(".subject").inner_text()
    row.locator("a.open").click()
    expect(page.locator("#subject")).to_have_text(subject)
    return subject


class TestOnItsOwnPage:
    def test_open_next_star_and_back(self, desk: Desk) -> None:
        page = desk.page
        open_row(page, 3)
        following = page.locator("a[data-open=older]").get_attribute("href")
        page.keyboard.press("j")
        page.wait_for_url(f"**{following}*")
        star = page.locator("#message-star")
        before = star.get_attribute("aria-pressed")
        star.click()
        expect(star).not_to_have_attribute("aria-pressed", before or "")
        star.click()
        expect(star).to_have_attribute("aria-pressed", before or "")
        page.keyboard.press("u")
        page.wait_for_url("**/folder/INBOX/")
        expect(page.locator(".rows .row").first).to_be_visible()

    def test_back_restores_where_one_was(self, desk: Desk) -> None:
        page = desk.page
        page.locator(".rows .row").nth(40).scroll_into_view_if_needed()
        expect(page.locator(".rows .row").first).not_to_be_in_viewport()
        open_row(page, 40)
        page.go_back()
        expect(page.locator(".rows .row").nth(40)).to_be_in_viewport()

    def test_the_letter_in_its_frame_is_as_high_as_it_is(
        self, desk: Desk, newest: Callable[[str], str]
    ) -> None:
        desk.goto(newest("newsletter"))
        frame = desk.page.locator("iframe.frame")
        expect(frame).to_have_attribute("sandbox", re.compile(r"^(?!.*allow-scripts)"))
        desk.page.wait_for_function(
            "() => { const f = document.querySelector('iframe.frame'), d = f.contentDocument;"
            " return d?.body && f.clientHeight > 500 && f.clientHeight >= d.body.scrollHeight - 2 }"
        )
        expect(desk.page.frame_locator("iframe.frame").locator("h3").first).to_be_visible()

    def test_pictures_from_elsewhere_stay_there(self, desk: Desk, newest: Callable[[str], str]) -> None:
        desk.goto(newest("newsletter"))
        blocked = desk.page.locator(".privacy")
        expect(blocked).to_contain_text("blocked")
        desk.expected = (404, 503)
        with desk.page.expect_response(lambda answer: "/picture/" in answer.url):
            blocked.get_by_text("Show once").click()
        expect(desk.page.locator(".privacy")).to_contain_text("fetched by us")

    def test_inline_pictures_are_shown(self, desk: Desk, newest: Callable[[str], str]) -> None:
        desk.goto(newest("picture"))
        picture = desk.page.frame_locator("iframe.frame").locator("img")
        expect(picture).to_be_visible()
        desk.page.wait_for_function(
            "() => document.querySelector('iframe.frame').contentDocument?.querySelector('img')?.naturalWidth === 64"
        )

    def test_attachments_are_saved(self, desk: Desk, newest: Callable[[str], str]) -> None:
        desk.goto(newest("attachment"))
        card = desk.page.locator(".card").first
        expect(card).to_contain_text(".pdf")
        with desk.page.expect_download() as download:
            card.locator("a[download]").click()
        assert re.fullmatch(r"report-\d+\.pdf", download.value.suggested_filename)
        assert download.value.path().read_bytes().startswith(b"%PDF-1.4")


class TestWithoutScript:
    def test_marking_several(self, desk_of: Callable[..., Desk], reader: MailUser) -> None:
        desk = desk_of(viewport=DESK_WIDTH, java_script_enabled=False)
        desk.sign_in(reader)
        page = desk.page
        for action, state in (("unseen", True), ("seen", False), ("unseen", True)):
            for at in (10, 11):
                page.locator(".rows .row input[name=uid]").nth(at).check(force=True)
            page.locator(".bulk .menu summary").click()
            page.locator(f".bulk button[value={action}]:visible").click()
            for at in (10, 11):
                expect(page.locator(".rows .row").nth(at)).to_have_class(
                    re.compile("unread") if state else re.compile(r"^(?!.*unread)")
                )

    def test_a_letter_with_html(
        self, desk_of: Callable[..., Desk], reader: MailUser, newest: Callable[[str], str]
    ) -> None:
        desk = desk_of(viewport=DESK_WIDTH, java_script_enabled=False)
        desk.sign_in(reader)
        desk.goto(newest("newsletter"))
        expect(desk.page.frame_locator("iframe.frame").locator("h3").first).to_be_visible()
        desk.page.locator(".actions .menu summary").click()
        desk.page.get_by_text("Show as plain text").click()
        expect(desk.page.locator(".letter .text")).to_be_visible()
        desk.page.locator(".account summary").click()
        desk.page.get_by_role("button", name="Sign out").click()
        desk.page.wait_for_url("**/sign-in/**")


class TestByKeyboardAlone:
    def test_from_the_door_to_a_letter_and_back(self, desk_of: Callable[..., Desk], reader: MailUser) -> None:
        desk = desk_of(viewport=DESK_WIDTH)
        desk.expected = (422,)
        desk.goto("/")
        page = desk.page
        expect(page.locator("#username")).to_be_focused()
        page.keyboard.type(reader.name)
        page.keyboard.press("Tab")
        page.keyboard.type("not it")
        page.keyboard.press("Enter")
        expect(page.locator("#error")).to_be_visible()
        expect(page.locator("#password")).to_be_focused()
        page.keyboard.type(reader.password)
        page.keyboard.press("Enter")
        page.wait_for_url("**/folder/INBOX/")
        page.keyboard.press("Tab")
        assert desk.focused() == "a.skip"
        page.keyboard.press("Enter")
        desk.tab_to(".rows .row a.open")
        row = page.locator(".rows .row:has(a.open:focus-visible)")
        focused = row.screenshot()
        assert row.evaluate(
            "row => { window.at = row.querySelector('a.open'); window.at.blur(); return true }"
        )
        assert page.locator(".rows .row").first.screenshot() != focused
        page.evaluate("() => window.at.focus()")
        page.keyboard.press("Enter")
        page.wait_for_url("**/message/INBOX/**")
        desk.tab_to("#message-star")
        desk.tab_to(".actions .menu summary")
        page.keyboard.press("Enter")
        expect(page.get_by_text("All headers")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_text("All headers")).not_to_be_visible()
        page.keyboard.press("u")
        page.wait_for_url(re.compile(r"/folder/INBOX/(#main)?$"))
