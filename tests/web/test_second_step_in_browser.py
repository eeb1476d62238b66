"""The second step in a real browser: a passkey of its own virtual authenticator, and codes without script."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.factors.clock import code
from tests.servers.dovecot import MailUser
from tests.servers.program import Program
from tests.web.test_accessibility import faults, too_small, too_wide

HERE = "/preferences/second-step/"
SLOWEST = 30_000
# As a phone's own: it knows its owner by a finger.
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def localhost(program: Program) -> str:
    """Passkeys belong to a name, and an address is none."""
    return f"http://localhost:{program.port}"


@pytest.fixture
def context(browser: Browser, localhost: str):
    context = browser.new_context(base_url=localhost, locale="en", viewport={"width": 360, "height": 740})
    yield context
    context.close()


def sign_in(page: Page, user: MailUser) -> None:
    page.goto("/sign-in/")
    page.fill("#username", user.name)
    page.fill("#password", user.password)
    page.keyboard.press("Enter")


def sign_out(page: Page) -> None:
    page.locator(".account summary").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Sign out").click()


def looked_at(page: Page) -> None:
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert faults(page) == []
    assert too_wide(page) <= 0
    assert too_small(page) == []


def test_a_passkey_signs_in(context: BrowserContext, mail_user: MailUser):
    page = context.new_page()
    page_faults: list[str] = []
    page.on("pageerror", lambda error: page_faults.append(str(error)))
    page.on(
        "console", lambda said: page_faults.append(said.text) if "Content Security" in said.text else None
    )
    cdp = context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    cdp.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    sign_in(page, mail_user)
    page.wait_for_url("**/folder/INBOX/")
    page.goto(HERE)
    looked_at(page)
    page.fill("#new-passkey", "Telefonen")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.locator(".codes li")).to_have_count(10, timeout=SLOWEST)
    looked_at(page)
    page.get_by_role("link", name="I have kept them").click()
    expect(page.locator("input[value=Telefonen]")).to_be_visible(timeout=SLOWEST)
    looked_at(page)
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.locator("form.needs-script [role=alert]")).to_contain_text(
        "among your passkeys already", timeout=SLOWEST
    )
    page.get_by_role("link", name="Turn the second step off").click()
    expect(page.get_by_role("button", name="Use a passkey")).to_be_visible(timeout=SLOWEST)
    looked_at(page)

    page.goto("/preferences/file/")
    looked_at(page)

    sign_out(page)
    sign_in(page, mail_user)
    expect(page.get_by_role("heading", name="One more step")).to_be_visible(timeout=SLOWEST)
    looked_at(page)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/folder/INBOX/")
    assert page_faults == []


def test_a_code_signs_in_without_script(browser: Browser, localhost: str, mail_user: MailUser):
    context = browser.new_context(base_url=localhost, locale="en", java_script_enabled=False)
    page = context.new_page()
    sign_in(page, mail_user)
    page.wait_for_url("**/folder/INBOX/")
    page.goto(HERE)
    page.get_by_role("link", name="Set up an app").click()
    expect(page.get_by_role("img", name="QR code")).to_be_visible(timeout=SLOWEST)
    page.get_by_text("Type the key instead").click()
    secret = (page.locator(".key code").text_content() or "").replace(" ", "")
    page.get_by_label("Type the code").fill(code(secret))
    page.get_by_role("button", name="Turn it on").click()
    expect(page.locator(".codes li")).to_have_count(10, timeout=SLOWEST)
    spare = page.locator(".codes code").first.text_content() or ""
    sign_out(page)
    sign_in(page, mail_user)
    page.get_by_label("Code from your authenticator app").fill(code(secret, time.time() + 30))
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/folder/INBOX/")
    sign_out(page)
    sign_in(page, mail_user)
    page.get_by_text("Use a recovery code").click()
    page.get_by_label("Recovery code", exact=True).fill(spare)
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/folder/INBOX/")
    context.close()
