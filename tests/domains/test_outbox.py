"""Mail on its way out, where the submission server of some people hangs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from webmail.accounts.models import Person
from webmail.domains.models import MailDomain
from webmail.outbox import worker as working
from webmail.outbox.models import Outgoing
from webmail.outbox.worker import AT_ONCE, OF_ONE_DOMAIN, Worker


def due(person: Person, number: int) -> Outgoing:
    """The higher the number the later."""
    when = timezone.now() - timedelta(minutes=60 - number)
    return Outgoing.objects.create(
        person=person,
        message_id=f"{number}@{person.username}",
        created=when,
        not_before=when,
        next_try=when,
        fingerprint="",
    )


@pytest.mark.django_db(transaction=True)
def test_a_hanging_server_does_not_keep_the_mail_of_others(
    domain: Callable[..., MailDomain], monkeypatch: pytest.MonkeyPatch
) -> None:
    domain("slow.example")
    domain("fjord.example")
    held = Person.objects.create(username="kari@slow.example")
    for number in range(AT_ONCE + 2):
        due(held, number)
    other = due(Person.objects.create(username="ola@fjord.example"), 50)
    begun, over = [], threading.Event()

    def work(pk: int) -> None:
        begun.append(pk)
        if pk == other.pk:
            worker.end()
            over.set()
        else:
            over.wait(60)

    monkeypatch.setattr(working, "work", work)
    worker = Worker(poll=0.5)
    worker.run()
    assert other.pk in begun
    assert len(begun) == OF_ONE_DOMAIN + 1
