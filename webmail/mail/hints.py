"""What a person may have overlooked before a letter goes out: as codes, for the page to say in words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Literal

from webmail.mail.address import Mailbox
from webmail.mail.reply.original import Original
from webmail.mail.reply.own import address_key
from webmail.mail.text.flowed import plain_lines, read_lines
from webmail.mail.text.signature import split_signature

MAX_TEXT = 200_000
MANY = 15

ReplyTo = Literal["", "sender", "all", "list"]

_WORDS = (
    r"attach(?:ed|ing|ments?)?|enclos(?:ed|ures?)"
    # Norwegian, Danish, Swedish, Icelandic, Finnish
    r"|ved(?:lagd|lagt|lagte|lagde|legg|legget|legga|leggene|legger|legges)"
    r"|(?:legg(?:er|ja)?|lagt|lagde|la) ved(?! sid)"
    r"|bilag(?:et|a|ene|ane|an|or|orna)?|vedhæft(?:et|ede|er|ning|ningen)?|vedlægger"
    r"|bifog(?:ad|at|ade|ar|as)|viðhengi\w{0,4}|meðfylgjandi|liit(?:e|teenä|teet|teessä|etiedosto\w{0,4})|oheisena"
    # German, Dutch
    r"|anbei|anhangs?|anhängen?|angehängte?[nrs]?|beigefügte?[nrs]?|beiliegende?[nrs]?|(?:in der|als|siehe) anlage"
    r"|bijlagen?|bijgevoegde?|bijgesloten|toegevoegde bestand"
    # French, Spanish, Portuguese, Italian
    r"|ci-jointe?s?|pièces? jointes?|attachée?s?"
    r"|adjunt[oa]s?|adjuntado|anex[oa]s?|anexad[oa]s?|anexei|allegat[oaie]|alleg[oh]iamo"
    # Polish, Czech, Hungarian, Turkish, Greek, Russian
    r"|załącz(?:nik\w{0,4}|am|ony|ona|one|eniu)|přílo(?:ha|hu|hy|ze)|přikládám|přiložen\w{0,2}"
    r"|csatol(?:va|tam|om|t)|melléklet\w{0,4}|ekte(?:ki)?|ekli|συνημμέν\w{1,3}"
    r"|вложени[еия]|прикрепля[юе]м?|прикреплен\w{0,4}|прилага[юе]м?|приложен\w{0,4}"
)
_ATTACHED = re.compile(rf"(?<![\w/-])(?:{_WORDS})(?![\w/-])|附件|附上|添付|첨부|מצורף|مرفق", re.IGNORECASE)
_FORWARDED = re.compile(r"\s{0,3}-{4,20} ?[^-\n]{1,100} ?-{4,20}\s*\Z")


def hints(
    *,
    subject: str,
    text: str,
    attachments: int,
    to: Iterable[Mailbox] = (),
    cc: Iterable[Mailbox] = (),
    reply: ReplyTo = "",
    original: Original | None = None,
    many: int = MANY,
) -> tuple[str, ...]:
    """Codes in this order, each at most once; () for an ordinary letter.

    "attachment": the text speaks of one and there is none. "subject": there is none. "many-visible": more than
    `many` people see each other's addresses. "list-all": a reply to all of a mailing list. "reply-elsewhere": it
    goes to an address of another domain than the author's, because the message asks for that.

    `text` is the letter's plain text, quotes marked by ">" (as `text_from_html` does).
    """
    to, cc = tuple(to), tuple(cc)
    found = {
        "attachment": not attachments and speaks_of_attachment(text),
        "subject": not subject.strip(),
        "many-visible": len({address_key(one.address) for one in (*to, *cc)}) > many,
        "list-all": reply == "all" and original is not None and bool(original.list_id or original.list_post),
        "reply-elsewhere": reply in ("sender", "all") and original is not None and _elsewhere(original, to),
    }
    return tuple(code for code, holds in found.items() if holds)


def speaks_of_attachment(text: str) -> bool:
    """In what was written now: not in quotes, a signature, an address, or a message forwarded below. Linear."""
    words = " ".join(_written(text[:MAX_TEXT])).split()
    written = " ".join(word for word in words if "@" not in word and "://" not in word)
    return _ATTACHED.search(unicodedata.normalize("NFC", written)) is not None


def _written(text: str) -> Iterator[str]:
    lines = list(read_lines(plain_lines(text).rstrip()))
    for line in split_signature(lines)[0]:
        if not line.depth and len(line.text) < 200 and _FORWARDED.match(line.text):
            return
        if not line.depth:
            yield line.text


def _elsewhere(original: Original, to: tuple[Mailbox, ...]) -> bool:
    asked = (*original.mail_reply_to, *original.reply_to, *original.followup_to)
    known = {address_key(one.address) for one in (*original.from_, *original.to, *original.cc)}
    if original.list_post:
        known.add(address_key(original.list_post))
    strange = {address_key(one.address) for one in asked} - known
    homes = [one.domain for one in original.from_]
    return any(address_key(one.address) in strange and not _related(one.domain, homes) for one in to)


def _related(domain: str, homes: list[str]) -> bool:
    return any(domain == home or domain.endswith(f".{home}") or home.endswith(f".{domain}") for home in homes)
