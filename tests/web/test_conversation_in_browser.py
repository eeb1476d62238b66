"""A conversation in a real browser: looked up by itself, unfolded by pointer and by keys, and without script."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.servers.dovecot import MailUser
from tests.web import conversing
from tests.web.test_accessibility import faults, too_small, too_wide


@pytest.fixture
def person(mail_user: MailUser) -> MailUser:
    """The list shows, newest first: a letter of another matter, then 5, 4 and 1 of the conversation."""
    conversing.deliver(mail_user)
    return mail_user


def opened(page: Page) -> Page:
    """At the fourth letter, once the others have been found."""
    page.locator(".row a.open").nth(2).click()
    expect(page.locator("#subject")).to_have_text("Re: Plan for hausten")
    expect(page.locator(".members-bar")).to_contain_text("6 messages in this conversation")
    return page


def letter(page: Page, sender: str, part: str = "#earlier"):
    return page.locator(f"{part} details.member").filter(has_text=sender)


@pytest.mark.parametrize("width", [360, 1440])
def test_what_is_unread_is_unfolded_and_what_is_read_is_a_line(open_page, width):
    page = opened(open_page(width=width))
    expect(page.locator("#earlier .run > summary")).to_contain_text("3 read messages")
    expect(page.locator("#earlier .member-line").first).to_be_hidden()
    frame = page.frame_locator("#conversation iframe.frame")
    expect(frame.get_by_role("heading", name="Framlegg 5")).to_be_visible()
    expect(page.locator("#conversation details.member")).to_have_class("member")
    expect(page).to_have_title("Re: Plan for hausten · Ekorn")


def test_no_letter_is_fetched_before_it_unfolds(open_page):
    page = open_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    opened(page)
    expect(page.frame_locator("#conversation iframe.frame").locator("h3")).to_be_visible()
    assert not [address for address in asked if "/message/Archive/" in address]
    page.locator(".run > summary").click()
    letter(page, "Solveig").locator("summary").first.click()
    frame = page.frame_locator("#earlier iframe.frame")
    expect(frame.get_by_role("heading", name="Framlegg 3")).to_be_visible()
    # Nothing in it runs, and its frame is as high as its letter.
    expect(page.locator("#earlier iframe.frame")).not_to_have_attribute("sandbox", "allow-scripts")
    page.wait_for_function(
        "() => { const f = document.querySelector('#earlier iframe.frame'), d = f.contentDocument;"
        " return d?.body && f.clientHeight >= d.body.scrollHeight - 2 && f.clientHeight < 300 }"
    )
    assert len([address for address in asked if "/message/Sent/" in address]) == 0


def test_expand_all_and_collapse_all(open_page):
    page = opened(open_page())
    page.get_by_role("button", name="Expand all").click()
    expect(page.locator("#earlier")).to_contain_text("framlegg nummer 1")
    expect(page.locator("#earlier")).to_contain_text("framlegg nummer 2")
    page.locator("#opened").scroll_into_view_if_needed()
    expect(page.get_by_role("button", name="Collapse all")).to_be_focused()
    page.get_by_role("button", name="Collapse all").click()
    expect(page.locator("#reading details.member[open]")).to_have_count(0)
    expect(page.locator("#opened")).to_be_visible()


def test_by_keys_from_message_to_message(open_page):
    page = opened(open_page())
    page.keyboard.press("p")
    expect(page.locator(".run > summary")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("n")
    expect(letter(page, "Ola Nes").locator("summary").first).to_be_focused()
    page.keyboard.press("o")
    expect(page.locator("#earlier")).to_contain_text("framlegg nummer 1")
    for _ in range(3):
        page.keyboard.press("n")
    expect(page.locator("#opened")).to_be_focused()
    page.keyboard.press("n")
    expect(letter(page, "Mei-Ling", "#conversation").locator("summary").first).to_be_focused()
    page.keyboard.press("n")
    expect(page.locator(".member-line.draft")).to_be_focused()
    page.keyboard.press("n")
    expect(page.locator(".member-line.draft")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/message/Drafts/**/edit/")


def test_keys_mean_the_message_that_has_the_focus(open_page):
    page = opened(open_page())
    expect(page.locator("#conversation .member-letter")).to_be_visible()
    answer = page.locator("#conversation .member-letter a[data-answer=reply]").get_attribute("href")
    page.keyboard.press("n")
    page.keyboard.press("r")
    page.wait_for_url(f"**{answer}*")


def test_keys_mean_the_opened_message_else(open_page):
    page = opened(open_page())
    expect(page.locator("#conversation .member-letter")).to_be_visible()
    answer = page.locator(".actions a[data-answer=reply]").get_attribute("href")
    page.keyboard.press("r")
    page.wait_for_url(f"**{answer}*")


def test_a_star_and_the_text_of_a_letter_stay_in_its_place(open_page):
    page = opened(open_page())
    member = letter(page, "Mei-Ling", "#conversation")
    star = member.get_by_role("button", name="Star")
    star.click()
    expect(star).to_have_attribute("aria-pressed", "true")
    member.get_by_title("More").click()
    member.get_by_text("Show as plain text").click()
    expect(member.locator(".letter")).to_contain_text("Sjå her.")
    expect(page.locator("#subject")).to_have_text("Re: Plan for hausten")
    expect(page.locator("#earlier .run")).to_be_visible()


def test_a_message_alone_looks_as_ever(open_page):
    page = open_page()
    with page.expect_response("**/conversation/"):
        page.locator(".row a.open").first.click()
    expect(page.locator("#subject")).to_contain_text("Møtereferat")
    expect(page.locator(".members-bar, .members-note")).to_have_count(0)
    expect(page.locator(".around-link")).to_have_count(0)


def test_without_script(open_page):
    page = open_page(width=1024, java_script_enabled=False)
    page.locator(".row a.open").nth(2).click()
    page.get_by_role("link", name="Show the conversation").click()
    expect(page.locator(".members-bar")).to_contain_text("6 messages in this conversation")
    expect(page.frame_locator("#conversation iframe.frame").locator("h3")).to_have_text("Framlegg 5")
    page.locator(".run > summary").click()
    letter(page, "Solveig").locator("summary").first.click()
    letter(page, "Solveig").get_by_role("link", name="Open this message").click()
    page.wait_for_url("**/message/Archive/**/conversation/")
    expect(page.frame_locator("iframe.frame >> nth=0").locator("h3")).to_have_text("Framlegg 3")
    expect(page.get_by_role("button", name="Expand all")).to_be_hidden()


def test_many_in_one_conversation(open_page, person):
    person.bulk("Archive", [conversing.plan(number, minute=number) for number in range(10, 104)])
    page = open_page()
    page.locator(".row a.open").nth(2).click()
    expect(page.locator(".members-bar")).to_contain_text("100 messages in this conversation")
    expect(page.locator("#reading details.member")).to_have_count(98)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_role("button", name="Expand all").click()
    expect(page.locator("#earlier")).to_contain_text("framlegg nummer 1.")
    # Those that are out of sight wait until somebody comes to them.
    assert len(asked) < 30
    expect(page.locator("#reading .unfolded[data-letter]")).not_to_have_count(0)


@pytest.mark.parametrize(
    ("width", "scheme"), [(1440, "light"), (1440, "dark"), (320, "light"), (360, "dark")]
)
def test_everybody_can_use_it(open_page, width, scheme):
    page = opened(open_page(width=width, color_scheme=scheme))
    expect(page.locator("#conversation .member-letter")).to_be_visible()
    assert (faults(page), too_wide(page) <= 0, too_small(page)) == ([], True, [])
    page.get_by_role("button", name="Expand all").click()
    expect(page.locator("#earlier")).to_contain_text("framlegg nummer 1")
    assert (faults(page), too_wide(page) <= 0, too_small(page)) == ([], True, [])


def test_a_letter_is_filed_from_its_place(open_page):
    page = opened(open_page())
    member = letter(page, "Mei-Ling", "#conversation")
    member.get_by_role("button", name="Archive").click()
    expect(member).to_have_count(0)
    expect(page.locator("#notices")).to_contain_text("1 message archived")
    expect(page.locator("#subject")).to_have_text("Re: Plan for hausten")
    expect(page.locator(".rows .row")).to_have_count(3)


def test_a_letter_is_marked_as_unread_and_read_again(open_page):
    page = opened(open_page())
    member = letter(page, "Mei-Ling", "#conversation")
    member.get_by_title("More").click()
    member.get_by_role("button", name="Mark as unread").click()
    expect(member).to_have_class("member unread")
    expect(member).not_to_have_attribute("open", "")
    member.locator("summary").first.click()
    expect(member.locator(".member-letter")).to_be_visible()


def test_the_whole_conversation_is_filed(open_page):
    page = opened(open_page())
    page.get_by_title("The whole conversation").click()
    page.get_by_role("button", name="Archive the conversation").click()
    expect(page.locator(".rows .row")).to_have_count(1)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".rows .row")).to_have_count(4)
