"""Sessions ended, lock-outs lifted, the log saved, what is stuck tried again or cancelled, servers tested."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from tests.administration.conftest import PASSWORD
from tests.administration.filled import fill
from webmail.accounts.models import Person
from webmail.administration.roles import HELP_DESK, READERS
from webmail.domains.models import MailDomain
from webmail.outbox import steering
from webmail.outbox.errors import TooLateError
from webmail.outbox.models import Outgoing
from webmail.signins import limits
from webmail.signins.models import Session, SignInEvent, Tries

pytestmark = pytest.mark.django_db


@pytest.fixture
def kari(db) -> Person:
    (person,) = fill()
    return person


@pytest.fixture
def reader(signed_in) -> Client:
    person = Person.objects.create_user("reader", password=PASSWORD, is_staff=True)
    person.groups.set(Group.objects.filter(name=READERS))
    return signed_in(person)


def act(client: Client, where: str, action: str, *rows):
    data = {"action": action, "index": "0", "_selected_action": [row.pk for row in rows]}
    return client.post(f"/admin/{where}/", data)


def test_one_session_is_ended(admin, kari):
    here = Session.objects.get(person=kari)
    there = Session.objects.create(session_key="another", expire_date=here.expire_date, person=kari)
    act(admin, "signins/session", "end", here)
    assert list(Session.objects.filter(person=kari)) == [there]
    assert LogEntry.objects.get(object_id=here.pk).get_change_message() == "Ended."


def test_whoever_may_only_see_ends_none(reader, kari):
    act(reader, "signins/session", "end", *Session.objects.filter(person=kari))
    assert Session.objects.filter(person=kari).count() == 1


def test_the_help_desk_ends_no_administrators_session(root, admin, signed_in):
    helper = Person.objects.create_user("helper", password=PASSWORD, is_staff=True)
    helper.groups.set(Group.objects.filter(name=HELP_DESK))
    act(signed_in(helper), "signins/session", "end", *Session.objects.filter(person=root))
    assert Session.objects.filter(person=root).exists()
    assert admin.get("/admin/").status_code == 200


def test_a_lock_out_is_lifted(admin, kari):
    row = Tries.objects.get(account=kari.username)
    assert kari.username in admin.get("/admin/signins/tries/").content.decode()
    act(admin, "signins/tries", "lift", row)
    assert not limits.locked_out().exists()


def test_a_lock_out_that_is_over_is_not_listed(admin, kari):
    Tries.objects.update(locked_until=timezone.now() - timedelta(seconds=1))
    assert kari.username not in admin.get("/admin/signins/tries/").content.decode()


def test_the_log_is_saved_as_the_filters_leave_it(admin, kari):
    SignInEvent.objects.create(outcome="password", account="=cmd()", address="192.0.2.66")
    answer = admin.get("/admin/signins/signinevent/csv/?outcome__exact=password")
    assert answer["Content-Disposition"] == 'attachment; filename="sign-ins.csv"'
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))
    assert [(row["outcome"], row["account"], row["address"]) for row in rows] == [
        ("password", "'=cmd()", "192.0.2.66")
    ]
    assert admin.get("/admin/signins/signinevent/csv/?nonsense=1").status_code == 302


def test_what_is_stuck_is_tried_again_now(admin, kari):
    row = Outgoing.objects.get(person=kari)
    act(admin, "outbox/outgoing", "retry", row)
    row.refresh_from_db()
    assert row.next_try <= timezone.now()
    with pytest.raises(TooLateError):
        steering.retry_now(pk=row.pk)


def test_what_waits_for_its_time_is_left_alone(admin, kari):
    later = timezone.now() + timedelta(days=1)
    Outgoing.objects.update(attempts=0, scheduled=True, not_before=later, next_try=later)
    row = Outgoing.objects.get()
    page = act(admin, "outbox/outgoing", "retry", row)
    assert page.status_code == 302
    row.refresh_from_db()
    assert row.next_try == later


def test_a_cancelled_message_goes_back_to_drafts(admin, kari):
    row = Outgoing.objects.get(person=kari)
    act(admin, "outbox/outgoing", "cancel", row)
    row.refresh_from_db()
    assert (row.state, row.reason, row.steps) == ("refused", "stopped", "keep")
    assert row.letter
    with pytest.raises(TooLateError):
        steering.cancel(pk=row.pk)


def test_whoever_may_only_see_steers_nothing(reader, kari):
    for action in ("retry", "cancel"):
        act(reader, "outbox/outgoing", action, Outgoing.objects.get())
    assert Outgoing.objects.get().state == "queued"


def test_a_message_shows_how_many_it_is_for_and_not_whom(admin, kari):
    page = admin.get(f"/admin/outbox/outgoing/{Outgoing.objects.get().pk}/change/").content.decode()
    assert "x.example" not in page
    assert "1 accepted" not in page


def test_a_domains_servers_are_tested(admin, dovecot):
    MailDomain.objects.create(
        name="fjord.example", imap_url=dovecot.url, smtp_url="smtp://127.0.0.1:1", verify=False
    )
    domain = MailDomain.objects.get()
    answer = admin.post(f"/admin/domains/maildomain/{domain.pk}/check/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "IMAP4rev1" in page.upper().replace("IMAP4REV1", "IMAP4rev1")
    assert "fails" in page
    assert admin.get(f"/admin/domains/maildomain/{domain.pk}/check/").status_code == 302
    assert admin.post("/admin/domains/maildomain/999/check/").status_code == 404


def test_whoever_may_only_see_a_domain_tests_nothing(reader):
    domain = MailDomain.objects.create(name="fjord.example", imap_url="imaps://127.0.0.1:1")
    assert reader.post(f"/admin/domains/maildomain/{domain.pk}/check/").status_code == 403


def test_a_domain_is_made_and_changed_with_its_form(admin):
    fields = {
        "name": "Fjord.Example",
        "imap_url": "imaps://mail.fjord.example",
        "login": "full",
        "provisioning": "anyone",
        "sender_policy": "domain",
        "verify": "on",
    }
    assert admin.post("/admin/domains/maildomain/add/", fields).status_code == 302
    domain = MailDomain.objects.get()
    assert domain.name == "fjord.example"
    answer = admin.post(f"/admin/domains/maildomain/{domain.pk}/change/", fields | {"imap_url": "http://x"})
    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()
