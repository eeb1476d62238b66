"""What has run out is forgotten, and nothing else."""

from __future__ import annotations

import io
import os
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from tests.front.visitor import Visitor
from webmail.accounts.models import Person
from webmail.administration.models import Sample
from webmail.contacts.models import Contact
from webmail.journal.models import Deed
from webmail.outbox.models import Outgoing
from webmail.signins.models import Ending, SignInEvent
from webmail.upkeep import cleaning


def cleanup() -> str:
    out = io.StringIO()
    call_command("cleanup", stdout=out)
    return out.getvalue()


def test_nothing_that_still_counts_goes(kari: Visitor, settings, later) -> None:
    person = Person.objects.get()
    now = timezone.now()
    for days in (0, 2):
        Contact.objects.create(
            person=person, name=f"{days}", sort=b"", words="", deleted_at=now - timedelta(days=days)
        )
        Outgoing.objects.create(
            person=person,
            message_id=f"{days}@fjord.example",
            state="done",
            created=now,
            not_before=now,
            finished=now - timedelta(days=40 * days),
            fingerprint="",
        )
    Contact.objects.create(person=person, name="kept", sort=b"", words="")
    SignInEvent.objects.create(account="long-ago", outcome="success", at=now - timedelta(days=400))
    Sample.objects.create(at=now - timedelta(days=400), instance="x")
    Ending.objects.create(person_id=person.pk, session="x", at=now - timedelta(days=400))
    old = Deed.objects.create(person=person, sign_in="x", kind="move")
    Deed.objects.filter(pk=old.pk).update(created=now - timedelta(days=400))
    Deed.objects.create(person=person, sign_in="y", kind="move")
    for place in (settings.UPLOAD_DIR / str(person.pk), settings.OUTBOX_DIR):
        place.mkdir(parents=True)
        for name, days in (("old", 60), ("new", 0)):
            (place / name).write_bytes(b"x")
            moment = now.timestamp() - days * 86400
            os.utime(place / name, (moment, moment))

    assert cleanup().splitlines() == [
        "       1 sign-ins of long ago",
        "       1 notes of sign-ins that were ended",
        "       1 figures of long ago",
        "       1 contacts deleted a day ago",
        "       1 deeds of sign-ins that had ended",
        "       1 records of messages",
        "       1 files of messages that nobody knew",
        "       1 attached files that nobody sent",
    ]
    assert {*Contact.objects.values_list("name", flat=True)} == {"0", "kept"}
    assert [*Deed.objects.values_list("sign_in", flat=True)] == ["y"]
    assert [*Outgoing.objects.values_list("message_id", flat=True)] == ["0@fjord.example"]
    assert [path.name for path in settings.OUTBOX_DIR.iterdir()] == ["new"]
    assert [*SignInEvent.objects.values_list("account", flat=True)] == [person.username]
    assert cleanup() == ""
    assert kari.list().status == 200


def test_sessions_that_ended_in_more_than_one_batch(kari: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cleaning, "BATCH", 2)
    model = cleaning.session_model()
    past = timezone.now() - timedelta(seconds=1)
    for number in range(5):
        model.objects.create(session_key=f"ended{number}", session_data="", expire_date=past)
    assert "       5 sessions that had ended" in cleanup()
    assert kari.list().status == 200
