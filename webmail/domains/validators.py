"""What an administrator may write into a mail domain. Each raises ValidationError in plain words."""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from webmail.imap.server import Server as ImapServer
from webmail.mail.compose.wire_address import ascii_domain, problem
from webmail.sieve.server import Server as SieveServer
from webmail.smtp.server import Server as SmtpServer
from webmail.wire.server import Server

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

LOGO_OCTETS: Final = 64 * 1024
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\]")
_AUTHSERV_ID = re.compile(r"[^\s;()<>\"]{1,253}")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_PLACES = re.compile(r"%\((local|domain)\)s")


def lines(text: str) -> tuple[str, ...]:
    """The entries of a list, without empty ones."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def hosts_of(text: str) -> frozenset[str]:
    """A list of host names, in lower case."""
    return frozenset(map(str.lower, lines(text)))


def canonical_name(name: str) -> str:
    """Lower case and A-labels (RFC 5890), as far as that can be."""
    name = name.strip().removeprefix("@")
    return (ascii_domain(name) or name).lower().removesuffix(".")


def domain_name(value: str) -> None:
    if value.startswith("[") or ascii_domain(value.strip().removeprefix("@")) is None:
        raise ValidationError(_("This is not a domain name."))


def host_names(value: str) -> None:
    _each(value, lambda entry: _HOST.fullmatch(entry) is not None, _("“%(entry)s” is not a host name."))


def senders(value: str) -> None:
    _each(value, _is_sender, _("“%(entry)s” is not an address."))


def authentication_hosts(value: str) -> None:
    _each(
        value,
        lambda entry: _AUTHSERV_ID.fullmatch(entry) is not None,
        _("No mail server calls itself “%(entry)s”."),
    )


def imap_url(value: str) -> None:
    _url(ImapServer, value)


def smtp_url(value: str) -> None:
    _url(SmtpServer, value)


def sieve_url(value: str) -> None:
    _url(SieveServer, value)


def certificates(value: str) -> None:
    try:
        ssl.create_default_context(cadata=value)
    except (ssl.SSLError, ValueError) as error:
        raise ValidationError(_("This is not a certificate in PEM form.")) from error


def whole_path(value: str) -> None:
    if not PurePosixPath(value).is_absolute() or _CONTROLS.search(value):
        raise ValidationError(_("Write the whole path of the file, from / on."))


def login_template(value: str) -> None:
    rest = _PLACES.sub("", value)
    if "%(local)s" not in value or "%" in rest or _CONTROLS.search(rest):
        raise ValidationError(
            _("The template has to hold %(local)s and may hold %(domain)s, and no other “%”.")
        )


def colour(value: str) -> None:
    if not _COLOUR.fullmatch(value):
        raise ValidationError(_("Write the colour as # and six digits, such as #0b57c4."))


def https(value: str) -> None:
    try:
        URLValidator(schemes=["https"])(value)
    except ValidationError as error:
        raise ValidationError(_("Write an address that starts with https://.")) from error


def one_line(value: str) -> None:
    if _CONTROLS.search(value):
        raise ValidationError(_("There is a line break or another control character in it."))


def _url(kind: type[Server], value: str) -> None:
    if _CONTROLS.search(value):
        raise ValidationError(_("There is a line break or another control character in it."))
    try:
        kind.parse(value)
    except ValueError as error:
        raise ValidationError(str(error)) from error


def _each(value: str, is_sound: Callable[[str], bool], words: _StrPromise) -> None:
    for entry in lines(value):
        if not is_sound(entry):
            raise ValidationError(words, params={"entry": entry[:80]})


def _is_sender(entry: str) -> bool:
    account, colon, sender = entry.rpartition(":")
    if colon and not account.strip():
        return False
    sender = sender.strip()
    if sender.startswith("@"):
        return ascii_domain(sender[1:]) is not None
    return problem(sender) in (None, "no-dot")
