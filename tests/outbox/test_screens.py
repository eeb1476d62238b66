"""The outbox on screen, through requests: what each state says, and what can be done about it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.front.visitor import Answer, Visitor
from tests.outbox.conftest import SECRET, Desk, mails
from tests.smtp.scripted import cut
from webmail.accounts import connections
from webmail.accounts.access import Access, holder_of
from webmail.accounts.models import Person
from webmail.outbox.models import Outgoing


@pytest.fixture
def kari(dovecot, mail_user, settings, db):
    settings.IMAP_URL = dovecot.url
    visitor = Visitor()
    assert visitor.sign_in(mail_user).status == 302
    yield visitor
    connections.close_pool()


@pytest.fixture
def desk(kari, mail_user) -> Desk:
    person = Person.objects.get()
    person.undo_seconds = 0
    person.save()
    return Desk(
        Access(person, holder_of(person, login=mail_user.name, password=mail_user.password)), mail_user
    )


def buttons(answer: Answer) -> list[str]:
    return [" ".join(button.text_content().split()) for button in answer.tree.xpath("//main//button")]


def press(visitor: Visitor, answer: Answer, words: str, **fields: str) -> Answer:
    (form,) = answer.tree.xpath("//main//form[.//button[normalize-space()=$words]]", words=words)
    done = visitor.post(form.get("action"), **fields)
    return visitor.follow(done)


def test_nothing_there(kari):
    page = kari.get("/outbox/")
    assert "Nothing is on its way" in page.text
    assert "/outbox/" in page.links()


def test_sent(kari, desk, server):
    server()
    entry = desk.send()
    page = kari.get(f"/outbox/{entry.pk}/")
    assert "Sent" in page.text
    assert "250 2.1.5 OK" in page.text
    assert SECRET not in page.markup
    listed = kari.get("/outbox/")
    assert "Sent lately" in listed.text
    assert "Nothing is on its way" in press(kari, listed, "Remove from this list").text


def test_refused(kari, desk, server):
    server({"RCPT": b"550 5.1.1 <b>Nobody</b> here"})
    entry = desk.send()
    page = kari.get(f"/outbox/{entry.pk}/")
    assert "Not sent" in page.text
    assert "The mail server refused everybody it was for." in page.text
    assert "<b>Nobody</b> here" in page.text
    assert "<b>Nobody" not in page.markup
    assert "The text is in Drafts." in page.text


def test_unknown(kari, desk, server):
    server({".": cut()})
    page = kari.get(f"/outbox/{desk.send().pk}/")
    assert "Perhaps sent" in page.text
    assert "Look in Sent" in page.text
    assert not {"Send now", "Try now"} & set(buttons(page))


def test_waiting_then_tried_now(kari, desk, server):
    smtp = server({"MAIL": b"451 4.3.0 Later"})
    entry = desk.send()
    page = kari.get("/outbox/")
    assert "Not sent yet: next try at" in page.text
    smtp.table["MAIL"] = b"250 OK"
    assert "Sent" in press(kari, page, "Try now").text
    assert len(mails(smtp)) == 1
    assert kari.get(f"/outbox/{entry.pk}/").status == 200


def test_later_changed_and_cancelled(kari, desk, server):
    server()
    entry = desk.send(at=timezone.now() + timedelta(days=3))
    page = kari.get("/outbox/")
    assert "Will be sent" in page.text
    assert SECRET in page.text
    moved = press(kari, page, "Change the time", at="2031-05-06T07:08")
    assert "6 May 2031, 07:08" in moved.text
    assert "That time has passed" in press(kari, moved, "Change the time", at="2001-01-01T00:00").text
    assert kari.post(f"/outbox/{entry.pk}/later/", at="no time").status == 400
    assert "The text is in Drafts" in press(kari, kari.get("/outbox/"), "Don't send").text
    assert Outgoing.objects.get().state == "cancelled"


def test_what_is_another_persons_is_nowhere(kari, desk, server, dovecot):
    server()
    entry = desk.send(at=timezone.now() + timedelta(days=3))
    other = Visitor()
    other.sign_in(dovecot.user())
    for address in ("", "notice/"):
        assert other.get(f"/outbox/{entry.pk}/{address}").status == 404
    for do in ("undo", "now", "cancel", "dismiss", "again", "nonsense"):
        assert other.post(f"/outbox/{entry.pk}/{do}/").status == 404
    assert SECRET not in other.get("/outbox/").markup


def test_buttons_are_posts(kari, desk, server):
    server()
    entry = desk.send(at=timezone.now() + timedelta(days=3))
    assert kari.get(f"/outbox/{entry.pk}/cancel/").status == 405
    assert Outgoing.objects.get().state == "queued"


def test_the_copy_is_made_at_the_next_page_where_a_relay_sends(kari, desk, server, settings, later):
    settings.SMTP_RELAY_USER, settings.SMTP_RELAY_PASSWORD = "relay", "relay-password"
    server()
    desk.send(at=timezone.now() + timedelta(hours=1))
    kari.get("/outbox/")
    later(hours=2)
    assert desk.sent() == []
    assert kari.list().status == 200
    assert len(desk.sent()) == 1
    assert Outgoing.objects.get().state == "done"


def test_a_page_costs_no_query_more_where_nothing_waits(kari, django_assert_max_num_queries):
    kari.list()
    with django_assert_max_num_queries(2):
        kari.list()
