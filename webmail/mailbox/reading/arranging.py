"""From the mailboxes that a server lists to the lines of the folder tree."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from webmail.accounts.folder_choices import FolderChoices
from webmail.imap.types import ListedMailbox, Namespace

from ..pages import Folder

ROLES = ("inbox", "flagged", "drafts", "sent", "archive", "junk", "trash", "all")
_ATTRIBUTES = {f"\\{role}": role for role in ROLES}
# RFC 6154 names first, then what servers and clients made of them before there was a standard.
_NAMES = {
    "drafts": "drafts draft utkast kladd entwürfe brouillons borradores bozze concepten",
    "sent": "sent|sent items|sent messages|sent mail|sendt|sende|sendte elementer|gesendet|envoyés|enviados",
    "archive": "archive archives arkiv archiv",
    "junk": "junk|spam|junk e-mail|junk email|bulk mail|søppelpost|uønsket e-post|spamverdacht",
    "trash": "trash|deleted items|deleted messages|bin|papirkorg|papirkurv|slettede elementer|papierkorb|corbeille",
}
_ROLE_OF_NAME = {
    name: role
    for role, names in _NAMES.items()
    for name in (names.split("|") if "|" in names else names.split())
}
_DEEPEST = 8
_LAST = 1 << 20

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a mailbox stands: its segments, how many of the first are not shown, whose it is."""

    path: Path
    hidden: int = 0
    kind: str = ""

    @property
    def top(self) -> bool:
        return len(self.path) == self.hidden + 1


def arrange(
    listed: Collection[ListedMailbox], *, namespace: Namespace, choices: FolderChoices
) -> tuple[Folder, ...]:
    """In the order to show: special folders, each with what is below it, then the others by name, then those of
    other people; within each the person's own order comes first.

    Parents that the server left out are added; parents that only hold special folders are left out.
    """
    nodes = {box.name: box for box in listed if "\\nonexistent" not in box.attributes}
    places = _places(nodes.values(), namespace)
    roles = _roles(nodes.values(), places, choices)
    position = {name: number for number, name in enumerate(choices.order)}
    ranked = sorted(roles, key=lambda name: (position.get(name, _LAST), ROLES.index(roles[name])))
    special = {places[name].path: rank for rank, name in enumerate(ranked)}
    names = {place.path: name for name, place in places.items()}
    delimiters = {place.path: nodes[name].delimiter or "" for name, place in places.items()}
    wanted = {places[name].path: places[name] for name, box in nodes.items() if _wanted(box, roles, places)}
    for place in tuple(wanted.values()):
        for length in range(place.hidden + 1, len(place.path)):
            above = place.path[:length]
            if place.path not in special:
                wanted.setdefault(above, Place(above, place.hidden, place.kind))
                delimiters.setdefault(above, delimiters[place.path])

    def name_of(path: Path) -> str:
        return names.get(path) or delimiters[path].join(path)

    def order(place: Place) -> tuple[int, int, list[tuple[int, str]]]:
        path = place.path
        above = (special[path[:length]] for length in range(len(path), 0, -1) if path[:length] in special)
        steps = [
            (
                position.get(name_of(path[:length]), _LAST) if path[:length] in wanted else _LAST,
                path[length - 1],
            )
            for length in range(place.hidden + 1, len(path) + 1)
        ]
        return bool(place.kind), next(above, _LAST), [(step, label.casefold()) for step, label in steps]

    shown: list[Folder] = []
    ordered = sorted(wanted.values(), key=order)
    with_children = {place.path[:-1] for place in ordered if place.path not in special and not place.top}
    for place in ordered:
        path, name = place.path, name_of(place.path)
        box, role = nodes.get(name), roles.get(name, "")
        parent = path[:-1]
        shown.append(
            Folder(
                name=name,
                label=path[-1] or name,
                role=role,
                depth=0 if role else min(len(path) - place.hidden - 1, _DEEPEST),
                selectable=box is not None and selectable(box),
                unseen=box.status.unseen if box and box.status else None,
                total=box.status.messages if box and box.status else None,
                kind=place.kind,
                parent="" if role or place.top or parent not in wanted else name_of(parent),
                folded=name in choices.folded and path in with_children,
                children=path in with_children,
                hidden=choices.subscribed_only and not role and box is not None and not _subscribed(box),
            )
        )
    return tuple(shown)


def role_named(name: str) -> str:
    """The role that a folder of this name has by custom, "" where none: `sendt` is "sent"."""
    name = name.casefold()
    return name if name in ROLES else _ROLE_OF_NAME.get(name, "")


def selectable(mailbox: ListedMailbox) -> bool:
    return not mailbox.attributes & {"\\noselect", "\\nonexistent"}


def _subscribed(mailbox: ListedMailbox) -> bool:
    return "\\subscribed" in mailbox.attributes


def _wanted(mailbox: ListedMailbox, roles: Mapping[str, str], places: Mapping[str, Place]) -> bool:
    place = places[mailbox.name]
    return mailbox.name in roles or (selectable(mailbox) and len(place.path) > place.hidden)


def _places(listed: Collection[ListedMailbox], namespace: Namespace) -> dict[str, Place]:
    """Without the `INBOX.` that some servers put before everything, and without the prefix of other people's."""
    foreign = [
        (prefix, kind)
        for kind, told in (("others", namespace.others), ("shared", namespace.shared))
        for prefix, _delimiter in told
        if prefix
    ]
    places = {}
    for box in listed:
        path = tuple(box.name.split(box.delimiter)) if box.delimiter else (box.name,)
        prefix, kind = next(
            (
                one
                for one in foreign
                if box.name.startswith(one[0]) or box.name == one[0].rstrip(box.delimiter)
            ),
            ("", ""),
        )
        hidden = (
            len([part for part in prefix.split(box.delimiter) if part]) if prefix and box.delimiter else 0
        )
        places[box.name] = Place(path, hidden, kind)
    own = [place.path for name, place in places.items() if name != "INBOX" and not place.kind]
    if own and all(path[0].upper() == "INBOX" and len(path) > 1 for path in own):
        return {
            name: place if name == "INBOX" or place.kind else Place(place.path, 1)
            for name, place in places.items()
        }
    return places


def _roles(
    listed: Collection[ListedMailbox], places: Mapping[str, Place], choices: FolderChoices
) -> dict[str, str]:
    """Role by name: what the person said wins, then their mail domain, then the server, then a well-known name at the
    top level."""
    roles: dict[str, str] = {}
    own = [box for box in listed if not places[box.name].kind and selectable(box)]

    def give(mailbox: ListedMailbox, role: str | None) -> None:
        if role and role not in roles.values() and mailbox.name not in roles:
            roles[mailbox.name] = role

    for mailbox in own:
        give(mailbox, "inbox" if mailbox.name == "INBOX" else choices.roles.get(mailbox.name))
    own = [mailbox for mailbox in own if choices.roles.get(mailbox.name) != ""]
    for role, name in choices.named.items():
        for mailbox in own:
            give(mailbox, role if name in (mailbox.name, _below_prefix(mailbox, places)) else None)
    for mailbox in own:
        for attribute in sorted(mailbox.attributes):
            give(mailbox, _ATTRIBUTES.get(attribute))
    for mailbox in own:
        place = places[mailbox.name]
        give(mailbox, _ROLE_OF_NAME.get(place.path[-1].casefold()) if place.top else None)
    return roles


def _below_prefix(mailbox: ListedMailbox, places: Mapping[str, Place]) -> str:
    place = places[mailbox.name]
    return (mailbox.delimiter or "").join(place.path[place.hidden :])
