"""`python -m tests.browser.screens DIRECTORY [URL]`: pictures of every screen, to be looked at by people.

Without a URL it starts the demo's mail server and the program; widths, themes and languages are those below.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser import chromium
from tests.servers.program import Program
from webmail.demo.people import ACCOUNTS
from webmail.demo.server import MailServer

SIZES = {360: 740, 768: 1024, 1440: 900}
THEMES = ("light", "dark")
LANGUAGES = ("nn", "en")
# Frames grow and pictures arrive, in milliseconds.
SETTLE = 400

NAMES = (
    "Solveig Haugen;Åse Ødegård;Øyvind Bakke;Ærlig Talt;Marit Lid;Lid, Marit;José Müller;Anna Berg;Bjørn Lie"
    ";Cecilie Strand;David Vik;Eva Lund;Frode Haugland;Hanne Solberg;Ingrid Hauge"
    ";Knut Ruud;Postmottak for kommunale tenester i Vik"
).split(";")
ADDRESS_BOOK = "\n".join(
    (
        "Name,Organization Name,Notes,Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value",
        *(
            f'"{name}",{("Fjord AS", "")[at % 2]},{("Likar ski", "")[at % 3 > 0]},{("Koret", "Naboar")[at % 2]},Work,'
            f"person{at}@fjord.example,Hytta,person{at}@heime.example"
            for at, name in enumerate(NAMES)
        ),
        *(f"Tilsett {at:02},,,,,tilsett{at}@vik.example,," for at in range(40)),
        "Bo,,,,,not an address,,",
    )
).encode()


@dataclass(frozen=True, slots=True)
class Camera:
    directory: Path
    page: Page
    name: str

    def take(self, screen: str, *, full: bool = False) -> None:
        self.page.wait_for_load_state("load")
        self.page.wait_for_timeout(SETTLE)
        self.page.screenshot(path=self.directory / f"{screen}-{self.name}.png", full_page=full)


def visit(camera: Camera, url: str, width: int) -> None:
    """Through every screen, as a person would go."""
    page = camera.page
    page.goto(f"{url}/sign-in/")
    camera.take("sign-in")
    page.fill("#username", ACCOUNTS[0].address)
    page.fill("#password", "wrong")
    page.keyboard.press("Enter")
    page.wait_for_selector("#error")
    camera.take("sign-in-refused")
    page.fill("#password", ACCOUNTS[0].password)
    page.keyboard.press("Enter")
    page.wait_for_selector(".rows")
    camera.take("list")
    page.locator(".pick").nth(1).click()
    page.locator(".pick").nth(3).click()
    camera.take("list-selected")
    page.locator(".pick").nth(1).click()
    page.locator(".pick").nth(3).click()
    if width < 1024:
        page.click(".folders-button")
        camera.take("folders")
        page.keyboard.press("Escape")
    page.locator(".account summary").click()
    camera.take("account")
    page.keyboard.press("Escape")
    for number in (0, 1, 2, 3, 4, 5):
        page.locator(".row a.open").nth(number).click()
        page.wait_for_selector("article.message")
        camera.take(f"message-{number}")
        if number == 0:
            page.locator(".people-more summary").click()
            page.locator(".actions .menu summary").click()
            camera.take("message-more")
            page.keyboard.press("Escape")
        if width < 1280:
            page.goto(f"{url}/folder/INBOX/")
    page.goto(f"{url}/preferences/")
    camera.take("settings", full=True)
    settings(camera, url)
    contacts(camera, url)
    page.goto(f"{url}/folder/NoSuchFolder/")
    camera.take("not-found")


def settings(camera: Camera, url: str) -> None:
    """The pages beside the first: writing, and who one writes as."""
    page = camera.page
    page.goto(f"{url}/preferences/writing/")
    camera.take("settings-writing", full=True)
    page.goto(f"{url}/preferences/identities/new/")
    page.fill("#name", "Kari i styret")
    page.fill("#address", "styret@elsewhere.example")
    page.fill("#signature_plain", "Helsing\nKari")
    page.fill(".editor", "Kari, leiar i styret")
    page.click(".form-actions button")
    camera.take("identity-refused", full=True)
    page.fill("#address", f"styret@{ACCOUNTS[0].address.partition('@')[2]}")
    page.click(".form-actions button")
    camera.take("identities", full=True)
    page.locator(".identity a").last.click()
    camera.take("identity", full=True)
    page.goto(f"{url}/preferences/identities/")
    while page.locator(".identity-tools").count():
        page.locator('[value="delete"]').last.click()
        camera.take("identity-deleted")


def contacts(camera: Camera, url: str) -> None:
    """The address book, filled from a file and left with those who were in it."""
    page = camera.page
    page.goto(f"{url}/contacts/collected/")
    camera.take("contacts-empty")
    page.goto(f"{url}/contacts/files/")
    camera.take("contacts-files", full=True)
    page.set_input_files("#file", {"name": "kontaktar.csv", "mimeType": "text/csv", "buffer": ADDRESS_BOOK})
    page.locator(".import .button").click()
    camera.take("contacts-imported", full=True)
    page.goto(f"{url}/contacts/")
    camera.take("contacts")
    page.locator(".pick-one").nth(0).click()
    page.locator(".pick-one").nth(2).click()
    camera.take("contacts-selected")
    page.goto(f"{url}/contacts/?q=haugen")
    page.locator("a.who").first.click()
    camera.take("contact")
    page.locator(".person-card a.button").click()
    page.locator('[name="address"]').nth(1).fill("no address")
    page.locator(".person-form .form-actions .button").click()
    camera.take("contact-refused", full=True)
    page.goto(f"{url}/contacts/groups/")
    camera.take("contact-groups")
    page.locator(".group-list a").first.click()
    page.locator(".group-head summary").click()
    camera.take("contact-group")
    page.goto(f"{url}/contacts/doubles/")
    camera.take("contact-doubles")
    page.goto(f"{url}/contacts/?q=strand")
    page.locator("a.who").first.click()
    page.locator(".danger").click()
    camera.take("contact-deleted")
    page.locator(".notices .text-button").click()


def context_of(browser: Browser, width: int, theme: str, language: str) -> BrowserContext:
    return browser.new_context(
        viewport={"width": width, "height": SIZES[width]},
        color_scheme="dark" if theme == "dark" else "light",
        locale={"nn": "nn-NO", "nb": "nb-NO"}.get(language, language),
        has_touch=width < 640,
    )


@contextlib.contextmanager
def served(arguments: list[str]) -> Iterator[str]:
    if arguments:
        yield arguments[0]
        return
    with MailServer() as mail, Program(imap_url=mail.imap_url) as program:
        yield program.url


def main(directory: Path, *arguments: str) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    with served([*arguments]) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.executable(), args=chromium.arguments())
        for width in SIZES:
            for theme, language in zip(THEMES, LANGUAGES, strict=True):
                context = context_of(browser, width, theme, language)
                visit(Camera(directory, context.new_page(), f"{width}-{theme}-{language}"), url, width)
                context.close()
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
