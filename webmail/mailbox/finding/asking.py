"""Who asks: the addresses that "me" stands for."""

from __future__ import annotations

from webmail.accounts.access import Access
from webmail.accounts.identities import identities_of

from ..query.meaning import ME, Asker
from ..view import View


def asker_of(access: Access, view: View) -> Asker:
    """Reads the person's identities only where the view speaks of them."""
    if not any(term.value.casefold() in ME for term in view.query.terms):
        return Asker()
    addresses = (identity.address for identity in identities_of(person=access.person))
    return Asker(addresses=tuple(dict.fromkeys(addresses)))
