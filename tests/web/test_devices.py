"""A person's devices and sign-ins: seen, ended, and nobody else's."""

from __future__ import annotations

import re

import lxml.html
import pytest
from django.test import Client

from webmail.accounts.models import Person
from webmail.signins.models import Session

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1"
)
PAGE, LIST = "/preferences/devices/", "/folder/INBOX/"


@pytest.fixture
def devices(front) -> list[Client]:
    """The same person in two browsers; in a third the password was wrong."""
    _, user = front
    browsers = [Client(headers={"User-Agent": agent}) for agent in (FIREFOX, SAFARI)]
    fields = {"username": user.name, "password": user.password}
    for number, browser in enumerate(browsers, 1):
        assert browser.post("/sign-in/", fields, REMOTE_ADDR=f"192.0.2.{number}").status_code == 302
    wrong = fields | {"password": "not it"}
    Client(headers={"User-Agent": SAFARI}).post("/sign-in/", wrong, REMOTE_ADDR="192.0.2.7")
    return browsers


def lines(browser: Client, heading: str) -> list[str]:
    """What stands in the list under this heading."""
    tree = lxml.html.document_fromstring(browser.get(PAGE).content.decode())
    found = tree.xpath("//section[h2[.=$heading]]//li", heading=heading)
    return [re.sub(r"\s+", " ", line.text_content()).strip() for line in found]


def press(browser: Client, button: str):
    """The form of the first button with this name."""
    tree = lxml.html.document_fromstring(browser.get(PAGE).content.decode())
    form = tree.xpath("//main//form[.//button[normalize-space()=$button]]", button=button)[0]
    return browser.post(PAGE, dict(form.form_values()), follow=True)


def test_where_one_is_signed_in(devices: list[Client]) -> None:
    here, there = lines(devices[0], "Where you are signed in")
    assert here.startswith("Firefox, Linux This device 192.0.2.1 · signed in ")
    assert there.startswith("Safari, iPhone 192.0.2.2 · last used ")
    assert there.endswith("Sign out")


def test_who_tried(devices: list[Client]) -> None:
    latest, before, first = lines(devices[0], "Recent sign-ins")
    assert latest.startswith("Wrong password Safari, iPhone · 192.0.2.7 · ")
    assert before.startswith("Signed in Safari, iPhone · 192.0.2.2 · ")
    assert first.startswith("Signed in Firefox, Linux · 192.0.2.1 · ")


def test_one_is_ended(devices: list[Client]) -> None:
    assert "That device is signed out." in press(devices[0], "Sign out").content.decode()
    assert devices[1].get(LIST).status_code == 302
    assert devices[0].get(LIST).status_code == 200
    assert len(lines(devices[0], "Where you are signed in")) == 1


def test_all_others_are_ended(devices: list[Client]) -> None:
    assert "1 device was signed out." in press(devices[1], "Sign out all other devices").content.decode()
    assert [browser.get(LIST).status_code for browser in devices] == [302, 200]
    assert "Sign out all" not in devices[1].get(PAGE).content.decode()


def test_nobody_elses_is_seen_or_ended(devices: list[Client], dovecot) -> None:
    stranger, other = Client(), dovecot.user()
    assert stranger.post("/sign-in/", {"username": other.name, "password": other.password}).status_code == 302
    assert "Safari" not in stranger.get(PAGE).content.decode()
    for session in Session.objects.exclude(person=Person.objects.get(username=other.name)):
        answer = stranger.post(PAGE, {"do": "end", "key": session.pk}, follow=True)
        assert "was signed out already" in answer.content.decode()
    stranger.post(PAGE, {"do": "others"})
    assert [browser.get(LIST).status_code for browser in devices] == [200, 200]


@pytest.mark.parametrize("fields", [{}, {"do": "x"}])
def test_nonsense_changes_nothing(devices: list[Client], fields: dict[str, str]) -> None:
    assert devices[0].post(PAGE, fields).status_code == 400
    assert devices[0].post(PAGE, {"do": "end", "key": "x" * 5000}).status_code == 302
    assert Session.objects.count() == 2


def test_no_session_id_is_on_the_page_or_at_rest(devices: list[Client]) -> None:
    page = devices[0].get(PAGE).content.decode()
    for browser in devices:
        session_id = browser.cookies["session"].value
        assert session_id not in page
        assert not Session.objects.filter(pk=session_id).exists()
        forged = Client()
        forged.cookies["session"] = Session.objects.first().pk
        forged.cookies["key"] = browser.cookies["key"].value
        assert forged.get(LIST).status_code == 302
