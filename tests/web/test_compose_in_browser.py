"""Writing in a real Chromium: as a person does it, and when things break meanwhile."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.servers.dovecot import Dovecot, MailUser
from tests.servers.post import DOMAIN
from tests.web import letters
from tests.web.test_accessibility import SMALLEST, faults

SAVED = re.compile(r"Saved at \d\d:\d\d")
DROP = """({ name, type, data }) => {
    const octets = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    const given = new DataTransfer();
    given.items.add(new File([octets], name, { type }));
    for (const kind of ["dragenter", "dragover", "drop"])
        document.querySelector("#compose").dispatchEvent(
            new DragEvent(kind, { dataTransfer: given, bubbles: true, cancelable: true }));
}"""
PASTE = """({ name, type, data }) => {
    const octets = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    const given = new DataTransfer();
    given.items.add(new File([octets], name, { type }));
    document.activeElement.dispatchEvent(
        new ClipboardEvent("paste", { clipboardData: given, bubbles: true, cancelable: true }));
}"""


def octets(name: str, kind: str, data: bytes) -> dict[str, str]:
    return {"name": name, "type": kind, "data": base64.b64encode(data).decode()}


def drop(page: Page, name: str, kind: str, data: bytes) -> None:
    page.evaluate(DROP, octets(name, kind, data))


def write(page: Page, path: str = "/compose/") -> None:
    page.goto(path)
    expect(page.locator("html.scripted")).to_be_attached()


def messages(user: MailUser, folder: str) -> list[bytes]:
    with user.imap() as client:
        answer, count = client.select(f'"{folder}"', readonly=True)
        if answer != "OK" or count == [b"0"]:
            return []
        found = client.fetch("1:*", "(BODY.PEEK[])")[1]
        return [part[1] for part in found if isinstance(part, tuple)]


@pytest.fixture
def friend(dovecot: Dovecot) -> MailUser:
    return dovecot.user()


def test_from_the_first_letter_to_the_other_account(
    open_page: Callable[..., Page], person: MailUser, friend: MailUser
) -> None:
    page = open_page()
    page.keyboard.press("c")
    page.wait_for_url("**/compose/")
    expect(page.locator("#to-typed")).to_be_focused()
    page.keyboard.type(f"Ven <{friend.name}@{DOMAIN}>,")
    expect(page.locator(".chip")).to_have_text(re.compile("Ven"))
    page.locator("#compose-subject").fill("Fisketur på laurdag")
    page.keyboard.press("Enter")
    expect(page.locator(".editor")).to_be_focused()
    page.keyboard.type("Båten er ")
    page.keyboard.press("Control+b")
    page.keyboard.type("klar")
    page.keyboard.press("Control+b")
    drop(page, "kart.pdf", "application/pdf", b"%PDF-1.4 kart")
    expect(page.locator(".file-name")).to_have_text(["kart.pdf"])
    page.locator(".editor").focus()
    page.evaluate(PASTE, octets("bilete.png", "image/png", letters.PIXEL))
    expect(page.locator(".editor img")).to_have_attribute("src", re.compile("^/compose/file/"))
    page.wait_for_function("() => document.querySelector('.editor img').naturalWidth === 1")
    expect(page.locator("#status")).to_have_text(SAVED)
    # Everything is in another program's Drafts, and the browser keeps nothing any more.
    page.wait_for_function("() => Object.keys(localStorage).length === 0")
    assert any(b"kart.pdf" in draft and b"image/png" in draft for draft in messages(person, "Drafts"))
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/folder/INBOX/")
    expect(page.locator("#outgoing-notice")).to_contain_text("Undo")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".compose-said")).to_contain_text("It was not sent")
    assert messages(friend, "INBOX") == []
    expect(page.locator(".editor b")).to_have_text("klar")
    expect(page.locator(".editor img")).to_be_visible()
    page.locator("#send").click()
    page.wait_for_url("**/folder/**")
    expect(page.locator("#outgoing-notice")).to_contain_text("Sent", timeout=20_000)
    (arrived,) = messages(friend, "INBOX")
    assert b"kart.pdf" in arrived
    assert b"cid:" in arrived
    assert b"/compose/file/" not in arrived
    assert len(messages(person, "Sent")) == 1
    assert messages(person, "Drafts") == []


def test_a_crash_loses_nothing(open_page: Callable[..., Page]) -> None:
    page = open_page()
    write(page)
    context = page.context
    context.set_offline(True)
    page.locator("#to-typed").fill("ola@fjord.example,")
    page.locator(".editor").click()
    page.keyboard.type("Dette er ikkje lagra")
    expect(page.locator("#status")).to_contain_text("Kept in this browser.", timeout=10_000)
    page.close(run_before_unload=False)
    context.set_offline(False)
    again = context.new_page()
    again.goto("/folder/INBOX/")
    expect(again.locator(".notice")).to_contain_text("was not saved")
    again.locator(".notice a").click()
    offer = again.locator(".compose-said", has_text="that was not saved")
    expect(offer).to_be_visible()
    offer.get_by_role("button", name="Continue").click()
    expect(again.locator(".editor")).to_contain_text("Dette er ikkje lagra")
    expect(again.locator(".chip")).to_contain_text("ola@fjord.example")
    again.keyboard.press("Control+s")
    expect(again.locator("#status")).to_have_text(SAVED)
    again.wait_for_function("() => Object.keys(localStorage).length === 0")


def test_what_a_crash_left_can_be_thrown_away(open_page: Callable[..., Page]) -> None:
    page = open_page()
    write(page)
    page.context.set_offline(True)
    page.locator("#compose-subject").fill("Bort")
    page.wait_for_function("() => Object.keys(localStorage).length === 1")
    page.context.set_offline(False)
    page.evaluate("window.stop()")
    page.goto("/compose/")
    # The form has a button of that name as well, and is there earlier.
    offer = page.locator(".compose-said", has_text="that was not saved")
    offer.get_by_role("button", name="Throw away", exact=True).click()
    page.wait_for_function("() => Object.keys(localStorage).length === 0")


def test_signing_out_leaves_nothing_behind(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.evaluate("localStorage.setItem('ekorn-writing:1:x', '{}')")
    page.locator(".account summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in/**")
    assert page.evaluate("Object.keys(localStorage)") == []


def test_signed_out_meanwhile(open_page: Callable[..., Page], person: MailUser) -> None:
    page = open_page()
    write(page)
    page.locator("#to-typed").fill("ola@fjord.example,")
    page.locator("#compose-subject").fill("Emne")
    page.locator(".editor").click()
    page.keyboard.type("Framleis her")
    page.context.clear_cookies(name="key")
    page.locator("#send").click()
    expect(page.locator("#username")).to_be_visible()
    page.fill("#username", person.name)
    page.fill("#password", person.password)
    page.keyboard.press("Enter")
    expect(page.locator(".editor")).to_contain_text("Framleis her")
    expect(page.locator(".chip")).to_contain_text("ola@fjord.example")
    expect(page.locator("#compose-subject")).to_have_value("Emne")


def test_recipients(open_page: Callable[..., Page]) -> None:
    page = open_page()
    write(page)
    typed = page.locator("#to-typed")
    typed.fill('"Nes, Ola" <ola@fjord.example>; per@fjord.example; feil')
    page.keyboard.press("Enter")
    expect(page.locator(".chip")).to_have_text(
        [re.compile("Nes, Ola"), re.compile("per@"), re.compile("feil")]
    )
    expect(page.locator(".chip.bad")).to_have_count(1)
    page.keyboard.press("Backspace")
    expect(page.locator(".chip.bad")).to_be_focused()
    page.keyboard.press("Enter")
    expect(typed).to_have_value("feil")
    typed.fill("kari@fjord.example")
    page.keyboard.press("Enter")
    expect(page.locator(".chip.bad")).to_have_count(0)
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    expect(page.locator(".chip")).to_have_count(2)
    assert (
        page.evaluate("document.querySelector('#to').value")
        == '"Nes, Ola" <ola@fjord.example>, per@fjord.example'
    )


def test_suggestions(open_page: Callable[..., Page]) -> None:
    page = open_page()
    write(page)
    page.route(
        "**/contacts/suggest/**",
        lambda route: route.fulfill(
            json=[
                {
                    "label": "Ola <b>Nes</b>",
                    "value": "Ola Nes <ola@fjord.example>",
                    "detail": "ola@fjord.example",
                    "kind": "saved",
                },
                {
                    "label": "Turlaget",
                    "value": "a@fjord.example, b@fjord.example",
                    "detail": "2 people",
                    "kind": "group",
                },
            ]
        ),
    )
    typed = page.locator("#to-typed")
    typed.press_sequentially("ol")
    expect(page.locator(".suggestions li")).to_have_count(2)
    expect(typed).to_have_attribute("aria-expanded", "true")
    assert faults(page) == []
    page.keyboard.press("ArrowDown")
    expect(page.locator(".suggestions [aria-selected=true]")).to_contain_text("Turlaget")
    page.keyboard.press("Enter")
    expect(page.locator(".chip")).to_have_count(2)
    expect(typed).to_have_attribute("aria-expanded", "false")


def test_two_windows_on_one_draft(open_page: Callable[..., Page]) -> None:
    page = open_page()
    write(page)
    page.locator("#compose-subject").fill("To vindauge")
    page.keyboard.press("Control+s")
    expect(page.locator("#status")).to_have_text(SAVED)
    other = page.context.new_page()
    other.goto("/folder/Drafts/")
    other.locator("a.open").first.click()
    other.wait_for_url("**/edit/")
    expect(other.locator(".compose-said")).to_contain_text("open in another window")


def test_problems_without_a_page_load(open_page: Callable[..., Page]) -> None:
    page = open_page()
    write(page)
    page.locator("#to-typed").fill("feil")
    page.locator("#send").click()
    expect(page.locator("#to-error")).to_contain_text("not an address")
    expect(page.locator("#to-typed")).to_be_focused()
    assert faults(page) == []
    page.locator("#to-typed").fill("ola@fjord.example,")
    page.locator(".chip.bad .chip-remove").click()
    page.locator("#send").click()
    expect(page.locator("#question")).to_contain_text("There is no subject.")
    expect(page.get_by_role("button", name="Send anyway")).to_be_focused()
    expect(page.locator("#question")).to_be_visible()
    page.locator("[data-keep-writing]").click()
    expect(page.locator(".editor")).to_be_focused()


def test_a_file_answers_the_question_for_it(open_page: Callable[..., Page]) -> None:
    page = open_page(width=360)
    write(page)
    page.locator("#to-typed").fill("ola@fjord.example,")
    page.locator("#compose-subject").fill("Plan")
    page.locator(".editor").click()
    page.keyboard.type("Sjå vedlagt plan.")
    page.locator("#send").click()
    expect(page.locator("#question")).to_contain_text("nothing is attached")
    # Saving goes on by itself and takes no question away.
    page.keyboard.press("Control+s")
    expect(page.locator("#status")).to_have_text(SAVED)
    expect(page.locator("#question")).to_be_visible()
    page.set_input_files("#attach", [{"name": "plan.txt", "mimeType": "text/plain", "buffer": b"x"}])
    expect(page.locator("#question")).to_have_count(0)


def test_too_large_is_said_before_the_upload(open_page: Callable[..., Page]) -> None:
    page = open_page()
    write(page)
    page.set_input_files(
        "#attach", [{"name": "a.bin", "mimeType": "application/x", "buffer": b"x" * 25_000_001}]
    )
    expect(page.locator("#status")).to_contain_text("a.bin was not attached")
    expect(page.locator(".file")).to_have_count(0)


def test_an_upload_that_fails_is_tried_again(open_page: Callable[..., Page]) -> None:
    page = open_page()
    write(page)
    page.route("**/compose/upload/**", lambda route: route.abort())
    page.set_input_files("#attach", [{"name": "a.txt", "mimeType": "text/plain", "buffer": b"x"}])
    expect(page.locator(".file.failed")).to_be_visible()
    page.unroute("**/compose/upload/**")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".file:not(.failed) input[name=attachment]")).to_be_attached()


def test_the_next_line_is_as_bold_as_was_asked_for(open_page: Callable[..., Page]) -> None:
    page = open_page()
    write(page)
    page.locator(".editor").click()
    page.keyboard.press("Control+b")
    page.keyboard.type("Ein")
    page.keyboard.press("Enter")
    page.keyboard.type("To")
    page.keyboard.press("Control+b")
    page.keyboard.press("Enter")
    page.keyboard.type("Tre")
    expect(page.locator(".editor b")).to_have_text(["Ein", "To"])
    expect(page.locator(".editor")).to_contain_text("Tre")


def test_plain_and_formatted(open_page: Callable[..., Page]) -> None:
    page = open_page()
    write(page)
    page.locator(".editor").click()
    page.keyboard.type("Ein")
    page.get_by_role("button", name="List", exact=True).click()
    expect(page.locator(".editor li")).to_have_text("Ein")
    page.locator("#format-button").click()
    expect(page.locator("#text")).to_have_value(re.compile("Ein"))
    page.locator("#format-button").click()
    expect(page.locator(".editor")).to_contain_text("Ein")


@pytest.mark.parametrize(
    ("width", "scheme"), [(1440, "light"), (1440, "dark"), (768, "light"), (360, "light"), (360, "dark")]
)
def test_axe_and_sizes(open_page: Callable[..., Page], width: int, scheme: str) -> None:
    page = open_page(width=width, color_scheme=scheme)
    write(page)
    page.locator("#to-typed").fill("ola@fjord.example, feil,")
    page.keyboard.press("Enter")
    page.set_input_files("#attach", [{"name": "a.txt", "mimeType": "text/plain", "buffer": b"x"}])
    expect(page.locator(".file input[name=attachment]")).to_be_attached()
    page.locator("#copies summary").click()
    page.locator("#more summary").click()
    assert faults(page) == []
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
    small = page.evaluate(
        """least => [...document.querySelectorAll('.compose button, .compose a, .compose summary, .compose select')]
            .filter((one) => one.checkVisibility() && !one.matches('.vh'))
            .map((one) => [one.outerHTML.slice(0, 100), one.getBoundingClientRect()])
            .filter(([, box]) => box.width < least - .5 || box.height < least - .5)
            .map(([html]) => html)""",
        SMALLEST,
    )
    assert small == []


def test_a_mail_address_in_a_letter_leads_here(open_page: Callable[..., Page], person: MailUser) -> None:
    letter = b"Subject: %b\r\nFrom: ola@fjord.example\r\nContent-Type: text/%b\r\n\r\n%b\r\n"
    link = b'<a href="mailto:per@fjord.example?subject=Hei&attach=/etc/passwd">skriv</a>'
    person.deliver("INBOX", letter % (b"HTML", b"html", link))
    person.deliver("INBOX", letter % (b"Tekst", b"plain", b"Skriv til per@fjord.example no."))
    page = open_page(width=1000)
    page.goto("/folder/INBOX/")
    page.locator("a.open", has_text="HTML").first.click()
    page.frame_locator("iframe.frame").get_by_text("skriv").click()
    page.wait_for_url("**/compose/**")
    expect(page.locator(".chip")).to_contain_text("per@fjord.example")
    expect(page.locator("#compose-subject")).to_have_value("Hei")
    page.goto("/folder/INBOX/")
    page.locator("a.open", has_text="Tekst").first.click()
    page.locator(".letter a").click()
    page.wait_for_url("**/compose/**")
    expect(page.locator(".chip")).to_contain_text("per@fjord.example")


def test_several_forwarded_from_the_list(open_page: Callable[..., Page]) -> None:
    page = open_page()
    for at in (0, 1):
        page.locator(".pick").nth(at).click()
    page.locator(".tools .menu summary").click()
    page.get_by_role("button", name="Forward", exact=True).click()
    page.wait_for_url("**/compose/forward/**")
    expect(page.locator(".file")).to_have_count(2)
    expect(page.locator("#to-typed")).to_be_focused()


def test_without_script(
    open_page: Callable[..., Page], person: MailUser, friend: MailUser, tmp_path: Path
) -> None:
    page = open_page(java_script_enabled=False, width=360)
    page.locator(".top a[data-write]").click()
    page.locator("#to").fill(f"{friend.name}@{DOMAIN}")
    page.locator("#text").fill("Hei utan skript")
    page.set_input_files("#attach", [{"name": "notat.txt", "mimeType": "text/plain", "buffer": b"notat"}])
    page.get_by_role("button", name="Attach", exact=True).click()
    expect(page.locator(".file-name")).to_have_text("notat.txt")
    page.locator("#save").click()
    expect(page.locator("#status")).to_have_text(SAVED)
    page.locator("#send").click()
    page.get_by_role("button", name="Send anyway").click()
    page.wait_for_url("**/folder/INBOX/")
    expect(page.locator("#outgoing-notice")).to_be_visible()


def test_another_identity_another_signature(open_page: Callable[..., Page], person: MailUser) -> None:
    page = open_page()
    for name, signature in (("Arbeid", "Helsing Arbeid"), ("Heime", "Klem Heime")):
        page.goto("/preferences/identities/new/")
        page.fill("#name", name)
        page.fill("#address", f"{person.name}@{DOMAIN}")
        page.fill("#signature_plain", signature)
        with page.expect_navigation():
            page.click(".form-actions button")
    write(page)
    page.locator(".editor").click()
    page.keyboard.type("Hei")
    page.select_option("#identity", label=f"Arbeid <{person.name}@{DOMAIN}>")
    expect(page.locator(".editor .signature")).to_contain_text("Helsing Arbeid")
    page.select_option("#identity", label=f"Heime <{person.name}@{DOMAIN}>")
    expect(page.locator(".editor .signature")).to_contain_text("Klem Heime")
    expect(page.locator(".editor")).not_to_contain_text("Arbeid")
    expect(page.locator(".editor")).to_contain_text("Hei")
