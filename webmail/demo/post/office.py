"""The post office: a letter handed in lands in the sender's Sent and in the right folder of each receiver."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from random import Random

from ..letter import SEEN, Letter, Part, compose, message_id, plain
from ..people import OWNERS, Person

NORWAY = timezone(timedelta(hours=1))
UNREAD: frozenset[str] = frozenset()
STARRED = SEEN | {"\\Flagged"}
ANSWERED = SEEN | {"\\Answered"}


class PostOffice:
    """Collects the letters of everybody who can sign in. The same `seed` and `now` give the same mail."""

    def __init__(self, *, now: datetime, seed: int) -> None:
        self.now = now.astimezone(NORWAY).replace(microsecond=0)
        self.random = Random(seed)  # noqa: S311 - for play
        self.boxes: dict[str, list[Letter]] = {owner.address: [] for owner in OWNERS}
        self._count = 0

    def ago(self, *, minutes: float = 0, hours: float = 0, days: float = 0) -> datetime:
        return self.now - timedelta(minutes=minutes, hours=hours, days=days)

    def waking(self, moment: datetime) -> datetime:
        """That moment, or the evening before it where it falls in the night."""
        while not 7 <= moment.hour <= 22:
            moment -= timedelta(hours=1)
        return moment

    def day(self, days: float) -> datetime:
        """Some moment between seven and seventeen, about `days` ago (more than one)."""
        whole = self.now - timedelta(days=days)
        return whole.replace(hour=self.random.randint(7, 16), minute=self.random.randint(0, 59))

    def new_id(self, host: str) -> str:
        self._count += 1
        return message_id(self._count, host=host)

    def send(
        self,
        content: Part | str,
        *,
        sender: Person,
        to: Sequence[Person],
        subject: str | None,
        date: datetime,
        cc: Sequence[Person] = (),
        folder: str = "INBOX",
        flags: frozenset[str] = SEEN,
        references: Sequence[str] = (),
        extra: Mapping[str, str] | Iterable[tuple[str, str]] = (),
        copies: Sequence[Person] | None = None,
    ) -> str:
        """Hand a letter in and get its Message-ID. `copies`: who receives it though the header may not say so."""
        id_ = self.new_id(sender.address.partition("@")[2] or "ukjend.example")
        part = plain(content) if isinstance(content, str) else content
        data = compose(
            part,
            sender=sender,
            to=to,
            cc=cc,
            subject=subject,
            date=date,
            id_=id_,
            references=references,
            extra=extra,
        )
        if sender.address in self.boxes:
            self.file(sender, "Sent", data, date)
        for receiver in dict.fromkeys((*to, *cc) if copies is None else copies):
            if receiver.address in self.boxes:
                self.file(receiver, folder, data, date, flags)
        return id_

    def file(
        self, owner: Person, folder: str, data: bytes, date: datetime, flags: frozenset[str] = SEEN
    ) -> None:
        self.boxes[owner.address].append(Letter(folder, data, date, flags))

    def sorted(self) -> dict[str, list[Letter]]:
        return {address: sorted(box, key=lambda letter: letter.date) for address, box in self.boxes.items()}
