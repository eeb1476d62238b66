"""Rich text between the editor, which names its pictures `/compose/file/<token>/`, and mail, which has `cid:`."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote

from django.conf import settings

from webmail.accounts.access import Access
from webmail.accounts.identities import SenderIdentity
from webmail.mail.compose import Rich, editor_html, outgoing_html, text_of

from .composition import Composition
from .uploads import settled_token

_LINK: Final = re.compile(r"(?:https?://[^/\s]{1,300})?[^\s?#]{0,200}?/compose/file/([^/\s?#]{1,4000})/")


@dataclass(frozen=True, slots=True)
class Markup:
    """`html` for mail, `text` its plain version; `shown` are the Content-IDs of the files that it shows."""

    html: str
    text: str
    shown: frozenset[str]


def markup_for_mail(access: Access, composition: Composition) -> Markup:
    """What the editor gave, made safe for others to read. Never raises: what is too much goes as its text."""
    tokens = {attached.token for attached in composition.attachments}
    shown: set[str] = set()

    def picture(address: str) -> str | None:
        token = token_in(address)
        if token is not None and token not in tokens:
            # The editor may not have heard yet that this part was taken over.
            token = settled_token(access, composition.message_id, token)
        if token is None or token not in tokens:
            return None
        shown.add(content_id(token))
        return f"cid:{content_id(token)}"

    rich = outgoing_html(composition.html, cid_of=picture, blocked=blocked())
    if isinstance(rich, Rich):
        return Markup(rich.html, text_of(rich.html), frozenset(shown))
    return Markup("", text_of(composition.html), frozenset())


def blocked() -> str:
    """The address of what stands in the editor for a picture from elsewhere, which is behind "#" in it."""
    return f"{settings.STATIC_URL}web/blocked.svg"


def signature(identity: SenderIdentity) -> str:
    """For the editor, where a picture from elsewhere must not be fetched."""
    rich = editor_html(identity.html_signature, address_of=lambda _: None, blocked=blocked())
    return rich.html if isinstance(rich, Rich) else ""


def signature_typed(html: str) -> str:
    """The inverse, of what the editor gives: its pictures from elsewhere have their addresses again."""
    if blocked() not in html:
        return html
    rich = outgoing_html(html, cid_of=lambda _: None, blocked=blocked())
    return rich.html if isinstance(rich, Rich) else html


def file_link(token: str) -> str:
    return f"/compose/file/{quote(token, safe='')}/"


def token_in(link: str) -> str | None:
    """The inverse, also with the site's own address before it; None for any other address."""
    found = _LINK.fullmatch(link)
    return unquote(found[1]) if found else None


def content_id(token: str) -> str:
    """Without brackets; the same each time, and it tells nothing of the token."""
    return f"{hashlib.sha256(token.encode()).hexdigest()[:32]}@ekorn"
