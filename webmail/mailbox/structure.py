"""From what IMAP says of a message to what `webmail.mail` works on."""

from __future__ import annotations

from collections.abc import Iterable

from webmail.imap.types import Address, BodyPart
from webmail.mail.address import Mailbox, make_mailbox
from webmail.mail.filename import decode_params
from webmail.mail.header import decode_header
from webmail.mail.part import Part


def part_of(node: BodyPart) -> Part:
    """The decoded tree. A message/rfc822 keeps its one child: the body of the message inside."""
    params = decode_params(node.params)
    disposition = decode_params(node.disposition_params)
    return Part(
        section=node.section,
        type=f"{node.type}/{node.subtype}",
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


def mailboxes_of(addresses: Iterable[Address]) -> tuple[Mailbox, ...]:
    """The people of an envelope's address list. Of a group only its members count, unless it has none."""
    people: list[Mailbox] = []
    empty_group = ""
    for address in addresses:
        if address.host is None:
            if address.mailbox is not None:
                empty_group = decode_header(address.mailbox)
            elif empty_group:
                people.append(make_mailbox(empty_group, ""))
                empty_group = ""
            continue
        empty_group = ""
        local, host = _text(address.mailbox), _text(address.host)
        # Servers put these where a header could not be read as an address at all.
        host = "" if host.upper() in {"MISSING_DOMAIN", ".MISSING-HOST-NAME.", ".SYNTAX-ERROR."} else host
        local = "" if local.upper() in {"MISSING_MAILBOX", "INVALID_ADDRESS"} else local
        spelt = f"{local}@{host}" if host else local
        name = decode_header(address.name) if address.name else ""
        if name or spelt:
            people.append(make_mailbox(name, spelt))
    return tuple(people)


def find(root: Part, section: str) -> Part | None:
    return next((part for part in root.walk() if part.section == section), None)


def _ascii(value: bytes | None) -> str:
    return "" if value is None else value.decode("ascii", "replace")


def _text(value: bytes | None) -> str:
    return "" if value is None else decode_header(value)
