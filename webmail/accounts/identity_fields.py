"""What an identity's fields may hold, and how they are kept."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping

from webmail.mail.compose import outgoing_html, parse_recipients, text_of
from webmail.mail.html import Refused

from .errors import AccessError
from .models import Person
from .senders import account_address, canonical, is_address, may_send_as

LONGEST_SIGNATURE, LONGEST_FORMATTED = 10_000, 50_000


class IdentityError(AccessError):
    """An identity can't be saved so. `field` is the one at fault, "" for all; `reason` is "empty", "control" (a line
    break or the like), "long", "address" (not one), "forbidden" (by the administrator's rule), "markup" (HTML that
    can't be made safe) or "many"."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field, self.reason = field, reason


def checked(person: Person, values: Mapping[str, str]) -> dict[str, str]:
    """All fields as they are kept. Raises IdentityError for the first that is wrong."""
    kept = {field: _CHECKS[field](field, values[field]) for field in FIELDS}
    address = kept["address"]
    own = canonical(address) == canonical(account_address(person))
    if not own and not is_address(address):
        raise IdentityError("address", "address" if address else "empty")
    if not may_send_as(person=person, address=address):
        raise IdentityError("address", "forbidden")
    return kept


def _line(field: str, text: str, *, longest: int = 200) -> str:
    text = unicodedata.normalize("NFC", text.strip(" \t"))
    if any(unicodedata.category(character) in _BREAKING for character in text):
        raise IdentityError(field, "control")
    return _short(field, text, longest)


def _address_list(field: str, text: str) -> str:
    text = _line(field, text, longest=1_000)
    found = parse_recipients(text)
    if found.errors or bool(text) is not bool(found.mailboxes):
        raise IdentityError(field, "address")
    return text


def _text(field: str, text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n").rstrip()
    if any(
        unicodedata.category(character) in _BREAKING and character not in "\n\t\u2028\u2029"
        for character in text
    ):
        raise IdentityError(field, "control")
    return _short(field, text, LONGEST_SIGNATURE)


def _markup(field: str, text: str) -> str:
    if "\0" in text:
        raise IdentityError(field, "control")
    text = _short(field, text.strip(), LONGEST_FORMATTED)
    safe = outgoing_html(text, cid_of=lambda _: None)
    if isinstance(safe, Refused):
        raise IdentityError(field, "markup")
    if "<img" not in safe.html and not text_of(safe.html).strip():
        return ""
    return _short(
        field, safe.html.removeprefix("<html><body>").removesuffix("</body></html>"), LONGEST_FORMATTED
    )


def _short(field: str, text: str, longest: int) -> str:
    if len(text) > longest:
        raise IdentityError(field, "long")
    return text


_BREAKING = ("Cc", "Cs", "Zl", "Zp")
_CHECKS: dict[str, Callable[[str, str], str]] = {
    "name": _line,
    "address": lambda field, text: _line(field, text, longest=320),
    "reply_to": _address_list,
    "bcc": _address_list,
    "organisation": _line,
    "signature_plain": _text,
    "signature_rich": _markup,
    "sent_folder": lambda field, text: _line(field, text, longest=1_000),
}
FIELDS = tuple(_CHECKS)
