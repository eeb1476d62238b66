"""The sessions of a person: begun, seen, ended."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from . import ending, events, known, store
from .address import client_address
from .device import words
from .models import Kind, Session, SignInEvent


def begin(request: HttpRequest, *, person: AbstractBaseUser, kind: Kind = Kind.MAIL) -> None:
    """After django.contrib.auth's `login`: the session gets to know whose it is and where it is used, the log that
    it began, and the browser that it is a known device of theirs."""
    now = timezone.now()
    session = session_of(request)
    session.about = {
        "person_id": person.pk,
        "kind": kind,
        "device": words(request.headers.get("User-Agent", "")),
        "address": client_address(request) or None,
        "started": now,
        "last_used": now,
    }
    session.modified = True
    events.record(
        request,
        outcome=SignInEvent.Outcome.SUCCESS,
        account=person.get_username(),
        person=person,
        kind=kind,
    )
    known.remember(request, kind, person.get_username())


def session_of(request: HttpRequest) -> store.SessionStore:
    assert isinstance(request.session, store.SessionStore)
    return request.session


def key_of(request: HttpRequest) -> str:
    """The row key of the session that asks, as `sessions_of` names it; "" where there is none."""
    return session_of(request).digest


def sessions_of(person: AbstractBaseUser, *, kind: Kind | None = None) -> QuerySet[Session]:
    """Those that have not run out, the one used last first."""
    found = Session.objects.filter(person_id=person.pk, expire_date__gt=timezone.now())
    return (found.filter(kind=kind) if kind else found).order_by("-last_used", "-started")


def end_session(key: str, *, person: AbstractBaseUser | None = None) -> bool:
    """The session with this row key, of this person where one is named. False where there is none (any more)."""
    found = Session.objects.filter(pk=key)
    if person is not None:
        found = found.filter(person_id=person.pk)
    session = found.first()
    if session is None:
        return False
    _end([session])
    return True


def end_all(person: AbstractBaseUser, *, kind: Kind | None = None, but: str = "") -> int:
    """All of theirs, or of one kind, except the one with the row key `but`. Returns how many there were."""
    found = Session.objects.filter(person_id=person.pk).exclude(pk=but)
    sessions = list(found.filter(kind=kind) if kind else found)
    ended = store.end(session.pk for session in sessions)
    if kind != Kind.ADMIN:
        # Those of the former version, which nobody can list, end with them.
        ending.tell(person_id=person.pk)
    return ended


def _end(sessions: list[Session]) -> None:
    store.end(session.pk for session in sessions)
    for session in sessions:
        if session.person_id is not None and session.kind == Kind.MAIL:
            ending.tell(person_id=session.person_id, sessions=(session.pk,))
