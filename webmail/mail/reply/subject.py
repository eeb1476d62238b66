""" "Re: " and "Fwd: " before a subject, once, whatever the mail programs of other languages have put there."""

from __future__ import annotations

import re

MAX_SUBJECT = 1_000
MAX_PREFIXES = 100

_REPLY = (
    "re|sv|svar|aw|antw|antwort|betr|ref|rif|res|resp|odp|ynt|yan|bls|balas|atb|ats|vá|αντ|απ|σχετ|отв|ответ|hs"
    "|回复|回覆|答复|答覆|返信|回信|답장|회신|رد|תשובה|השב|ตอบ|(?-i:R)"
)
# "VS" is "videresendt" in Norwegian and Danish, and an answer in Finnish; one or the other, it is put there once.
_FORWARD = (
    "fwd?|vs|vb|vl|wg|tr|rv|enc|pd|i̇?lt|fs|doorst|továbbítás|tov|trs|yml|πρθ|пересл|изп|(?-i:I)"
    "|转发|轉寄|轉發|転送|전달|إعادة توجيه|הועבר|ส่งต่อ"
)
_PREFIX = re.compile(
    rf"\s*+(?:(?P<reply>{_REPLY})|(?P<forward>{_FORWARD}))"
    r"(?:\s?\[\d{1,4}\]|\s?\(\d{1,4}\)|\^\d{1,4}|\*\d{1,4}|\d{1,3})?\s?[:：]",
    re.IGNORECASE,
)


def reply_subject(subject: str) -> str:
    """ "Re: …" of a decoded subject. Of a forwarded message "Fwd: " stays, once: "Re: Fwd: …"."""
    rest, _, forwarded = _without_prefixes(subject)
    return _cut(f"Re: {'Fwd: ' if forwarded else ''}{rest}")


def forward_subject(subject: str) -> str:
    """ "Fwd: …" of a decoded subject. Of an answer "Re: " stays, once: "Fwd: Re: …"."""
    rest, answered, _ = _without_prefixes(subject)
    return _cut(f"Fwd: {'Re: ' if answered else ''}{rest}")


def base_subject(subject: str) -> str:
    """What answers and forwards of a decoded subject have in common with it; "" where nothing is left."""
    return " ".join(_without_prefixes(subject)[0].casefold().split())


def is_answer(subject: str) -> bool:
    return _without_prefixes(subject)[1]


def _without_prefixes(subject: str) -> tuple[str, bool, bool]:
    """(the rest as it stands, an answer was among the prefixes, something forwarded was)."""
    subject = subject[: 2 * MAX_SUBJECT]
    position, answered, forwarded = 0, False, False
    for _ in range(MAX_PREFIXES):
        found = _PREFIX.match(subject, position)
        if found is None:
            break
        position = found.end()
        answered = answered or found["reply"] is not None
        forwarded = forwarded or found["forward"] is not None
    return subject[position:].strip(), answered, forwarded


def _cut(subject: str) -> str:
    return subject[:MAX_SUBJECT].rstrip() if len(subject) > MAX_SUBJECT else subject
