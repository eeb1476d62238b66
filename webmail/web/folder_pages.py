"""What the templates for managing folders are given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from webmail.mailbox.folders import Entry, Overview
from webmail.mailbox.pages import QuotaUse

from .addresses import folder_address
from .folder_words import ROLES, rights_words
from .presentation import count_label, folder_label, size_label
from .tree import folder_icon, render_folders

_DEEPEST = 5


@dataclass(frozen=True, slots=True)
class Line:
    """A folder of the list, ready to show."""

    entry: Entry
    label: str
    icon: str
    depth: int
    messages: str
    unread: str
    address: str

    @classmethod
    def of(cls, entry: Entry) -> Line:
        folder = entry.folder
        return cls(
            entry,
            folder_label(folder),
            folder_icon(folder),
            min(folder.depth, _DEEPEST),
            count_label(folder.total) if folder.total is not None else "",
            count_label(folder.unseen) if folder.unseen else "",
            reverse("folder-settings", kwargs={"folder": folder.name}),
        )


def overview_context(found: Overview) -> dict[str, Any]:
    own = [Line.of(entry) for entry in found.entries if not entry.folder.kind]
    return {
        "lines": own,
        "foreign": [Line.of(entry) for entry in found.entries if entry.folder.kind],
        "folders": render_folders(found.folders, None),
        "parents": parents(found),
        "roles": ROLES,
        "quota": quota_context(found.quota),
        "alerts": found.alerts,
    }


def folder_context(found: Overview, name: str) -> dict[str, Any]:
    entry = found.entry(name)
    folder = entry.folder
    return {
        "entry": entry,
        "line": Line.of(entry),
        "folders": render_folders(found.folders, folder),
        "address": folder_address(folder.name),
        "typed": {"label": folder.label, "parent": folder.parent},
        "parents": parents(found, without=folder.name),
        "roles": ROLES,
        "rights": rights_words(entry.rights),
        "people": [(who, rights_words(rights)) for who, rights in sorted(found.people.items())],
        "alerts": found.alerts,
    }


def parents(found: Overview, *, without: str = "") -> list[tuple[str, str]]:
    """(name, label) of where a folder may be put; not in itself or below."""
    inside = without + found.delimiter
    return [
        (entry.folder.name, "\u2003" * entry.folder.depth + folder_label(entry.folder))
        for entry in found.entries
        if entry.can_hold_folders
        and not (without and (entry.folder.name == without or entry.folder.name.startswith(inside)))
    ]


def quota_context(use: QuotaUse | None) -> dict[str, Any] | None:
    if use is None:
        return None
    return {
        "use": use,
        "percent": round(100 * use.used / use.limit),
        "used": size_label(use.used),
        "limit": size_label(use.limit),
    }
