"""Forgetting everything whose time has run out, so much at once that nobody waits for it."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any, Final

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db.models import QuerySet
from django.utils import timezone

from webmail.administration import reporting
from webmail.contacts import keeping as contacts
from webmail.journal import keeping as journal
from webmail.outbox import sweeping as outbox
from webmail.signins import ending, events, limits
from webmail.signins import store as sessions

# Rows that one statement deletes.
BATCH: Final = 1000


def clean() -> Iterator[tuple[str, int]]:
    """One thing after the other: what was forgotten, and how many of it. Safe to repeat, and beside another."""
    yield "sessions that had ended", _delete(session_model().objects.filter(expire_date__lt=timezone.now()))
    yield "sessions of the former version", _delete(sessions.former().filter(expire_date__lt=timezone.now()))
    yield "sign-ins of long ago", _delete(events.to_be_forgotten(timezone.now()))
    yield "counts of wrong passwords", _delete(limits.to_be_forgotten(timezone.now()))
    yield "notes of sign-ins that were ended", _delete(ending.to_be_forgotten(timezone.now()))
    yield "figures of long ago", _delete(reporting.to_be_forgotten(timezone.now()))
    yield "contacts deleted a day ago", _delete(contacts.to_be_forgotten(timezone.now()))
    yield "deeds of sign-ins that had ended", _delete(journal.to_be_forgotten(timezone.now()))
    swept = outbox.sweep(timezone.now())
    yield "messages sent long ago", swept.emptied
    yield "records of messages", swept.deleted
    yield "files of messages that nobody knew", swept.files
    yield "attached files that nobody sent", swept.uploads


def session_model() -> type[AbstractBaseSession]:
    """Whatever SESSION_ENGINE keeps them in."""
    engine: Any = import_module(settings.SESSION_ENGINE)
    model: type[AbstractBaseSession] = engine.SessionStore.get_model_class()
    return model


def _delete(rows: QuerySet[Any]) -> int:
    """A batch at a time, each a transaction of its own; how many there were."""
    gone = 0
    while keys := list(rows.order_by().values_list("pk", flat=True)[:BATCH]):
        rows.model._base_manager.filter(pk__in=keys).delete()
        gone += len(keys)
    return gone
