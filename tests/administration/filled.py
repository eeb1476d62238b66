"""A database with something of everything that the admin shows, and marks in what it must not show."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.admin.models import CHANGE, LogEntry
from django.utils import timezone

from webmail.accounts.models import Identity, Person
from webmail.administration.models import Holding, Instance, Sample
from webmail.contacts.models import Contact
from webmail.domains.models import MailDomain
from webmail.outbox import sealing
from webmail.outbox.models import Outgoing
from webmail.signins.models import Session, SignInEvent, Tries
from webmail.signins.store import SessionStore, digest

# In nothing that a page of the admin says.
SECRET = "MARKED-7f3a"


def fill(count: int = 1, *, prefix: str = "kari") -> list[Person]:
    """So many people with one of each; returns them."""
    now = timezone.now()
    people = []
    for number in range(count):
        person = Person.objects.create(
            username=f"{prefix}{number}@fjord.example",
            password=f"!{SECRET}",
            searches=[["key", SECRET, "INBOX", SECRET]],
        )
        people.append(person)
        Identity.objects.create(
            person=person, address=f"{prefix}{number}@fjord.example", name="Kari", signature_plain=SECRET
        )
        Contact.objects.create(person=person, name=SECRET, notes=SECRET, letter="m", sort=b"m", words=SECRET)
        outgoing = Outgoing(
            person=person,
            message_id=f"<{prefix}{number}@fjord.example>",
            created=now,
            not_before=now,
            next_try=now + timedelta(minutes=5),
            attempts=1,
            letter=SECRET,
            credentials=SECRET,
            fingerprint=SECRET,
        )
        outgoing.notes = sealing.seal_notes(
            outgoing, sealing.Notes(sender="kari@fjord.example", to=(f"{SECRET}@x.example",), subject=SECRET)
        )
        outgoing.save()
        Session.objects.create(
            session_key=digest(f"{SECRET}{prefix}{number}"),
            session_data=SessionStore().encode({"credentials": SECRET}),
            expire_date=now + timedelta(days=1),
            person=person,
            device="Firefox, Linux",
            address="192.0.2.7",
        )
        SignInEvent.objects.create(
            outcome="success", account=person.username, person=person, address="192.0.2.7"
        )
        Tries.objects.create(
            key=f"{prefix}{number}",
            scope="both",
            account=person.username,
            address="192.0.2.9",
            locked_until=now + timedelta(hours=1),
        )
        MailDomain.objects.create(name=f"{prefix}{number}.example", imap_url="imaps://mail.example.org")
        instance = Instance.objects.create(
            name=f"host:{prefix}{number}", started=now, seen=now, people=1, connections=2, borrowed=1
        )
        Holding.objects.create(instance=instance, person=person, connections=2, borrowed=1, idle_seconds=3)
        Sample.objects.create(
            at=now.replace(second=0, microsecond=0),
            instance=instance.name,
            values={"pool_connections:borrowed": 1, "pool_connections:idle": 1},
        )
        LogEntry.objects.create(
            user=person, action_flag=CHANGE, object_repr=person.username, change_message="Blocked."
        )
    return people
