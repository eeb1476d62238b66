from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from .letter import Letter, compose, message_id, plain
from .people import KARI, OLA


def believable_mail(now: datetime | None = None) -> Mapping[str, list[Letter]]:
    now = now or datetime.now(UTC)
    return {
        KARI.address: [
            Letter(
                "INBOX",
                compose(plain("hei"), sender=OLA, to=[KARI], subject="Båt", date=now, id_=message_id(1)),
                now,
            )
        ]
    }
