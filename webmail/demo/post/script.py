"""Conversations as small plays: who says what, how long after.

`== Subject` begins a play, `@role +3h` a turn (the time since the turn before), the rest is what is said.
`{til}` and `{frå}` are the first names of those spoken to and speaking; other slots are drawn once a play.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..letter import SEEN
from ..people import OWNERS, Person
from .office import ANSWERED, PostOffice

_TURN = re.compile(r"(?m)^@(\w+)(?: \+(\d+)(m|h|d))?\n")
_SLOT = re.compile(r"{(\w+)}")
_MONTHS = "januar februar mars april mai juni juli august september oktober november desember".split()


@dataclass(frozen=True, slots=True)
class Turn:
    role: str
    after: timedelta
    text: str


@dataclass(frozen=True, slots=True)
class Play:
    subject: str
    turns: tuple[Turn, ...]


def plays(source: str) -> tuple[Play, ...]:
    return tuple(_play(block) for block in source.strip().split("\n== ") if block)


def _play(block: str) -> Play:
    subject, _, rest = block.removeprefix("== ").partition("\n")
    units = {"m": "minutes", "h": "hours", "d": "days"}
    pieces = _TURN.split(rest)[1:]
    turns = [
        Turn(role, timedelta(**{units[unit or "m"]: int(count or 0)}), text.strip())
        for role, count, unit, text in zip(*[iter(pieces)] * 4, strict=True)
    ]
    return Play(subject, tuple(turns))


def perform(
    office: PostOffice,
    play: Play,
    *,
    cast: Mapping[str, Person],
    start: datetime,
    folder: str,
    slots: Mapping[str, Sequence[str]] | None = None,
    list_: Person | None = None,
    extra: Mapping[str, str] | None = None,
) -> None:
    """Each turn answers the one before, quotes it, and goes to all the others (to `list_`, if it is one's)."""
    chosen = {name: office.random.choice(values) for name, values in (slots or {}).items()}
    date, thread, quoted = start, list[str](), ""
    for place, turn in enumerate(play.turns):
        speaker = cast[turn.role]
        others = [person for person in dict.fromkeys(cast.values()) if person != speaker]
        before = cast[play.turns[place - 1].role] if place else others[0]
        to = [list_] if list_ else sorted(others, key=lambda person: person != before)
        date += turn.after
        if date > office.now:
            return
        words = {**chosen, "til": before.first, "frå": speaker.first}
        text = _fill(turn.text, words)
        text = text[:1].upper() + text[1:]
        answered = any(cast[later.role] in OWNERS for later in play.turns[place + 1 : place + 2])
        subject = _fill(play.subject, words)
        subject = subject[:1].upper() + subject[1:]
        thread.append(
            office.send(
                f"{text}\n\n{quoted}" if quoted else text,
                sender=speaker,
                to=to,
                subject=f"Re: {subject}" if place else subject,
                date=date,
                folder=folder,
                flags=ANSWERED if answered else SEEN,
                references=thread[-10:],
                extra=extra or {},
                copies=[person for person in OWNERS if person != speaker] if list_ else None,
            )
        )
        quoted = quote(text, speaker, date)


def quote(text: str, writer: Person, date: datetime) -> str:
    when = f"{date.day}. {_MONTHS[date.month - 1]} {date.year} kl. {date:%H:%M}"
    lines = "\n".join(f"> {line}".rstrip() for line in text.splitlines())
    return f"{when} skreiv {writer.name}:\n{lines}"


def _fill(text: str, words: Mapping[str, str]) -> str:
    return _SLOT.sub(lambda match: words[match[1]], text)
