"""A person's identities: who they write as. Everybody has at least one, made up from the sign-in name where none
was saved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape

from django.db import transaction

from webmail.mail.compose import text_of

from .errors import AccessError
from .identity_fields import FIELDS, IdentityError, checked
from .models import Identity, Person
from .senders import account_address, canonical, is_address, may_send_as

ACCOUNT = "account"
"""The key of the identity that was not saved."""

MOST = 50


class UnknownIdentityError(AccessError):
    """This person has no such identity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderIdentity:
    """`reply_to` and `bcc` are address lists as typed, `sent_folder` a folder's name or "" for the server's own.
    `allowed`: it can be written as now. Not where the administrator's rule forbids it, nor where a sign-in name is
    no address because MAIL_DOMAIN was not said."""

    key: str = ""
    address: str
    name: str = ""
    reply_to: str = ""
    bcc: str = ""
    organisation: str = ""
    signature_plain: str = ""
    signature_rich: str = ""
    sent_folder: str = ""
    is_default: bool = False
    allowed: bool = True

    @property
    def text_signature(self) -> str:
        """The signature for a plain message: its own, or the formatted one's text."""
        return self.signature_plain or text_of(self.signature_rich).strip()

    @property
    def html_signature(self) -> str:
        """The signature for a formatted message: its own, or the plain one marked up."""
        return self.signature_rich or escape(self.signature_plain).replace("\n", "<br>")


def identities_of(*, person: Person) -> tuple[SenderIdentity, ...]:
    """All of them in the person's order, those that may not be used now as well. Never empty."""
    saved = tuple(_frozen(person, row) for row in person.identities.all())
    return saved or (_derived(person),)


def default_identity(*, person: Person) -> SenderIdentity:
    """The one that a new message starts with, which may be used; the account's own where no other may."""
    found = identities_of(person=person)
    own = _derived(person)
    usable = tuple(one for one in found if one.allowed) or ((own,) if own.allowed else found)
    return next((one for one in usable if one.is_default), usable[0])


def identity_named(*, person: Person, key: str) -> SenderIdentity:
    """The one with this key, "" for the default. Raises UnknownIdentityError."""
    if not key:
        return default_identity(person=person)
    found = identities_of(person=person)
    for identity in found:
        if identity.key == key:
            return identity
    if key == ACCOUNT:
        # A form that was opened before the first one was saved.
        own = canonical(account_address(person))
        same = (identity for identity in found if canonical(identity.address) == own)
        return next(same, default_identity(person=person))
    raise UnknownIdentityError


def identity_for(*, person: Person, addresses: Iterable[str]) -> SenderIdentity:
    """The one to answer a mail with that went to `addresses`: of the first that is the person's own
    ("kari+shop@…" counts as "kari@…" where it has no identity itself), else the default."""
    usable = [identity for identity in identities_of(person=person) if identity.allowed]
    by_address = {canonical(identity.address): identity for identity in reversed(usable)}
    for identity in usable:
        if identity.is_default:
            by_address[canonical(identity.address)] = identity
    for address in map(canonical, addresses):
        found = by_address.get(address) or by_address.get(without_detail(address))
        if found:
            return found
    return default_identity(person=person)


def own_addresses(*, person: Person) -> frozenset[str]:
    """Every address that is the person's own, each as `senders.canonical` writes it."""
    saved = person.identities.values_list("address", flat=True)
    return frozenset({canonical(account_address(person)), *map(canonical, saved)})


def is_own(*, person: Person, address: str) -> bool:
    """Whether this is one of theirs, "kari+shop@…" included."""
    own, wanted = own_addresses(person=person), canonical(address)
    return wanted in own or without_detail(wanted) in own


def without_detail(address: str) -> str:
    """RFC 5233's subaddress gone: "kari+shop@a.example" is "kari@a.example"."""
    local, at, domain = address.rpartition("@")
    return f"{local.partition('+')[0] or local}{at}{domain}"


def save_identity(*, person: Person, identity: SenderIdentity) -> SenderIdentity:
    """Saves a new one (`key` "") or changes the one with its key; returns it as it was saved, with its key.

    The first new one keeps the account's own beside it. Raises IdentityError, UnknownIdentityError.
    """
    values = checked(person, {name: getattr(identity, name) for name in FIELDS})
    with _rows_of(person) as rows:
        row = _row(person, rows, identity.key)
        if row is None and len(rows) >= MOST:
            raise IdentityError("", "many")
        if not rows and not identity.key:
            own = _derived(person)
            rows = [_insert(person, {name: getattr(own, name) for name in FIELDS}, rows)]
        if row is None:
            row = _insert(person, values, rows)
        else:
            for name, value in values.items():
                setattr(row, name, value)
            row.save(update_fields=list(values))
        if identity.is_default and not row.is_default:
            _make_default(person, row)
    return _frozen(person, row)


def delete_identity(*, person: Person, key: str) -> SenderIdentity:
    """Returns what was deleted, for `save_identity` with `key` "" to take it back. Raises UnknownIdentityError."""
    with _rows_of(person) as rows:
        row = _row(person, rows, key)
        if row is None:
            raise UnknownIdentityError
        former = _frozen(person, row)
        rest = [other for other in rows if other is not row]
        row.delete()
        if former.is_default and rest:
            _make_default(person, rest[0])
    return former


def make_default(*, person: Person, key: str) -> None:
    """Raises UnknownIdentityError."""
    with _rows_of(person) as rows:
        row = _row(person, rows, key)
        if row is None:
            raise UnknownIdentityError
        _make_default(person, row)


def move_identity(*, person: Person, key: str, by: int) -> None:
    """So many places down in the order, up where negative. Raises UnknownIdentityError."""
    with _rows_of(person) as rows:
        row = _row(person, rows, key)
        if row is None:
            raise UnknownIdentityError
        at = rows.index(row)
        rows.insert(min(max(at + by, 0), len(rows) - 1), rows.pop(at))
        for position, other in enumerate(rows):
            if other.position != position:
                other.position = position
                other.save(update_fields=["position"])


def rename_sent_folder(*, person: Person, names: Mapping[str, str]) -> int:
    """`names` maps the folders that are called otherwise now, "" for one that is gone. How many identities were
    changed."""
    changed = 0
    for row in person.identities.exclude(sent_folder=""):
        if row.sent_folder in names:
            row.sent_folder = names[row.sent_folder]
            row.save(update_fields=["sent_folder"])
            changed += 1
    return changed


@contextmanager
def _rows_of(person: Person) -> Iterator[list[Identity]]:
    """Nobody else changes them meanwhile."""
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        yield list(person.identities.all())


def _row(person: Person, rows: list[Identity], key: str) -> Identity | None:
    """None for one that is still to be saved. Raises UnknownIdentityError."""
    if not key:
        return None
    if key == ACCOUNT:
        own = canonical(account_address(person))
        return next((row for row in rows if canonical(row.address) == own), None)
    for row in rows:
        if str(row.pk) == key:
            return row
    raise UnknownIdentityError


def _insert(person: Person, values: dict[str, str], rows: list[Identity]) -> Identity:
    position = max((row.position for row in rows), default=-1) + 1
    return Identity.objects.create(person=person, is_default=not rows, position=position, **values)


def _make_default(person: Person, row: Identity) -> None:
    person.identities.filter(is_default=True).update(is_default=False)
    row.is_default = True
    row.save(update_fields=["is_default"])


def _derived(person: Person) -> SenderIdentity:
    address = account_address(person)
    return SenderIdentity(key=ACCOUNT, address=address, is_default=True, allowed=is_address(address))


def _frozen(person: Person, row: Identity) -> SenderIdentity:
    # A bare sign-in name that was saved before the administrator said MAIL_DOMAIN.
    address = row.address if "@" in row.address else account_address(person)
    values = {name: getattr(row, name) for name in FIELDS} | {"address": address}
    return SenderIdentity(
        key=str(row.pk),
        is_default=row.is_default,
        allowed=is_address(address) and may_send_as(person=person, address=address),
        **values,
    )
