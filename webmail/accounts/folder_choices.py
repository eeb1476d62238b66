"""What a person has chosen about their folders: what each is for, their order, what is folded away in the sidebar."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django.db import transaction

from webmail.domains.registry import domain_of

from .models import Person

ROLES: Final = ("drafts", "sent", "archive", "junk", "trash")
MOST: Final = 2_000
# Former names that are remembered, for what was written down under them.
_MOST_RENAMED: Final = 100


@dataclass(frozen=True, slots=True)
class FolderChoices:
    """By full name. `roles` maps a folder to one of ROLES, or to "" where it is for nothing special, whatever its
    server says. `order` holds the folders that were put in a place of their own; `renamed` maps former names.
    `named` maps a role to the folder that the person's mail domain says."""

    roles: Mapping[str, str] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    folded: frozenset[str] = frozenset()
    subscribed_only: bool = False
    renamed: Mapping[str, str] = field(default_factory=dict)
    named: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> FolderChoices:
        return cls(
            dict(kept.get("roles", {})),
            tuple(kept.get("order", ())),
            frozenset(kept.get("folded", ())),
            kept.get("subscribed_only") is True,
            dict(kept.get("renamed", {})),
            dict(kept.get("named", {})),
        )

    def kept(self) -> dict[str, Any]:
        """As JSON holds it; empty where nothing was chosen."""
        said = {
            "roles": dict(self.roles),
            "order": list(self.order[:MOST]),
            "folded": sorted(self.folded)[:MOST],
            "subscribed_only": self.subscribed_only,
            "renamed": dict(list(self.renamed.items())[-_MOST_RENAMED:]),
        }
        return {name: value for name, value in said.items() if value}

    def now(self, name: str) -> str:
        """What a folder is called that was written down as `name`."""
        return self.renamed.get(name, name)

    def with_made(self, name: str, role: str) -> FolderChoices:
        """After a folder of this name was made: it is the one that is meant from now on."""
        renamed = {old: new for old, new in self.renamed.items() if old != name}
        made = replace(self, renamed=renamed)
        return made.with_role(name, role) if role else made

    def with_role(self, name: str, role: str) -> FolderChoices:
        """One folder for each role. ValueError for a role that is none."""
        if role and role not in ROLES:
            raise ValueError("no such role")
        others = {one: of for one, of in self.roles.items() if one != name and (of != role or not role)}
        return replace(self, roles=others | {name: role})

    def with_order(self, siblings: tuple[str, ...]) -> FolderChoices:
        rest = tuple(name for name in self.order if name not in siblings)
        return replace(self, order=rest + siblings)

    def folding(self, name: str, *, on: bool) -> FolderChoices:
        return replace(self, folded=self.folded | {name} if on else self.folded - {name})

    def after_rename(self, names: Mapping[str, str]) -> FolderChoices:
        """`names` maps each former name to its new one."""

        def now(name: str) -> str:
            return names.get(name, name)

        renamed = {old: now(new) for old, new in self.renamed.items() if old not in names.values()}
        renamed.update(names)
        return replace(
            self,
            roles={now(name): role for name, role in self.roles.items()},
            order=tuple(map(now, self.order)),
            folded=frozenset(map(now, self.folded)),
            renamed={old: new for old, new in renamed.items() if old != new},
        )

    def without(self, names: frozenset[str]) -> FolderChoices:
        """After these were deleted."""
        return replace(
            self,
            roles={name: role for name, role in self.roles.items() if name not in names},
            order=tuple(name for name in self.order if name not in names),
            folded=self.folded - names,
            renamed={old: new for old, new in self.renamed.items() if new not in names},
        )


def choices_of(person: Person) -> dict[str, Any]:
    """For `FolderChoices.of`: what the person has chosen, and what their mail domain says."""
    named = domain_of(person).folders
    return {**person.folder_choices, **({"named": dict(named)} if named else {})}


def change_choices(person: Person, change: Callable[[FolderChoices], FolderChoices]) -> FolderChoices:
    """Made to what is kept now, which another window may have changed meanwhile; `person` has the outcome."""
    with transaction.atomic():
        fresh = Person.objects.select_for_update().get(pk=person.pk)
        changed = change(FolderChoices.of(fresh.folder_choices))
        person.folder_choices = changed.kept()
        # Where else folders are kept by name.
        person.threaded = [changed.now(name) for name in fresh.threaded]
        person.searches = [
            [key, name, changed.now(folder), query] for key, name, folder, query in fresh.searches
        ]
        person.save(update_fields=["folder_choices", "threaded", "searches"])
    return changed
