"""Conversations in a list, in a real browser: with script, without, with keys alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.mailbox.letters import letter
from tests.web.test_accessibility import faults, too_small, too_wide


def answer(number: int, *before: int) -> bytes:
    references = " ".join(f"<{one}@test.example>" for one in before)
    return letter(
        number, subject="Re: Plan", sender="Ola <ola@fjord.example>", extra=f"References: {references}\r\n"
    )


@pytest.fixture
def person(mail_user):
    """1 Plan ← 3 ← 5; 2 and 4 alone."""
    mail_user.deliver("INBOX", letter(1, subject="Plan"), flags=["\\Seen"])
    for message in (letter(2), answer(3, 1), letter(4), answer(5, 1, 3)):
        mail_user.deliver("INBOX", message)
    return mail_user


@pytest.fixture
def desk(open_page):
    def start(**options) -> Page:
        page = open_page(**options)
        page.get_by_role("button", name="Group as conversations").click()
        expect(page.locator(".row")).to_have_count(3)
        return page

    return start


@pytest.mark.parametrize("width", [360, 1440])
def test_without_script(desk, width):
    page = desk(width=width, java_script_enabled=False)
    page.get_by_role("link", name="3 messages in this conversation").click()
    expect(page.locator(".row")).to_have_count(6)
    page.locator("#j3").click()
    expect(page.locator(".row.thread.starred")).to_have_count(1)
    page.get_by_role("button", name="Group as conversations").click()
    expect(page.locator(".row")).to_have_count(5)


def test_unfolded_in_its_place(desk):
    page = desk()
    page.evaluate("window.stayed = true")
    link = page.get_by_role("link", name="3 messages in this conversation")
    page.locator("#m4 .pick").click()
    link.click()
    expect(page.locator(".row.inner")).to_have_count(3)
    expect(link).to_be_focused()
    expect(link).to_have_attribute("aria-expanded", "true")
    expect(page.locator("#m4 input")).to_be_checked()
    link.click()
    expect(page.locator(".row")).to_have_count(3)
    assert page.evaluate("window.stayed")


def test_a_box_for_all_of_them(desk):
    page = desk()
    page.locator("#m5 .pick").click()
    page.get_by_role("link", name="3 messages in this conversation").click()
    expect(page.locator(".row input:checked")).to_have_count(4)
    expect(page.locator(".selected-count")).to_have_text("1 selected")
    page.locator("#i3 .pick").click()
    expect(page.locator(".row input:checked")).to_have_count(2)
    expect(page.locator(".selected-count")).to_have_text("2 selected")
    page.keyboard.press("Shift+I")
    expect(page.locator(".row.unread")).to_have_count(4)
    expect(page.locator("#i5.unread")).to_have_count(0)
    expect(page.locator("#i3.unread")).to_have_count(1)


def test_with_keys_alone(desk):
    page = desk()
    page.keyboard.press("j")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".row.inner")).to_have_count(3)
    page.locator("#m5 a.open").focus()
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("#i3 a.open")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".row")).to_have_count(3)


def test_muted_by_its_key(desk):
    page = desk()
    page.keyboard.press("j")
    page.keyboard.press("m")
    expect(page.locator(".row.thread.muted")).to_have_count(1)
    page.keyboard.press("m")
    expect(page.locator(".row.muted")).to_have_count(0)


def test_reading_its_messages_one_by_one(desk):
    """The row is bold until the last of them is read."""
    page = desk()
    page.get_by_role("link", name="3 messages in this conversation").click()
    page.locator("#i5 a.open").click()
    expect(page.locator("#i5.unread")).to_have_count(0)
    expect(page.locator("#m5.unread")).to_have_count(1)
    page.locator("#i3 a.open").click()
    expect(page.locator("#m5.unread, #i3.unread")).to_have_count(0)


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (360, "dark"), (320, "light")])
def test_everybody_can_use_it(desk, width, scheme):
    page = desk(width=width, color_scheme=scheme)
    page.locator(".pick").first.click()
    page.get_by_role("link", name="3 messages in this conversation").click()
    expect(page.locator(".row.inner")).to_have_count(3)
    assert (faults(page), too_wide(page), too_small(page)) == ([], 0, [])
    page.keyboard.press("m")
    expect(page.locator(".row.thread.muted")).to_have_count(1)
    assert (faults(page), too_wide(page)) == ([], 0)
