"""A warning of ours inside a mail can't be hidden by the mail, and a file's name can't hide its end."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from webmail.mail.filename import safe_filename
from webmail.mail.html import Sanitised, document, sanitise

LINK = '<p>pay at <a href="https://evil.example/">https://bank.example/</a> now</p>'
HIDING = (
    "span,a+span,p span{opacity:0!important}",
    "*{visibility:hidden!important}a{visibility:visible!important}",
    "a+span{display:none!important;color:#fff!important}",
    "span{color:#6b5d00!important;background:#6b5d00!important}",
    "span{font-size:0!important;line-height:0!important}",
    "span{letter-spacing:-20px!important;word-spacing:-99px!important}",
    "span{vertical-align:-200px!important;text-indent:5000px!important}",
    "span{float:left!important;max-width:0!important;max-height:0!important;overflow:hidden!important}",
    "span{direction:rtl!important;unicode-bidi:embed!important;text-transform:uppercase!important}",
)


def seen(page: Page, rules: str) -> bytes:
    clean = sanitise(f"<style>{rules}</style>{LINK}", inline=lambda _: None, proxy=lambda _: None)
    assert isinstance(clean, Sanitised)
    page.set_content(document(clean))
    return page.locator(".ekorn-goes").screenshot(timeout=3000)


@pytest.mark.parametrize("rules", HIDING)
def test_where_a_link_goes_stays_readable(page: Page, rules: str) -> None:
    plain = seen(page, "b{color:red}")
    box = page.locator(".ekorn-goes").bounding_box()
    assert seen(page, rules) == plain
    moved = page.locator(".ekorn-goes").bounding_box()
    assert box is not None
    assert moved is not None
    assert abs(moved["y"] - box["y"]) < 40
    assert (moved["width"], moved["height"]) == (box["width"], box["height"])
    assert "evil.example" in page.locator(".ekorn-goes").inner_text()


@pytest.mark.parametrize(
    "blank", ["\u2800", "\u3164", "\uffa0", "\u00a0", "\u2003", "\u034f", "\ufe0f", "\U000e0041"]
)
def test_blank_characters_do_not_push_the_ending_away(blank: str) -> None:
    name = safe_filename(f"invoice.pdf{blank * 60}.exe")
    assert len(name) <= len("invoice.pdf .exe")
    assert name.endswith(".exe")
