"""The address book in a real browser: with script and without, on a phone and at a desk, for everybody."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.web.test_accessibility import faults, press, too_small, too_wide

LONG = "Kommunale tenester i Vik kommune med eit uvanleg langt namn som ikkje får plass på linja"
ROWS = [
    "Name,Organization Name,Notes,Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value",
    "Åse Ødegård,Fjord AS,Likes skiing,Choir,Work,ase@fjord.example,Hytta,ase.odegard.privat@eit-langt-namn.example",
    "Kari Nes,,,Choir,,kari@fjord.example,,",
    '"Nes, Kari",,,,,kari.nes@fjord.example,,',
    f"{LONG},,,,,{'x' * 60}@fjord.example,,",
    "Bad,,,,,no address,,",
    *(
        f"{letter}{number:02} Etternamn,,,,,{letter}{number}@fjord.example,,"
        for letter in "BCD"
        for number in range(20)
    ),
]
FILE = {"name": "contacts.csv", "mimeType": "text/csv", "buffer": "\n".join(ROWS).encode()}


def bring(page: Page) -> None:
    page.goto("/contacts/files/")
    page.set_input_files("#file", FILE)
    page.locator(".import .button").click()
    expect(page.locator(".problems li")).to_have_count(1)


def screens(page: Page):
    page.goto("/contacts/")
    yield "empty"
    bring(page)
    yield "imported"
    page.goto("/contacts/")
    yield "list"
    page.locator(".pick-one").first.click()
    yield "list with somebody selected"
    page.goto("/contacts/?q=nobody")
    yield "nothing found"
    page.goto("/contacts/?q=odegard")
    press(page, "a.who")
    yield "contact"
    press(page, ".person-card a.button")
    page.locator('[name="address"]').first.fill("no address")
    press(page, ".person-form .form-actions .button")
    yield "form with something wrong"
    page.goto("/contacts/groups/")
    yield "groups"
    press(page, ".group-list a")
    page.locator(".group-head summary").click()
    yield "group with its menu"
    page.goto("/contacts/doubles/")
    yield "doubles"
    press(page, ".double .button")
    yield "merged, with a way back"
    page.goto("/contacts/files/")
    yield "files"
    page.goto("/contacts/collected/")
    yield "collected"


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (360, "dark")])
def test_axe_finds_nothing(open_page, width, scheme):
    page = open_page(width=width, color_scheme=scheme)
    found = {name: broken for name in screens(page) if (broken := faults(page))}
    assert found == {}


@pytest.mark.parametrize("width", [320, 360, 768, 1440])
def test_everything_fits_and_can_be_hit(open_page, width):
    page = open_page(width=width)
    for name in screens(page):
        assert too_wide(page) <= 0, name
        assert too_small(page) == [], name


@pytest.mark.parametrize("script", [True, False])
def test_from_a_message_to_a_contact(open_page, script):
    page = open_page(width=1024, java_script_enabled=script)
    page.goto("/folder/INBOX/")
    page.locator("a.open", has_text="Nytt frå fjorden").click()
    page.locator(".people-more summary").click()
    page.get_by_role("button", name="Add sender to contacts").click()
    expect(page.locator("#subject")).to_have_text("Nytt frå fjorden")
    expect(page.locator(".notice")).to_contain_text("Fjordposten is in your contacts now.")
    page.locator(".account summary").click()
    page.get_by_role("link", name="Contacts").click()
    page.get_by_role("link", name="Fjordposten").click()
    expect(page.get_by_role("link", name="Write to nyhende@fjordposten.example")).to_have_attribute(
        "href", "/compose/?to=Fjordposten+%3Cnyhende%40fjordposten.example%3E"
    )


@pytest.mark.parametrize("script", [True, False])
def test_written_deleted_and_taken_back(open_page, script):
    page = open_page(width=360, java_script_enabled=script)
    page.goto("/contacts/")
    page.get_by_role("link", name="New contact").click()
    page.get_by_label("Name", exact=True).fill("Solveig Haugen")
    page.get_by_label("Address 1", exact=True).fill("solveig@fjord.example")
    page.get_by_label("Notes").fill("Likes skiing")
    page.get_by_role("button", name="One more address").click()
    expect(page.get_by_label("Notes")).to_have_value("Likes skiing")
    page.get_by_label("Address 2", exact=True).fill("sol@heime.example")
    page.get_by_label("New group").fill("Choir")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#person-name")).to_have_text("Solveig Haugen")
    expect(page.locator(".lines li")).to_have_count(2)
    page.get_by_role("button", name="Delete").click()
    expect(page.locator(".notice")).to_contain_text("1 contact was deleted.")
    expect(page.locator(".empty")).to_contain_text("No contacts yet")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("link", name="Solveig Haugen")).to_be_visible()
    page.get_by_role("link", name="Groups").click()
    page.get_by_role("link", name="Choir").click()
    expect(page.get_by_role("link", name="Solveig Haugen")).to_be_visible()


def test_letters_lead_to_their_place(open_page):
    page = open_page(width=1024)
    bring(page)
    page.goto("/contacts/")
    page.locator(".letters").get_by_role("link", name="D", exact=True).click()
    expect(page.locator("#letter-D")).to_be_in_viewport()
    page.locator(".letters").get_by_role("link", name="Å", exact=True).click()
    expect(page.locator("#letter-Å")).to_be_in_viewport()


def test_suggested_while_writing(open_page):
    page = open_page(width=1024)
    bring(page)
    page.goto("/compose/")
    to = page.get_by_role("combobox").first
    to.press_sequentially("odeg")
    expect(page.locator(".suggestions:visible li").first).to_contain_text("Åse Ødegård")
    to.press("Enter")
    to.press_sequentially("choir")
    expect(page.locator(".suggestions:visible li").first).to_contain_text("Choir")
    to.press("Enter")
    expect(page.locator(".chip")).to_have_count(2)
    expect(page.locator(".chip").last).to_contain_text("Kari Nes")


def test_written_to_from_the_address_book(open_page):
    page = open_page(width=1024, java_script_enabled=False)
    bring(page)
    page.goto("/contacts/?q=kari")
    for box in page.locator('[name="contact"]').all():
        box.check(force=True)
    page.get_by_role("button", name="Write to").click()
    expect(page.locator("#to")).to_have_value(
        'Kari Nes <kari@fjord.example>, "Nes, Kari" <kari.nes@fjord.example>'
    )
