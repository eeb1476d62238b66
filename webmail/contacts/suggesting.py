"""Recipients while somebody types a few letters of them."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Q

from webmail.mail.address import Mailbox
from webmail.mail.compose import format_recipients

from .folding import tokens_of
from .models import Contact
from .own import addresses_of, groups_of

GROUPS = 3


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`label` is for eyes, `value` for a recipients field: one person, or all members of a group with commas between.
    `kind` is "saved", "collected" or "group"; `detail` a person's address, nothing for a group."""

    label: str
    value: str
    kind: str
    detail: str = ""
    count: int = 1


def suggest(*, person: AbstractBaseUser, text: str, limit: int = 8) -> tuple[Suggestion, ...]:
    """Those of whose name or address every word of `text` begins a word: contacts before those collected, each in
    order of use and recency; groups among the contacts. At most three queries."""
    tokens = tokens_of(text)
    if not tokens:
        return ()
    begins = Q(*(Q(words__contains=f" {token}") for token in tokens))
    found = addresses_of(person).filter(begins).select_related("contact")
    people = tuple(
        Suggestion(
            label=address.contact.name or Mailbox("", address.address).display_address,
            value=format_recipients([Mailbox(address.contact.name, address.address)]),
            kind=address.contact.kind,
            detail=Mailbox("", address.address).display_address,
        )
        for address in found.order_by("-contact__kind", "-rank", "contact__sort", "position", "pk")[:limit]
    )
    saved = tuple(one for one in people if one.kind == Contact.Kind.SAVED)
    groups = _groups(person, begins)
    room = limit - len(groups)
    return (*saved[:room], *groups, *people[len(saved[:room]) :])[:limit]


def _groups(person: AbstractBaseUser, begins: Q) -> tuple[Suggestion, ...]:
    names = dict(groups_of(person).filter(begins).order_by("folded").values_list("pk", "name")[:GROUPS])
    if not names:
        return ()
    people: dict[int, list[Mailbox]] = {}
    # A contact's first address is the one that its groups mean.
    first = addresses_of(person).filter(position=0, contact__groups__in=names).order_by("contact__sort", "pk")
    for group, name, address in first.values_list("contact__groups", "contact__name", "address"):
        people.setdefault(group, []).append(Mailbox(name, address))
    return tuple(
        Suggestion(names[group], format_recipients(people[group]), "group", count=len(people[group]))
        for group in names
        if group in people
    )
