"""Filing in a real browser: by key, by button, by dragging, with script and without, and taken back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

NOTICE = "#done-notice"


def subjects(page: Page) -> list[str]:
    return page.locator(".row .subject").all_text_contents()


def subject(page: Page, at: int) -> str:
    return page.locator(".row .subject").nth(at).text_content() or ""


def total_is(page: Page, count: int) -> None:
    expect(page.locator(".range").first).to_contain_text(f"of {count:,}")


def focused_row_is(page: Page, subject: str) -> None:
    expect(page.locator(".row:has(a.open:focus) .subject")).to_have_text(subject)


def said(page: Page, words: str) -> None:
    expect(page.locator(NOTICE)).to_contain_text(words)


class TestKeys:
    def test_archive_and_undo(self, open_page):
        page = open_page()
        page.keyboard.press("j")
        page.keyboard.press("j")
        gone, next_ = subject(page, 1), subject(page, 2)
        page.keyboard.press("e")
        said(page, "1 message archived")
        total_is(page, 59)
        assert gone not in subjects(page)
        focused_row_is(page, next_)
        page.keyboard.press("z")
        said(page, "Taken back: 1 message")
        total_is(page, 60)
        assert gone in subjects(page)

    def test_chosen_rows(self, open_page):
        page = open_page()
        for _ in range(3):
            page.keyboard.press("j")
            page.keyboard.press("x")
        expect(page.locator(".selected-count")).to_have_text("3 selected")
        fourth = subject(page, 3)
        page.keyboard.press("#")
        said(page, "3 messages moved to Trash")
        total_is(page, 57)
        focused_row_is(page, fourth)

    def test_move_by_the_folder_s_name(self, open_page):
        page = open_page()
        page.keyboard.press("j")
        page.keyboard.press("v")
        expect(page.get_by_role("dialog", name="Move 1 message")).to_be_visible()
        expect(page.locator("#filing-filter")).to_be_focused()
        page.keyboard.type("arch")
        page.keyboard.press("Enter")
        said(page, "1 message moved to Archive")
        total_is(page, 59)
        expect(page.locator("#filing-dialog")).not_to_be_visible()

    def test_a_question_that_is_left_changes_nothing(self, open_page):
        page = open_page()
        page.keyboard.press("j")
        page.keyboard.press("v")
        expect(page.locator("#filing-filter")).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.locator("#filing-dialog")).not_to_be_visible()
        total_is(page, 60)

    def test_labels(self, open_page):
        page = open_page()
        page.goto("/preferences/labels/")
        page.fill("#new-name", "Reise")
        with page.expect_navigation():
            page.click("[value=add]")
        page.goto("/folder/INBOX/")
        page.keyboard.press("j")
        page.keyboard.press("l")
        expect(page.get_by_role("dialog", name="Label 1 message")).to_be_visible()
        page.keyboard.press("Enter")
        said(page, "1 message labelled Reise")
        expect(page.locator(".row .label-chip")).to_have_text(["Reise"])
        page.locator(".row:has(.label-chip) a.open").click()
        expect(page.locator(".message-labels .label-chip")).to_have_text(["Reise"])

    def test_stars_and_unread(self, open_page):
        page = open_page()
        page.keyboard.press("j")
        for key, found in (("s", 1), ("s", 0)):
            page.keyboard.press(key)
            expect(page.locator(".row.starred")).to_have_count(found)
        page.keyboard.press("Shift+I")
        expect(page.locator(".row.unread")).to_have_count(49)
        page.keyboard.press("Shift+U")
        expect(page.locator(".row.unread")).to_have_count(50)

    def test_junk_and_back(self, open_page):
        page = open_page()
        page.keyboard.press("j")
        gone = subject(page, 0)
        page.keyboard.press("!")
        said(page, "1 message moved to Junk")
        page.goto("/folder/Junk/")
        expect(page.locator(".row .subject")).to_have_text([gone])
        page.keyboard.press("j")
        page.keyboard.press("!")
        said(page, "1 message is no junk")
        expect(page.get_by_role("heading", name="No junk")).to_be_visible()

    def test_for_ever_is_asked_in_the_trash(self, open_page):
        page = open_page()
        page.keyboard.press("j")
        page.keyboard.press("#")
        said(page, "1 message moved to Trash")
        page.goto("/folder/Trash/")
        page.keyboard.press("j")
        page.keyboard.press("#")
        expect(page.get_by_role("dialog", name="Delete 1 message for ever?")).to_be_visible()
        page.get_by_role("button", name="Delete for ever").last.click()
        said(page, "1 message deleted for ever")
        expect(page.locator(f"{NOTICE} [data-undo]")).to_have_count(0)


class TestDragging:
    def test_one_row(self, open_page):
        page = open_page()
        dragged = subject(page, 4)
        page.locator(".row").nth(4).drag_to(page.locator('.folder[data-name="Archive"]'))
        said(page, "1 message moved to Archive")
        total_is(page, 59)
        assert dragged not in subjects(page)

    def test_the_selected_ones(self, open_page):
        page = open_page()
        for at in (1, 2, 3):
            page.locator(".pick").nth(at).click()
        page.locator(".row").nth(2).drag_to(page.locator('.folder[data-name="Trash"]'))
        said(page, "3 messages moved to Trash")
        total_is(page, 57)
        page.locator(f"{NOTICE} [data-undo]").click()
        said(page, "Taken back: 3 messages")
        total_is(page, 60)

    def test_one_that_is_not_selected_goes_alone(self, open_page):
        page = open_page()
        page.locator(".pick").nth(1).click()
        page.locator(".row").nth(5).drag_to(page.locator('.folder[data-name="Archive"]'))
        said(page, "1 message moved to Archive")

    def test_onto_its_own_folder_nothing_happens(self, open_page):
        page = open_page()
        page.locator(".row").nth(4).drag_to(page.locator('.folder[data-name="INBOX"]'))
        page.keyboard.press("x")
        total_is(page, 60)
        expect(page.locator(NOTICE)).to_have_count(0)


@pytest.mark.parametrize("width", [800, 1440])
class TestTheOpenMessage:
    def opened(self, page: Page, at: int) -> None:
        page.locator("a.open").nth(at).click()
        page.wait_for_selector("article.message")

    def test_the_next_one_comes(self, open_page, width):
        page = open_page(width=width)
        next_ = subject(page, 6)
        self.opened(page, 5)
        if width == 1440:
            # The list is told of it from the server as well.
            page.wait_for_selector("html[data-live=live]")
            page.evaluate(
                "document.addEventListener('ekorn:rows', () => { document.body.dataset.heard = '' }, { once: true })"
            )
        page.keyboard.press("e")
        expect(page.locator("#subject")).to_have_text(next_)
        said(page, "1 message archived")
        if width == 1440:
            page.wait_for_selector("body[data-heard]")
            expect(page.locator(".row.is-open .subject")).to_contain_text(next_)
        page.keyboard.press("z")
        said(page, "Taken back: 1 message")

    def test_or_the_list(self, open_page, width):
        page = open_page(width=width)
        page.goto("/preferences/")
        page.get_by_label("Go back to the list").check(force=True)
        with page.expect_navigation():
            page.locator("form.settings .button").first.click()
        page.goto("/folder/INBOX/")
        self.opened(page, 5)
        page.get_by_role("button", name="Delete", exact=True).first.click()
        expect(page).to_have_url(re.compile("/folder/INBOX/$"))
        said(page, "1 message moved to Trash")
        total_is(page, 59)

    def test_moved_from_its_own_buttons(self, open_page, width):
        page = open_page(width=width)
        self.opened(page, 5)
        page.keyboard.press("v")
        page.locator("#filing-dialog, .sheet .filing-form").wait_for()
        page.get_by_role("button", name="Archive", exact=True).last.click()
        said(page, "1 message moved to Archive")


@pytest.mark.parametrize("width", [360, 1024])
class TestWithoutScript:
    def test_a_page_of_them(self, open_page, width):
        page = open_page(width=width, java_script_enabled=False)
        for at in (0, 3):
            page.locator('.row input[name="uid"]').nth(at).check(force=True)
        page.locator('.bulk [value="archive"]').click()
        said(page, "2 messages archived")
        total_is(page, 58)
        page.get_by_role("button", name="Undo").click()
        said(page, "Taken back: 2 messages")
        total_is(page, 60)

    def test_all_of_the_view(self, open_page, width):
        page = open_page(width=width, java_script_enabled=False)
        page.get_by_label("Select all 60 in this view").check()
        page.locator('.bulk [value="move"]').click()
        expect(page.get_by_role("heading", name="Move 60 messages")).to_be_visible()
        page.locator('.pickers [value="Trash"]').click()
        said(page, "60 messages moved to Trash")
        expect(page.get_by_role("heading", name="Nothing in the inbox")).to_be_visible()
        page.goto("/done/")
        page.get_by_role("button", name="Undo").click()
        expect(page.locator(".deeds li").first).to_contain_text("Taken back: 60 messages")

    def test_for_ever_from_the_message(self, open_page, width):
        page = open_page(width=width, java_script_enabled=False)
        page.locator("a.open").first.click()
        page.locator(".actions .menu summary").click()
        page.locator('.actions [value="forever"]').click()
        expect(page.get_by_role("heading", name="Delete 1 message for ever?")).to_be_visible()
        page.get_by_role("link", name="Keep").click()
        page.wait_for_selector("article.message")


def test_more_than_a_thousand_go_on_by_themselves(open_page, person):
    person.bulk("INBOX", [b"Subject: Mange %d\r\n\r\nHei\r\n" % number for number in range(1500)])
    page = open_page()
    total_is(page, 1560)
    page.locator("[data-select-all]").check()
    page.get_by_label("Select all 1,560 in this view").check()
    page.keyboard.press("e")
    said(page, "1,560 messages archived")
    expect(page.get_by_role("heading", name="Nothing in the inbox")).to_be_visible()
    page.locator(f"{NOTICE} [data-undo]").click()
    said(page, "Taken back: 1,560 messages")
    total_is(page, 1560)
