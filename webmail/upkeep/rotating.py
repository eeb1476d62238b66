"""Everything that is sealed, sealed with the newest key; and who still needs the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from webmail.accounts.access import SESSION_KEY
from webmail.factors import totp
from webmail.mailbox.writing import resealing as uploads
from webmail.outbox import resealing as outbox
from webmail.sealed import Resealed, server_halves

from .cleaning import session_model


@dataclass(frozen=True, slots=True)
class Need:
    """What an older key still opens. Sign-ins are sealed anew by whoever comes back; the last ends by itself at
    `until`."""

    key_id: str
    kept: int
    sign_ins: int
    until: datetime | None

    @property
    def total(self) -> int:
        return self.kept + self.sign_ins

    def __str__(self) -> str:
        told = [f"{self.kept} that wait to be sealed anew"] if self.kept else []
        if self.sign_ins and self.until:
            told.append(
                f"{self.sign_ins} sign-ins, the last until {timezone.localtime(self.until):%Y-%m-%d %H:%M}"
            )
        return " and ".join(told)


def seal_anew() -> Iterator[tuple[str, Resealed]]:
    """One kind of thing after the other. Safe to repeat, and while the program runs."""
    yield "messages on their way out", outbox.reseal()
    yield "attached files", uploads.reseal()
    changed, lost = totp.reseal()
    yield "second factors", Resealed(changed, lost)


def needs() -> tuple[Need, ...]:
    """Of each key but the newest."""
    kept: Counter[str] = Counter()
    for found in (outbox.key_ids(), uploads.key_ids(), totp.key_ids()):
        kept.update(found)
    sign_ins: Counter[str] = Counter()
    until: dict[str, datetime] = {}
    for session in session_model().objects.filter(expire_date__gt=timezone.now()).iterator(500):
        _, sealed = session.get_decoded().get(SESSION_KEY) or ("", "")
        key_id = sealed.partition(".")[0]
        sign_ins[key_id] += 1
        until[key_id] = max(until.get(key_id, session.expire_date), session.expire_date)
    return tuple(
        Need(key_id, kept[key_id], sign_ins[key_id], until.get(key_id)) for key_id, _ in server_halves()[1:]
    )
