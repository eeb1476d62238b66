"""From what IMAP says of a message to what `webmail.mail` works on."""

from __future__ import annotations

from dataclasses import replace

from webmail.imap.types import Address, BodyPart
from webmail.mail.address import Mailbox, flatten, from_envelope
from webmail.mail.part import Part, make_part


def part_of(node: BodyPart) -> Part:
    """The decoded tree. A message/rfc822 keeps its one child: the body of the message inside."""
    return make_part(
        section=node.section,
        type=f"{node.type}/{node.subtype}",
        params=node.params,
        encoding=node.encoding,
        size=node.size,
        disposition=node.disposition,
        disposition_params=node.disposition_params,
        content_id=node.id,
        location=node.location,
        description=node.description,
        subject=node.envelope.subject if node.envelope else None,
        children=tuple(part_of(child) for child in node.children),
    )


def is_plainly_letter(node: BodyPart) -> bool:
    """One text, or the same in two versions: nothing in it can be a file. Cheaper than building the tree."""
    leaves = node.children or (node,)
    if node.children and node.subtype != "alternative":
        return False
    return all(
        leaf.type == "text"
        and leaf.subtype in {"plain", "html"}
        and not leaf.disposition
        and not leaf.children
        for leaf in leaves
    ) and not any("name" in leaf.params or "name*" in leaf.params for leaf in leaves)


def _type_of(node: BodyPart) -> str:
    """What can't be understood is plain text (RFC 2045, 5.2); some servers hand it out half empty."""
    if node.type and node.subtype:
        return f"{node.type}/{node.subtype}"
    return "multipart/mixed" if node.children else "text/plain"


def readable(root: Part, size: int | None) -> Part:
    """The tree, or the root alone where its multipart holds nothing: there were no boundaries, or others than it
    said, and its text is what there is to read. `size` is the message's, in octets."""
    empty = root.type.startswith("multipart/") and not any(
        part.size for part in root.walk() if not part.children
    )
    return replace(root, children=(), size=size or 1) if empty else root


class People:
    """The people of address lists of envelopes; of a group its members, or its name where it has none.

    Messages that arrive together name the same people again and again: each list is decoded and kept once.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[Address, ...], tuple[Mailbox, ...]] = {(): ()}

    def of(self, addresses: tuple[Address, ...]) -> tuple[Mailbox, ...]:
        people = self._known.get(addresses)
        if people is None:
            people = self._known[addresses] = flatten(from_envelope(addresses))
        return people


def find(root: Part, section: str) -> Part | None:
    return next((part for part in root.walk() if part.section == section), None)
