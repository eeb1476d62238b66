"""The address book as a file, made while it is sent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Max

from .book import entry
from .files import table, vcard
from .models import Contact
from .own import addresses_of, contacts_of
from .pages import Card

Form = Literal["vcard3", "vcard4", "csv"]
AT_ONCE = 500


def export(*, person: AbstractBaseUser, form: Form) -> Iterator[bytes]:
    """Every contact with its groups, in order of name; those collected are left out. Three queries for 500."""
    if form != "csv":
        return vcard.write_all(_cards(person), version="3.0" if form == "vcard3" else "4.0")
    of_saved = addresses_of(person).filter(contact__kind=Contact.Kind.SAVED)
    last = of_saved.aggregate(last=Max("position"))["last"]
    return table.write_all(_cards(person), addresses=1 if last is None else last + 1)


def _cards(person: AbstractBaseUser) -> Iterator[Card]:
    saved = contacts_of(person).filter(kind=Contact.Kind.SAVED).defer("words").order_by("sort", "pk")
    for contact in saved.prefetch_related("addresses", "groups").iterator(AT_ONCE):
        yield entry(contact, groups=sorted(group.name for group in contact.groups.all())).card
