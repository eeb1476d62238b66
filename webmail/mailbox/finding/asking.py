"""Who asks: the addresses that "me" stands for, and the names of labels."""

from __future__ import annotations

from webmail.accounts.access import Access
from webmail.accounts.identities import identities_of
from webmail.accounts.labels import labels_of

from ..query.meaning import ME, Asker
from ..view import View


def asker_of(access: Access, view: View) -> Asker:
    """Reads the person's identities only where the view speaks of them."""
    labels: dict[str, str] = {}
    if any(term.field == "label" for term in view.query.terms):
        labels = {one.name.casefold(): one.keyword for one in labels_of(person=access.person)}
    if not any(term.value.casefold() in ME for term in view.query.terms):
        return Asker(labels=labels)
    addresses = (identity.address for identity in identities_of(person=access.person))
    return Asker(tuple(dict.fromkeys(addresses)), labels)
