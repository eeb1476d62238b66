"""What every page says of mail on its way out: the notice after sending, and how many are not done.

Both are noted in the session, so that a page costs no query where nothing is on its way.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from django.http import HttpRequest
from django.utils import timezone

from webmail.accounts.access import access_of
from webmail.accounts.errors import SignInEndedError
from webmail.accounts.models import Person
from webmail.outbox import changing, listing
from webmail.outbox.entry import Entry
from webmail.outbox.errors import NoEntryError

from .outbox_words import Shown, shown

DOUBLE_CLICK = timedelta(seconds=30)
TOLD, COUNT = "outbox-told", "outbox-count"


def tell(request: HttpRequest, entry: Entry) -> None:
    """What became of it is said on the page that the person comes to next."""
    # A double click is no second sending to anybody's mind.
    again = entry.again and (entry.differs or timezone.now() - entry.created > DOUBLE_CLICK)
    request.session[TOLD] = [entry.pk, again, entry.differs]
    request.session[COUNT] = 1


def was_told(request: HttpRequest) -> None:
    request.session.pop(TOLD, None)


def notice(request: HttpRequest, person: Person) -> Shown | None:
    """Until it is sent or has to wait; that is said once."""
    told = request.session.get(TOLD)
    if told is None:
        return None
    pk, again, differs = told
    try:
        entry = listing.entry(person=person, pk=pk, again=again, differs=differs)
    except NoEntryError:
        was_told(request)
        return None
    if entry.phase not in ("held", "going"):
        was_told(request)
    return shown(entry)


def count(request: HttpRequest, person: Person) -> int:
    """What waits for the person to be here is done at this chance."""
    known = request.session.get(COUNT)
    if known:
        with suppress(SignInEndedError):
            changing.resume(access=access_of(request))
    return known if known == 0 else count_again(request, person)


def count_again(request: HttpRequest, person: Person) -> int:
    found = listing.unfinished(person=person)
    if request.session.get(COUNT) != found:
        request.session[COUNT] = found
    return found


def moment_typed(text: str) -> datetime | None:
    """A `datetime-local` field's value in the person's zone; None for what is none."""
    try:
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo else timezone.make_aware(moment)
    except (ValueError, OverflowError):
        return None
