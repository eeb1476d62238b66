"""Names for files that come out of mail: what a person's computer can be given without surprises."""

from __future__ import annotations

import mimetypes
import re
import unicodedata
from urllib.parse import quote

from webmail.mail.header import clean

MAX_OCTETS = 200

_RESERVED = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|\Z)", re.IGNORECASE
)
_FORBIDDEN = re.compile(r'[<>:"|?*\\/\u2044\u2215\u29f8\uff0f\uff3c\x00-\x1f\x7f]')
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\ufff0-\uffff\U000e0000-\U000e0fff]"
)
_EXTENSION = re.compile(r"\.[A-Za-z0-9_+-]{1,16}\Z")
_TOKEN_UNSAFE = re.compile(r'[^ !#$&+.^`|~\w-]|["\\%;]', re.ASCII)

_EXTENSIONS = {
    "text/plain": ".txt",
    "text/html": ".html",
    "text/calendar": ".ics",
    "text/vcard": ".vcf",
    "text/x-vcard": ".vcf",
    "text/directory": ".vcf",
    "text/csv": ".csv",
    "text/rfc822-headers": ".txt",
    "text/x-patch": ".patch",
    "text/x-diff": ".diff",
    "message/rfc822": ".eml",
    "message/global": ".eml",
    "message/delivery-status": ".txt",
    "message/disposition-notification": ".txt",
    "message/feedback-report": ".txt",
    "application/ms-tnef": ".dat",
    "application/vnd.ms-tnef": ".dat",
    "application/pgp-signature": ".asc",
    "application/pgp-keys": ".asc",
    "application/pgp-encrypted": ".asc",
    "application/pkcs7-mime": ".p7m",
    "application/x-pkcs7-mime": ".p7m",
    "application/pkcs7-signature": ".p7s",
    "application/x-pkcs7-signature": ".p7s",
    "application/ics": ".ics",
    "application/gzip": ".gz",
    "application/rtf": ".rtf",
    "image/jpeg": ".jpg",
    "image/jpg": ".jpg",
    "image/pjpeg": ".jpg",
    "image/webp": ".webp",
    "image/avif": ".avif",
    "audio/mpeg": ".mp3",
    "video/quicktime": ".mov",
}


def safe_filename(name: str, *, type: str = "", fallback: str = "attachment") -> str:  # noqa: A002 (RFC 2045's word)
    """A file's name without path, control or direction characters, that any system can store.

    `type` ("image/png") gives the extension where the name has none, `fallback` the name where there is none.
    At most 200 octets of UTF-8, the extension kept.
    """
    name = unicodedata.normalize("NFC", clean(name[:4_000]))
    name = re.split(r"[\\/]", name.rstrip("\\/ "))[-1] if name.strip("\\/. ") else ""
    name = _FORBIDDEN.sub("_", _INVISIBLE.sub("", name))
    name = name.strip(" .~") if name.startswith((".", " ", "~")) else name.rstrip(" .")
    if not name.strip("_ "):
        name = fallback
    if not _EXTENSION.search(name):
        name += _extension(type)
    if _RESERVED.match(name):
        name = f"_{name}"
    return _shorten(name)


def _extension(type: str) -> str:  # noqa: A002
    type = type.lower()  # noqa: A001
    if type in _EXTENSIONS:
        return _EXTENSIONS[type]
    if type == "application/octet-stream":
        return ""
    return mimetypes.guess_extension(type, strict=False) or ""


def _shorten(name: str) -> str:
    if len(name.encode("utf_8", "replace")) <= MAX_OCTETS:
        return name
    found = _EXTENSION.search(name)
    extension = found[0] if found else ""
    room = MAX_OCTETS - len(extension)
    stem = name[: len(name) - len(extension)].encode("utf_8", "replace")[:room]
    return stem.decode("utf_8", "ignore").rstrip(" .") + extension


def content_disposition(kind: str, filename: str) -> str:
    """The field's value for HTTP (RFC 6266): an ASCII name for old clients and RFC 8187's for all others."""
    if kind not in ("inline", "attachment"):
        kind = "attachment"
    filename = clean(filename)
    if not filename:
        return kind
    plain = unicodedata.normalize("NFKD", filename).encode("ascii", "ignore").decode()
    plain = _TOKEN_UNSAFE.sub("_", plain).strip() or "attachment"
    if plain.startswith("."):
        plain = f"attachment{plain}"
    value = f'{kind}; filename="{plain}"'
    if plain != filename:
        value += f"; filename*=UTF-8''{quote(filename, safe='!#$&+-.^_`|~', errors='replace')}"
    return value
