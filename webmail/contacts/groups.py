"""Groups: a name to write to many at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Count, Q

from webmail.mail.address import Mailbox
from webmail.mail.compose import format_recipients

from . import limits
from .errors import FullError, NotThereError, RefusedError
from .folding import fold
from .models import Contact, Group
from .own import contacts_of, groups_of, lock
from .pages import GroupLine
from .text import line


def list_groups(*, person: AbstractBaseUser) -> tuple[GroupLine, ...]:
    """All, in order of name. One query."""
    present = Count("members", filter=Q(members__deleted_at=None))
    rows = groups_of(person).annotate(count=present).order_by("folded").values_list("pk", "name", "count")
    return tuple(GroupLine(*row) for row in rows)


def get_group(*, person: AbstractBaseUser, group: int) -> GroupLine:
    """Raises NotThereError."""
    row = _row(person, group)
    return GroupLine(row.pk, row.name)


def recipients(*, person: AbstractBaseUser, group: int) -> str:
    """All members who have an address, as a recipients field takes them."""
    first = contacts_of(person).filter(groups=group, addresses__position=0).order_by("sort", "pk")
    return format_recipients(Mailbox(*row) for row in first.values_list("name", "addresses__address"))


@transaction.atomic
def save_group(
    *, person: AbstractBaseUser, name: str, group: int | None = None, members: Collection[int] = ()
) -> int:
    """A new group with these contacts, or another name for this one. Raises RefusedError, FullError, NotThereError."""
    lock(person)
    row = Group(person_id=person.pk) if group is None else _row(person, group)
    row.name = line(name, limits.GROUP_NAME)
    row.file()
    if not row.name:
        raise RefusedError(("group", "empty"))
    if groups_of(person).filter(folded=row.folded).exclude(pk=row.pk).exists():
        raise RefusedError(("group", "taken"))
    if group is None and groups_of(person).count() >= limits.GROUPS:
        raise FullError
    row.save()
    if members:
        row.members.add(*contacts_of(person).filter(pk__in=members))
    return row.pk


def delete_group(*, person: AbstractBaseUser, group: int) -> tuple[str, tuple[int, ...]]:
    """Its name and members, who stay contacts: enough to make it again. Raises NotThereError."""
    row = _row(person, group)
    members = tuple(row.members.values_list("pk", flat=True))
    row.delete()
    return row.name, members


def add_members(*, person: AbstractBaseUser, group: int, contacts: Collection[int]) -> int:
    """How many of the contacts exist. Raises NotThereError."""
    found = list(contacts_of(person).filter(pk__in=contacts))
    _row(person, group).members.add(*found)
    return len(found)


def remove_members(*, person: AbstractBaseUser, group: int, contacts: Collection[int]) -> None:
    """Raises NotThereError."""
    _row(person, group).members.remove(*contacts_of(person).filter(pk__in=contacts))


def groups_named(person: AbstractBaseUser, names: Iterable[str]) -> dict[str, Group]:
    """By their folded names; those that are missing are made. Raises FullError."""
    wanted = {fold(name)[: limits.GROUP_NAME]: name for name in names}
    found = {group.folded: group for group in groups_of(person).filter(folded__in=wanted)}
    missing = [name for folded, name in wanted.items() if folded not in found]
    if missing and groups_of(person).count() + len(missing) > limits.GROUPS:
        raise FullError
    for name in missing:
        group = Group(person_id=person.pk, name=name)
        group.file()
        group.save()
        found[group.folded] = group
    return found


def set_groups(person: AbstractBaseUser, contact: Contact, names: Iterable[str]) -> None:
    """The contact is in these groups and in no others."""
    contact.groups.set(groups_named(person, names).values())


def _row(person: AbstractBaseUser, group: int) -> Group:
    row = groups_of(person).filter(pk=group).first()
    if row is None:
        raise NotThereError
    return row
