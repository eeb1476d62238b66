"""The settings in a real browser: with script, without it, and the browser's own question about mailto: links."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

RECORD = "navigator.registerProtocolHandler = (...given) => { window.given = given; };"
REFUSE = "navigator.registerProtocolHandler = () => { throw new DOMException('no', 'SecurityError'); };"
UNABLE = "delete Navigator.prototype.registerProtocolHandler;"


def test_mail_links_can_open_here(open_page):
    page = open_page()
    page.add_init_script(RECORD)
    page.goto("/preferences/writing/")
    page.get_by_role("button", name="Open e-mail links with Ekorn").click()
    origin = page.evaluate("location.origin")
    assert page.evaluate("window.given") == ["mailto", f"{origin}/compose/?mailto=%s"]
    expect(page.locator("#mail-program [role=status]")).to_contain_text("Your browser was asked")


@pytest.mark.parametrize(("script", "seen"), [(REFUSE, True), (UNABLE, False)])
def test_browsers_that_do_not_want_to(open_page, script, seen):
    page = open_page()
    page.add_init_script(script)
    page.goto("/preferences/writing/")
    button = page.get_by_role("button", name="Open e-mail links with Ekorn")
    expect(button).to_be_visible(visible=seen)
    if seen:
        button.click()
        expect(page.locator("#mail-program [role=status]")).to_contain_text("does not allow")


@pytest.mark.parametrize("script", [True, False])
def test_an_identity_comes_and_goes(open_page, script):
    page = open_page(width=360, java_script_enabled=script)
    page.goto("/preferences/")
    page.get_by_role("link", name="Writing").click()
    button = page.get_by_role("button", name="Open e-mail links with Ekorn")
    expect(button).to_be_visible(visible=script)
    page.get_by_role("link", name="Identities").click()
    page.get_by_role("link", name="New identity").click()
    page.get_by_role("textbox", name="Name").fill("Kari i styret")
    page.get_by_role("textbox", name="Address").fill("styret@example.org")
    if script:
        page.get_by_role("textbox", name="For formatted messages").click()
        page.get_by_role("button", name="Bold").click()
        page.keyboard.type("Kari")
    else:
        page.get_by_label("For formatted messages, as HTML").fill("<b>Kari</b> Nes")
    page.get_by_label("Start new messages with this identity").check()
    page.get_by_role("button", name="Save").click()
    one = page.get_by_role("listitem").filter(has_text="Kari i styret")
    expect(one).to_contain_text("Default")
    one.get_by_role("link").click()
    if script:
        editor = page.get_by_role("textbox", name="For formatted messages")
        expect(editor.locator("b")).to_have_text("Kari")
        expect(page.locator("iframe.signature")).to_be_hidden()
    else:
        expect(page.frame_locator("iframe.signature").locator("b")).to_have_text("Kari")
    page.get_by_role("link", name="Identities").click()
    one.get_by_role("button", name="Delete Kari i styret").click()
    expect(one).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(one).to_contain_text("Default")
