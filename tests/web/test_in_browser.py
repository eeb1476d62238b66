"""What people do with the pages, in a real browser: with script, without, with keys alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

WITHOUT = {"java_script_enabled": False}


def subject(page: Page):
    return page.locator("#subject")


@pytest.mark.parametrize("width", [360, 800, 1440])
def test_everything_works_without_script(open_page, width):
    page = open_page(width=width, **WITHOUT)
    expect(page.locator("h1")).to_have_text("Inbox")
    page.locator("a.open").first.click()
    expect(subject(page)).to_have_text("Vidaresend")
    page.get_by_role("link", name="Older message").click()
    expect(subject(page)).to_have_text("Vedlegg")
    page.get_by_role("link", name="Older message").click()
    expect(subject(page)).to_have_text("Nytt frå fjorden")
    expect(page.frame_locator("iframe.frame").locator("h1")).to_have_text("Designa utgåve")
    page.get_by_role("link", name="Show once").click()
    expect(page.locator(".privacy")).to_contain_text("this once")
    page.get_by_role("button", name="Star").click()
    expect(page.locator("#message-star")).to_have_attribute("aria-pressed", "true")
    page.locator(".actions .menu summary").click()
    page.locator(".actions [value=unseen]:visible").first.click()
    expect(page.locator(".row.unread.starred")).to_have_count(1)
    page.locator(".row button.star").first.click()
    expect(page.locator(".row.starred")).to_have_count(2)
    page.locator('input[name="uid"]').nth(0).check(force=True)
    page.locator(".bulk .menu summary").click()
    page.locator(".bulk [value=unstar]").click()
    expect(page.locator(".row.starred")).to_have_count(1)
    page.locator('.pages a[rel="next"]').click()
    expect(page.locator(".range")).to_contain_text("51–60 of 60")
    if width < 1024:
        page.get_by_role("button", name="Folders").click()
    page.locator("nav.folders a", has_text="Inbox").click()
    expect(page.locator(".range")).to_contain_text("1–50 of 60")
    page.locator(".account summary").click()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.locator(".account summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("#username")).to_be_visible()


def test_a_message_opens_beside_its_list(open_page):
    page = open_page()
    page.locator(".list").evaluate("element => element.scrollTop = 300")
    page.locator(".row .pick").nth(8).click()
    page.locator("a.open").nth(9).click()
    expect(subject(page)).to_be_focused()
    expect(page.locator(".row.is-open")).to_have_count(1)
    expect(page).to_have_url(re.compile("/message/INBOX/"))
    expect(page).to_have_title(re.compile("Brev nummer"))
    page.locator("a[data-open=older]").click()
    expect(subject(page)).to_have_text("Brev nummer 49")
    page.go_back()
    expect(subject(page)).to_have_text("Brev nummer 50")
    page.go_back()
    expect(page.locator(".nothing-open")).to_be_visible()
    expect(page).to_have_url(re.compile("/folder/INBOX/$"))
    expect(page).to_have_title(re.compile("Inbox"))
    assert page.locator(".list").evaluate("element => element.scrollTop") == 300
    expect(page.locator('input[name="uid"]:checked')).to_have_count(1)


def test_what_is_read_beside_the_list_counts(open_page):
    page = open_page()
    expect(page.locator("#list-count")).to_have_text("60 unread of 60")
    page.locator("a.open").first.click()
    expect(page.locator("#list-count")).to_have_text("59 unread of 60")
    expect(page.locator(".folders [aria-current] .count")).to_have_text("59")
    expect(page.locator(".row.unread")).to_have_count(49)
    page.get_by_role("button", name="Mark as unread").click()
    expect(page.locator(".nothing-open")).to_be_visible()
    expect(page.locator(".row.unread")).to_have_count(50)


def test_an_address_of_a_message_brings_its_list(open_page):
    page = open_page()
    page.locator("a.open").nth(3).click()
    expect(subject(page)).to_be_visible()
    page.reload()
    expect(page.locator("h1")).to_have_count(1)
    expect(page.locator(".row.is-open")).to_have_count(1)
    page.locator("a.open").nth(1).click()
    expect(subject(page)).to_have_text("Vedlegg")


def test_keys(open_page):
    page = open_page()
    press = page.keyboard.press
    press("j")
    press("j")
    expect(page.locator("a.open").nth(1)).to_be_focused()
    press("x")
    expect(page.locator('input[name="uid"]:checked')).to_have_count(1)
    press("x")
    press("s")
    expect(page.locator(".row.starred")).to_have_count(1)
    expect(page.locator(".row").nth(1)).to_have_class(re.compile("starred"))
    page.locator("a.open").nth(1).focus()
    press("o")
    expect(subject(page)).to_have_text("Vedlegg")
    press("n")
    expect(subject(page)).to_have_text("Nytt frå fjorden")
    press("p")
    expect(subject(page)).to_have_text("Vedlegg")
    press("u")
    expect(page.locator(".nothing-open")).to_be_visible()
    press("?")
    expect(page.locator("dialog#keys")).to_be_visible()
    press("j")
    press("Escape")
    expect(page.locator("dialog#keys")).not_to_be_visible()
    press("Shift+U")
    expect(page.locator(".row").nth(1)).to_have_class(re.compile("unread"))
    press("g")
    press("i")
    expect(page).to_have_url(re.compile("/folder/INBOX/$"))


def test_keys_can_be_switched_off(open_page):
    page = open_page()
    page.goto("/preferences/")
    page.get_by_role("checkbox", name="Keyboard shortcuts").uncheck()
    page.get_by_role("button", name="Save").click()
    page.goto("/folder/INBOX/")
    page.keyboard.press("j")
    page.keyboard.press("?")
    expect(page.locator("a.open").first).not_to_be_focused()
    expect(page.locator("dialog")).to_have_count(0)


def test_keys_on_a_narrow_screen(open_page):
    page = open_page(width=800)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(subject(page)).to_be_visible()
    page.keyboard.press("j")
    expect(subject(page)).to_have_text("Vedlegg")
    page.keyboard.press("u")
    expect(page.locator(".rows")).to_be_visible()


def test_selecting_all_and_a_range(open_page):
    page = open_page()
    page.locator("[data-select-all]").check()
    expect(page.locator(".selected-count")).to_have_text("50 selected")
    page.locator("[data-select-all]").uncheck()
    page.locator(".pick").nth(2).click()
    page.locator(".pick").nth(6).click(modifiers=["Shift"])
    expect(page.locator(".selected-count")).to_have_text("5 selected")
    page.locator(".bulk .menu summary").click()
    page.locator(".bulk [value=seen]:visible").click()
    expect(page.locator(".row.unread")).to_have_count(45)
    expect(page.locator(".selected-count")).to_have_text("5 selected")


@pytest.mark.parametrize("options", [{}, WITHOUT])
def test_back_after_signing_out_shows_no_mail(open_page, options):
    page = open_page(width=800, **options)
    page.locator("a.open").first.click()
    expect(subject(page)).to_be_visible()
    page.locator(".account summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("#username")).to_be_visible()
    for _ in range(3):
        page.go_back()
        expect(page.locator("#username")).to_be_visible()
        assert page.locator("article.message, .rows").count() == 0


def test_back_on_a_narrow_screen_knows_what_was_read(open_page):
    page = open_page(width=800)
    page.mouse.wheel(0, 600)
    expect(page.locator(".row.unread")).to_have_count(50)
    page.locator("a.open").nth(20).click()
    expect(subject(page)).to_have_text("Brev nummer 39")
    page.go_back()
    expect(page.locator(".row.unread")).to_have_count(49)
    assert page.evaluate("scrollY") > 100


def test_the_frame_is_as_high_as_its_letter(open_page):
    page = open_page()
    page.locator("a.open").nth(2).click()
    frame = page.locator("iframe.frame")
    expect(frame).to_be_visible()
    page.wait_for_selector("iframe.frame[style*='height']")
    inner = page.frames[-1].evaluate("document.documentElement.scrollHeight") if len(page.frames) > 1 else 0
    assert abs(frame.bounding_box()["height"] - inner) <= 4


def test_nothing_is_kept_in_the_browser(open_page):
    page = open_page()
    page.locator("a.open").first.click()
    expect(subject(page)).to_be_visible()
    kept = page.evaluate("({...localStorage, ...sessionStorage})")
    # htmx notes the address that it is at, and no more.
    assert {name: value for name, value in kept.items() if not value.startswith("/")} == {}
    assert set(kept) <= {"htmx-current-path-for-history"}


def test_only_our_own_host_is_asked(open_page, program):
    page = open_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for number in range(4):
        page.locator("a.open").nth(number).click()
        expect(page.locator(".row.is-open")).to_have_count(1)
    page.wait_for_load_state("load")
    assert asked
    assert [url for url in asked if not url.startswith(program.url)] == []
