"""The file as a whole: written, read, and put in the place of what there was."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from ..folder_choices import MOST as MOST_FOLDERS
from ..folder_choices import ROLES, FolderChoices
from ..identities import MOST as MOST_IDENTITIES
from ..identity_fields import FIELDS, IdentityError, checked
from ..labels import MOST as MOST_LABELS
from ..labels import Label, LabelError, is_keyword, labels_of, named_so
from ..models import Identity, Person, TrustedSender
from ..searches import MOST as MOST_SEARCHES
from ..searches import Saved, SearchError, new_search, searches_of
from ..threaded import MOST as MOST_THREADED
from . import preferences
from .values import Fields, PortableError, folder, is_plain, text

VERSION: Final = 1
MOST_OCTETS: Final = 2_000_000
MOST_TRUSTED: Final = 5_000
LONGEST_ADDRESS: Final = 320
MARK: Final = "ekorn preferences"
# Of what the file holds besides, so many are named.
MOST_NAMED: Final = 20


@dataclass(frozen=True, slots=True)
class Imported:
    """`ignored` are paths in the file that mean nothing here, `forbidden` addresses that this service does not let
    the person write as: both were passed over."""

    ignored: tuple[str, ...]
    forbidden: tuple[str, ...]


@dataclass(slots=True)
class _Read:
    """`chosen` are fields of the person. None: the file says nothing of these."""

    chosen: dict[str, Any] = field(default_factory=dict)
    identities: list[Identity] | None = None
    trusted: tuple[str, ...] | None = None
    forbidden: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)


def exported(*, person: Person) -> dict[str, Any]:
    """As JSON holds it."""
    return {
        "kind": MARK,
        "version": VERSION,
        "person": person.username,
        "exported": timezone.now().isoformat(timespec="seconds"),
        "preferences": preferences.written(person),
        "identities": [
            {name: getattr(row, name) for name in FIELDS} | {"is_default": row.is_default}
            for row in person.identities.all()
        ],
        "labels": [
            {"keyword": one.keyword, "name": one.name, "colour": one.colour}
            for one in labels_of(person=person)
        ],
        "searches": [
            {"name": one.name, "folder": one.folder, "query": one.query} for one in searches_of(person=person)
        ],
        "folders": FolderChoices.of(person.folder_choices).kept(),
        "threaded": list(person.threaded),
        "trusted_senders": list(person.trusted_senders.order_by("address").values_list("address", flat=True)),
    }


def import_file(*, person: Person, data: bytes) -> Imported:
    """Each part that the file holds takes the place of what there was; the others stay. Raises PortableError, and
    then nothing was changed."""
    read = _read(person, _parsed(data))
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        if read.chosen:
            Person.objects.filter(pk=person.pk).update(**read.chosen)
        if read.identities is not None:
            person.identities.all().delete()
            Identity.objects.bulk_create(read.identities)
        if read.trusted is not None:
            person.trusted_senders.all().delete()
            TrustedSender.objects.bulk_create(
                TrustedSender(person=person, address=address) for address in read.trusted
            )
    person.refresh_from_db()
    return Imported(tuple(read.ignored[:MOST_NAMED]), tuple(read.forbidden))


def _parsed(data: bytes) -> Fields:
    if len(data) > MOST_OCTETS:
        raise PortableError("large")
    try:
        whole = Fields(json.loads(data.decode("utf-8-sig")))
    except (ValueError, RecursionError) as error:
        raise PortableError("file") from error
    except PortableError as error:
        raise PortableError("file") from error
    version = whole.get("version")
    if whole.get("kind") != MARK or type(version) is not int or version < 1:
        raise PortableError("file")
    if version > VERSION:
        raise PortableError("version")
    return whole


def _read(person: Person, whole: Fields) -> _Read:
    read = _Read()
    for told in ("person", "exported"):
        whole.get(told)
    if "preferences" in whole:
        fields = Fields(whole.get("preferences"), "preferences")
        read.chosen |= preferences.read(fields)
        read.ignored += fields.unknown()
    if "identities" in whole:
        read.identities = _identities(person, whole, read)
    if "labels" in whole:
        read.chosen["labels"] = _labels(whole, read)
    if "searches" in whole:
        read.chosen["searches"] = _searches(whole, read)
    if "folders" in whole:
        read.chosen["folder_choices"] = _folders(Fields(whole.get("folders"), "folders"), read)
    if "threaded" in whole:
        read.chosen["threaded"] = list(whole.names("threaded", most=MOST_THREADED))
    if "trusted_senders" in whole:
        read.trusted = _trusted(whole)
    read.ignored += whole.unknown()
    return read


def _identities(person: Person, whole: Fields, read: _Read) -> list[Identity]:
    rows: list[Identity] = []
    for where, one in whole.items("identities", most=MOST_IDENTITIES):
        fields = Fields(one, where)
        values = {name: fields.text(name) for name in FIELDS}
        is_default = fields.flag("is_default") and not any(row.is_default for row in rows)
        read.ignored += fields.unknown()
        try:
            values = checked(person, values)
        except IdentityError as error:
            if error.reason == "forbidden":
                read.forbidden.append(values["address"])
                continue
            raise PortableError("value", fields.path(error.field)) from error
        rows.append(Identity(person=person, position=len(rows), is_default=is_default, **values))
    if rows and not any(row.is_default for row in rows):
        rows[0].is_default = True
    return rows


def _labels(whole: Fields, read: _Read) -> list[list[str]]:
    found: list[Label] = []
    for where, one in whole.items("labels", most=MOST_LABELS):
        fields = Fields(one, where)
        keyword, name, colour = (fields.text(part) for part in ("keyword", "name", "colour"))
        read.ignored += fields.unknown()
        if not is_keyword(keyword):
            raise PortableError("value", fields.path("keyword"))
        if any(other.keyword.lower() == keyword.lower() for other in found):
            raise PortableError("double", fields.path("keyword"))
        try:
            found.append(Label(keyword, named_so(name, colour, found), colour))
        except LabelError as error:
            at_fault = "colour" if error.reason == "colour" else "name"
            reason = "double" if error.reason == "taken" else "value"
            raise PortableError(reason, fields.path(at_fault)) from error
    return [[one.keyword, one.name, one.colour] for one in found]


def _searches(whole: Fields, read: _Read) -> list[list[str]]:
    found: list[Saved] = []
    for where, one in whole.items("searches", most=MOST_SEARCHES):
        fields = Fields(one, where)
        name, place, query = (fields.text(part) for part in ("name", "folder", "query"))
        read.ignored += fields.unknown()
        try:
            if not (is_plain(place) and is_plain(query)):
                raise SearchError("long")
            found.append(new_search(name=name, folder=place, query=query))
        except SearchError as error:
            at_fault = "name" if error.reason == "name" else "query"
            raise PortableError("value", fields.path(at_fault)) from error
    return [[one.key, one.name, one.folder, one.query] for one in found]


def _folders(fields: Fields, read: _Read) -> dict[str, Any]:
    choices = FolderChoices(
        order=fields.names("order", most=MOST_FOLDERS),
        folded=frozenset(fields.names("folded", most=MOST_FOLDERS)),
        subscribed_only=fields.flag("subscribed_only"),
        renamed={old: folder(new, where) for where, old, new in fields.pairs("renamed", most=MOST_FOLDERS)},
    )
    for where, name, role in fields.pairs("roles", most=MOST_FOLDERS):
        if role and role not in ROLES:
            raise PortableError("value", where)
        choices = choices.with_role(name, role)
    read.ignored += fields.unknown()
    return choices.kept()


def _trusted(whole: Fields) -> tuple[str, ...]:
    addresses: dict[str, None] = {}
    for where, one in whole.items("trusted_senders", most=MOST_TRUSTED):
        address = text(one, where).casefold()
        if not 0 < len(address) <= LONGEST_ADDRESS or not address.isprintable():
            raise PortableError("value", where)
        addresses[address] = None
    return tuple(addresses)
