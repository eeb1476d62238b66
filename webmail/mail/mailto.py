"""mailto: links (RFC 6068) as the beginning of a letter, and nothing more: no file, no sender, no other field."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote

from webmail.mail.address import Mailbox, flatten, parse_address_list
from webmail.mail.header import clean, decode_header
from webmail.mail.reply.references import message_ids
from webmail.mail.text.flowed import plain_lines

MAX_URL = 65_536
MAX_FIELDS = 100
MAX_PEOPLE = 500

_SCHEME = "mailto:"


@dataclass(frozen=True, slots=True)
class Mailto:
    """`body` has LF between lines; all else is one clean line. `in_reply_to` is one id with "<>", or ""."""

    to: tuple[Mailbox, ...] = ()
    cc: tuple[Mailbox, ...] = ()
    bcc: tuple[Mailbox, ...] = ()
    subject: str = ""
    body: str = ""
    in_reply_to: str = ""


def parse_mailto(url: str) -> Mailto:
    """What may be taken from a link of a stranger. Never raises, linear; empty where it is no mailto: link."""
    url = url[:MAX_URL].strip()
    if url[: len(_SCHEME)].lower() != _SCHEME:
        return Mailto()
    people, _, query = url[len(_SCHEME) :].partition("#")[0].partition("?")
    fields: dict[str, list[str]] = {"to": [people]}
    for field in query.split("&", MAX_FIELDS)[:MAX_FIELDS]:
        name, _, value = field.partition("=")
        fields.setdefault(unquote(name).strip().lower(), []).append(value)
    answered = message_ids(_first(fields, "in-reply-to").encode("utf_8", "replace"))
    return Mailto(
        to=_people(fields, "to"),
        cc=_people(fields, "cc"),
        bcc=_people(fields, "bcc"),
        subject=decode_header(clean(_first(fields, "subject"))),
        body=plain_lines(_first(fields, "body")),
        in_reply_to=answered[0] if answered else "",
    )


def _first(fields: dict[str, list[str]], name: str) -> str:
    return unquote(fields.get(name, [""])[0])


def _people(fields: dict[str, list[str]], name: str) -> tuple[Mailbox, ...]:
    listed = ",".join(unquote(value) for value in fields.get(name, ()) if value)
    found = (one for one in flatten(parse_address_list(listed.encode("utf_8", "replace"))) if one.address)
    return tuple(dict.fromkeys(found))[:MAX_PEOPLE]
