"""From what IMAP says of a message to what `webmail.mail` works on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from webmail.imap.types import Address, BodyPart
from webmail.mail.address import Mailbox, flatten, from_envelope
from webmail.mail.params import decode_params
from webmail.mail.part import Part


def part_of(node: BodyPart) -> Part:
    """The decoded tree. A message/rfc822 keeps its one child: the body of the message inside."""
    params = decode_params(node.params)
    disposition = decode_params(node.disposition_params)
    return Part(
        section=node.section,
        type=_type_of(node),
        charset=params.get("charset", ""),
        encoding=node.encoding,
        size=node.size,
        disposition=node.disposition,
        filename=disposition.get("filename") or params.get("name", ""),
        content_id=_ascii(node.id).strip("<> \t"),
        content_location=_ascii(node.location).strip(),
        format_flowed=params.get("format", "").lower() == "flowed",
        delsp=params.get("delsp", "").lower() == "yes",
        params=tuple(params.items()),
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


def people_of(addresses: Iterable[Address]) -> tuple[Mailbox, ...]:
    """The people of an envelope's address list; of a group its members, or its name where it has none."""
    return flatten(from_envelope(addresses))


def find(root: Part, section: str) -> Part | None:
    return next((part for part in root.walk() if part.section == section), None)


def _ascii(value: bytes | None) -> str:
    return "" if value is None else value.decode("ascii", "replace")
