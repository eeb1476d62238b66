"""What every page says of what was just done to messages: noted in the session, said once."""

from __future__ import annotations

from django.http import HttpRequest

from webmail.accounts.access import Access, access_of
from webmail.accounts.errors import SignInEndedError
from webmail.journal import keeping
from webmail.journal.errors import NoDeedError
from webmail.journal.models import Deed
from webmail.mailbox import reading

from .filing_words import Shown, shown

TOLD = "done-told"


def tell(request: HttpRequest, deed: Deed) -> None:
    """On the page that the person comes to next."""
    if deed.pk is not None:
        request.session[TOLD] = deed.pk


def notice(request: HttpRequest) -> Shown | None:
    pk = request.session.get(TOLD)
    if pk is None:
        return None
    try:
        access = access_of(request)
        found = shown_of(access, keeping.deed_of(person_id=access.person.pk, sign_in=access.sign_in, pk=pk))
    except (NoDeedError, SignInEndedError):
        found = None
    if found is None or found.percent is None:
        del request.session[TOLD]
    return found


def shown_of(access: Access, deed: Deed) -> Shown:
    return shown(deed, reading.known_folders(access=access))


def was_told(request: HttpRequest) -> None:
    request.session.pop(TOLD, None)
