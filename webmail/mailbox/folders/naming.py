"""From what a person types to a mailbox's name."""

from __future__ import annotations

import re
from typing import Final

from webmail.imap.encode import mailbox_wire
from webmail.imap.errors import EncodeError

from ..reading.folders import Tree, canonical
from .errors import FolderNameError

LONGEST: Final = 1000
_UNSENDABLE: Final = re.compile(r"[\0\r\n\ud800-\udfff]")


def full_name(tree: Tree, label: str, parent: str) -> str:
    """`label` below the folder `parent`, or at the top where that is "". Raises FolderNameError.

    Nothing is trimmed: a space at either end is part of a name.
    """
    if _UNSENDABLE.search(label) or _UNSENDABLE.search(parent):
        raise FolderNameError("unsendable")
    delimiter = delimiter_of(tree, parent)
    if not label.strip():
        raise FolderNameError("empty")
    if delimiter and delimiter in label:
        raise FolderNameError("delimiter", delimiter)
    name = canonical((parent + delimiter if parent else tree.namespace.personal[0][0]) + label)
    if len(name) > LONGEST:
        raise FolderNameError("long")
    return name


def delimiter_of(tree: Tree, name: str = "") -> str:
    """What stands between a folder and what is below it; "" where this server has no such thing."""
    named = next((one.delimiter for one in tree.listed if one.name == name), None)
    return named or next((one.delimiter for one in tree.listed if one.delimiter), None) or ""


def wire_name(tree: Tree, name: str) -> str | bytes:
    """As the server spells it, or its parent; some names do not survive being decoded."""
    if name in tree.wire:
        return tree.wire[name]
    delimiter = delimiter_of(tree)
    parent, _, label = name.rpartition(delimiter) if delimiter else ("", "", name)
    wire = tree.wire.get(parent)
    if wire is None or wire in _spellings(parent):
        return name
    return wire + mailbox_wire(delimiter + label)


def below(tree: Tree, name: str) -> list[str]:
    """Every listed mailbox below this one, whether or not it can be seen in the sidebar."""
    delimiter = delimiter_of(tree, name)
    prefix = name + delimiter
    return [one.name for one in tree.listed if delimiter and one.name.startswith(prefix)]


def _spellings(name: str) -> tuple[bytes, ...]:
    try:
        return mailbox_wire(name), mailbox_wire(name, utf8=True)
    except EncodeError:
        return ()
