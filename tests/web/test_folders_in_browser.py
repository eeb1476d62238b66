"""Managing folders in a real browser: with script, without it, with keys alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

WITHOUT = {"java_script_enabled": False}


def make(page: Page, label: str, inside: str = "") -> None:
    page.goto("/folders/")
    page.get_by_label("Name", exact=True).fill(label)
    if inside:
        page.get_by_label("Inside").select_option(inside)
    page.get_by_role("button", name="Make the folder").click()
    expect(page.locator(f'.one[data-folder="{inside + "/" if inside else ""}{label}"]')).to_be_visible()


def sidebar(page: Page) -> list[str]:
    return page.locator("#folder-list .name").all_text_contents()


@pytest.mark.parametrize("width", [360, 1440])
def test_everything_works_without_script(open_page, width):
    page = open_page(width=width, **WITHOUT)
    page.get_by_role("link", name="Folder settings").click()
    expect(page.locator("main")).to_contain_text("The inbox can't be renamed or deleted.")
    page.get_by_role("main").get_by_role("link", name="Folders").click()
    make(page, "Kundar")
    make(page, "Vik & sønar", "Kundar")
    page.get_by_role("button", name="Make the folder").scroll_into_view_if_needed()
    page.get_by_label("Name", exact=True).fill("Kundar")
    page.get_by_role("button", name="Make the folder").click()
    expect(page.locator("#new-label-wrong")).to_have_text("There is a folder of that name already.")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Kundar")
    page.locator(".one-name").get_by_role("link", name="Kundar").click()
    page.get_by_label("Name", exact=True).fill("Gamle kundar")
    page.get_by_role("button", name="Save").first.click()
    expect(page.locator("h1")).to_have_text("Gamle kundar")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("h1")).to_have_text("Kundar")
    page.get_by_role("link", name="Delete the folder…").click()
    expect(page.locator(".going")).to_contain_text("Kundar/Vik & sønar")
    page.get_by_role("button", name="Delete for ever").click()
    expect(page.locator("#notices")).to_contain_text("was deleted")
    expect(page.locator('.one[data-folder^="Kundar"]')).to_have_count(0)


def test_folding_keeps_the_page(open_page):
    page = open_page()
    make(page, "Kundar")
    make(page, "Vik", "Kundar")
    page.goto("/folder/INBOX/")
    page.evaluate("window.stayed = true")
    put_away = page.get_by_role("button", name="Put away what is in Kundar")
    expect(put_away).to_have_attribute("aria-expanded", "true")
    put_away.focus()
    page.keyboard.press("Enter")
    shows = page.get_by_role("button", name="Show what is in Kundar")
    expect(shows).to_have_attribute("aria-expanded", "false")
    expect(shows).to_be_focused()
    assert "Vik" not in sidebar(page)
    expect(page.locator('#folder-list [aria-current="page"]')).to_contain_text("Inbox")
    assert page.evaluate("window.stayed") is True
    shows.click()
    expect(page.get_by_role("button", name="Put away what is in Kundar")).to_be_visible()
    assert "Vik" in sidebar(page)


def test_order_by_dragging_and_by_the_arrows(open_page):
    page = open_page()
    for label in ("A", "B", "C"):
        make(page, label)
    with page.expect_navigation():
        page.locator('.one[data-folder="C"]').drag_to(page.locator('.one[data-folder="A"]'))
    assert sidebar(page)[-3:] == ["C", "A", "B"]
    with page.expect_navigation():
        page.get_by_role("button", name="Move A up").press("Enter")
    assert sidebar(page)[-3:] == ["A", "C", "B"]


def test_hostile_names_are_text(open_page, person):
    page = open_page()
    names = ["<img src=x onerror=alert(1)>", '"><script>alert(1)<', "\u202eexe", "  two  spaces  "]
    for label in names:
        page.goto("/folders/")
        page.get_by_label("Name", exact=True).fill(label)
        page.get_by_role("button", name="Make the folder").click()
        expect(page.locator("#notices")).to_contain_text("was made")
    assert set(names) <= set(page.locator(".one-name a").all_text_contents())
    assert set(names) <= set(sidebar(page))
    page.get_by_role("link", name=names[0]).first.click()
    expect(page.locator("h1")).to_have_text(names[0])
