"""On the print page our own words and the mail's share a document: the mail may not reach over ours."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.detector import painted
from webmail.mail.html import Sanitised, document, sanitise

OURS = (
    '<style>.ekorn-print{font:1rem/1.5 sans-serif;border-bottom:1px solid #999}</style><div class="ekorn-print">'
    "<h1>Your invoice</h1><table><tr><th>From</th><td>mallory@evil.example</td></tr></table></div>"
)
REACHING = {
    "shadow": '<b style="display:inline-block;width:600px;height:1px;box-shadow:0 -100px 0 90px #fff">x</b>',
    "shadow of words": '<p style="font:90px/1 serif;text-shadow:0 -110px 0 red;color:#fff">bank@bank.example</p>',
    "outline": '<b style="display:inline-block;width:600px;height:1px;outline:190px solid #f00">x</b>',
    "no height": '<div style="line-height:0;font-size:150px">AAAA</div>',
    "overflow": '<div style="height:0;overflow:visible;line-height:0"><span style="font-size:200px">BB</span></div>',
    "raised": '<p style="line-height:0"><b style="vertical-align:200px;font-size:300px">CC</b></p>',
    "rules": "<style>*,div,table,h1,body,html{display:none!important;visibility:hidden}</style><p>x</p>",
    "our class": '<style>.ekorn-print,.ekorn-print td{display:none}</style><p class="ekorn-print">x</p>',
    "end of the scope": "<style>p{color:red}}</style><style>}.ekorn-print{display:none}</style><p>x</p>",
    "the mail's body": '<body style="box-shadow:0 -200px 0 #f00;outline:190px solid red"><p>x</p>',
    "closing": "</div></div></div><h1>From: bank</h1><p>x</p>",
}


def above(page: Page, content: Sanitised) -> bytes:
    """What is seen of our part."""
    page.set_content(document(content, title="print", before=OURS))
    box = page.locator("body > .ekorn-print").bounding_box()
    assert box is not None
    return painted(page, clip={"x": 0, "y": 0, "width": 800, "height": box["y"] + box["height"]})


@pytest.mark.parametrize("name", REACHING)
def test_nothing_of_the_mail_is_painted_over_our_words(page: Page, name: str) -> None:
    page.set_viewport_size({"width": 800, "height": 600})
    clean = sanitise(REACHING[name], inline=lambda _: None, proxy=lambda _: None)
    assert isinstance(clean, Sanitised)
    assert above(page, clean) == above(page, Sanitised("<p>x</p>"))


def test_a_long_letter_still_takes_many_sheets(page: Page) -> None:
    page.set_content(document(Sanitised("<p>line</p>" * 400), before=OURS))
    assert page.pdf().count(b"/Type /Page") > 8
