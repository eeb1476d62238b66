"""A new message: an address to write to at most, and the signature where the person wants it."""

from __future__ import annotations

from dataclasses import replace
from html import escape

from webmail.accounts.access import Access
from webmail.accounts.identities import SenderIdentity, UnknownIdentityError, default_identity, identity_named
from webmail.accounts.models import Person
from webmail.mail.compose import format_recipients, message_id
from webmail.mail.mailto import Mailto
from webmail.mail.reply import Where, arrange, arrange_html, signed_text

from .composition import Composition
from .rich import signature


def new(*, access: Access, mailto: Mailto | None = None, to: str = "") -> Composition:
    """`to` is as typed; a `mailto:` link says who, about what and its first words. Nothing is saved yet."""
    identity = default_identity(person=access.person)
    composition = replace(
        blank(identity, access.person),
        to=to,
        text=arrange("", identity.text_signature, "above"),
        html=arrange_html("", signature(identity), "above"),
    )
    if mailto is None:
        return composition
    return replace(
        composition,
        to=", ".join(filter(None, (to, format_recipients(mailto.to)))),
        cc=format_recipients(mailto.cc),
        bcc=", ".join(filter(None, (format_recipients(mailto.bcc), identity.bcc))),
        subject=mailto.subject,
        text=mailto.body + composition.text,
        html=_paragraphs(mailto.body) + composition.html,
        in_reply_to=mailto.in_reply_to,
        references=mailto.in_reply_to,
    )


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(line) or '<br>'}</p>" for line in text.split("\n")) if text else ""


def blank(identity: SenderIdentity, person: Person) -> Composition:
    """From this identity, with the Message-ID that it will keep."""
    return Composition(
        message_id=fresh_message_id(identity),
        identity=identity.key,
        bcc=identity.bcc,
        reply_to=identity.reply_to,
        rich=person.compose == person.Format.RICH,
        receipt=person.request_receipts,
    )


def fresh_message_id(identity: SenderIdentity) -> str:
    return message_id(identity.address.rpartition("@")[2]).strip("<>")


def fresh_id(access: Access, composition: Composition) -> str:
    """A Message-ID for what is to be a message of its own."""
    try:
        return fresh_message_id(identity_named(person=access.person, key=composition.identity))
    except UnknownIdentityError:
        return fresh_message_id(default_identity(person=access.person))


def where_to_write(person: Person) -> Where:
    if person.quote_position == person.QuotePosition.BELOW:
        return "below"
    return "above" if person.signature_above_quote else "above-signed-below"


def signed_by(*, access: Access, key: str) -> tuple[str, str]:
    """The signature of the identity with this key as it stands in a plain message, and in a formatted one; nothing for
    one that is gone."""
    try:
        identity = identity_named(person=access.person, key=key)
    except UnknownIdentityError:
        return "", ""
    rich = signature(identity)
    return signed_text(identity.text_signature), f"-- <br>{rich}" if rich.strip() else ""
