"""Sending as a person sees it, in a real browser in front of the whole program with its own worker."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.outbox.conftest import mails
from tests.outbox.test_crashes import count, until
from tests.servers.dovecot import Dovecot, MailUser
from tests.servers.program import Program
from tests.smtp.scripted import Scripted
from tests.web.test_accessibility import faults

NOTICE = "#outgoing-notice"


@pytest.fixture(scope="module")
def relay() -> Iterator[Scripted]:
    with Scripted() as server:
        yield server


@pytest.fixture
def smtp(relay: Scripted) -> Iterator[Scripted]:
    """As a new one."""
    usual = dict(relay.table)
    relay.contents.clear()
    yield relay
    relay.table.clear()
    relay.table.update(usual)


@pytest.fixture(scope="module")
def office(dovecot: Dovecot, relay: Scripted) -> Iterator[Program]:
    settings = {"SENDER_POLICY": "any", "MAIL_DOMAIN": "fjord.example", "OUTBOX_LEASE_SECONDS": "3"}
    with Program(imap_url=dovecot.url, smtp_url=relay.url, env=settings) as program:
        yield program


@pytest.fixture
def at_desk(browser: Browser, office: Program, mail_user: MailUser) -> Iterator[Callable[..., Page]]:
    contexts, broken = [], []

    def start(*, width: int = 1440, **options: Any) -> Page:
        context = browser.new_context(
            base_url=office.url, viewport={"width": width, "height": 900}, locale="en", **options
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: broken.append(str(error)))
        page.goto("/")
        page.fill("#username", mail_user.name)
        page.fill("#password", mail_user.password)
        page.keyboard.press("Enter")
        page.wait_for_url("**/folder/INBOX/")
        return page

    yield start
    for context in contexts:
        context.close()
    assert broken == []


def write(page: Page, *, subject: str = "Møte", to: str = "ola@fjord.example") -> None:
    page.goto("/compose/")
    page.locator("#compose-subject").fill(subject)
    page.get_by_role("combobox", name="To").fill(to)
    page.keyboard.press("Enter")


def press_send(page: Page) -> None:
    page.locator("#send").click()
    page.wait_for_url("**/folder/INBOX/")


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (360, "dark")])
def test_held_undone_and_sent(at_desk, smtp, mail_user, width, scheme):
    page = at_desk(width=width, color_scheme=scheme)
    write(page)
    press_send(page)
    expect(page.locator(NOTICE)).to_contain_text(re.compile(r"Sending in \d s"))
    assert faults(page) == []
    page.locator(NOTICE).get_by_role("button", name="Undo").click()
    expect(page.locator("#compose-subject")).to_have_value("Møte")
    expect(page.locator("body")).to_contain_text("It was not sent")
    assert mails(smtp) == []
    press_send(page)
    expect(page.locator(NOTICE)).to_contain_text("Sending in")
    # Nothing is pressed: it is sent by itself, and says so where the person is.
    expect(page.locator(NOTICE)).to_have_text(re.compile("^Sent$"), timeout=20_000)
    assert len(mails(smtp)) == 1
    until(lambda: count(mail_user, "Sent") == 1)
    assert count(mail_user, "Drafts") == 0


def test_sent_thrice_at_once(at_desk, smtp, mail_user):
    """As a double click on a slow line does."""
    page = at_desk()
    write(page)
    page.evaluate(
        """async () => {
            const body = new FormData(document.querySelector("#compose"));
            body.set("do", "send");
            await Promise.all([1, 2, 3].map(() => fetch("/compose/", { method: "POST", body })));
        }"""
    )
    until(lambda: len(mails(smtp)) == 1)
    until(lambda: count(mail_user, "Sent") == 1)
    page.goto("/outbox/")
    expect(page.locator(".outgoing")).to_have_count(1)


def test_closing_the_tab_sends_all_the_same(at_desk, smtp, mail_user):
    page = at_desk()
    write(page)
    press_send(page)
    page.context.close()
    until(lambda: len(mails(smtp)) == 1)
    until(lambda: count(mail_user, "Sent") == 1)


def test_without_script(at_desk, smtp):
    page = at_desk(java_script_enabled=False)
    page.goto("/compose/")
    page.locator("#to").fill("ola@fjord.example")
    page.locator("#compose-subject").fill("Møte")
    page.locator("#text").fill("Hei")
    press_send(page)
    expect(page.locator(NOTICE)).to_contain_text("Sending in")
    page.locator(NOTICE).get_by_role("button", name="Undo").click()
    expect(page.locator("#text")).to_have_value(re.compile("Hei"))
    page.goto("/outbox/")
    expect(page.locator("main")).to_contain_text("Nothing is on its way")


def test_refused_is_told_wherever_the_person_is(at_desk, smtp, mail_user):
    smtp.table["RCPT"] = b"550 5.1.1 Nobody here"
    page = at_desk()
    write(page)
    press_send(page)
    expect(page.locator(NOTICE)).to_contain_text("Not sent", timeout=20_000)
    expect(page.locator(NOTICE)).to_contain_text("Nobody here")
    page.locator(NOTICE).get_by_role("link", name="Show").click()
    expect(page.locator("main")).to_contain_text("The text is in Drafts.")
    assert faults(page) == []
    page.get_by_role("link", name="Open the text").click()
    expect(page.locator("#compose-subject")).to_have_value("Møte")
    smtp.table["RCPT"] = b"250 2.1.5 OK"
    page.locator("#send").click()
    expect(page.locator(NOTICE)).to_have_text(re.compile("^Sent$"), timeout=20_000)
    assert len(mails(smtp)) == 1
    until(lambda: count(mail_user, "Drafts") == 0)


@pytest.mark.parametrize(("width", "scheme"), [(1440, "dark"), (360, "light")])
def test_the_outbox_has_no_faults(at_desk, smtp, width, scheme):
    page = at_desk(width=width, color_scheme=scheme)
    smtp.table["MAIL"] = b"451 4.3.0 Later"
    write(page)
    press_send(page)
    page.goto("/outbox/")
    page.get_by_role("button", name="Send now").click()
    expect(page.locator("main")).to_contain_text("Not sent yet")
    assert faults(page) == []
    page.goto("/outbox/")
    expect(page.locator(".outbox-link")).to_contain_text("1")
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    smtp.table["MAIL"] = b"250 OK"
    page.get_by_role("button", name="Try now").click()
    expect(page.locator("main")).to_contain_text("Sent")
    page.goto("/folder/INBOX/")
    expect(page.locator(".outbox-link")).to_have_count(0)


def test_a_restart_in_between(dovecot, relay, smtp, mail_user, browser, tmp_path):
    """What was held when the program was killed is sent by the next."""
    settings = {"SENDER_POLICY": "any", "MAIL_DOMAIN": "fjord.example", "OUTBOX_LEASE_SECONDS": "1"}
    with Program(imap_url=dovecot.url, smtp_url=relay.url, env=settings) as program:
        context = browser.new_context(base_url=program.url)
        page = context.new_page()
        page.goto("/")
        page.fill("#username", mail_user.name)
        page.fill("#password", mail_user.password)
        page.keyboard.press("Enter")
        page.wait_for_url("**/folder/INBOX/")
        write(page)
        press_send(page)
        context.close()
        program.kill()
        assert mails(smtp) == []
        program.start()
        until(lambda: len(mails(smtp)) == 1)
        until(lambda: count(mail_user, "Sent") == 1)
