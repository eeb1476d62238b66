"""What taking a deed back needs to know, as text for the database."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lot:
    """Messages of one folder; `uids` is a set as IMAP writes it ("1:50000")."""

    folder: str
    uid_validity: int
    uids: str


@dataclass(frozen=True, slots=True)
class Change:
    """`flag` was set (`on`) or removed on those of a lot that are in the set `uids`."""

    flag: str
    on: bool
    uids: str


@dataclass(frozen=True, slots=True)
class Step:
    """`lot` is where the messages are now, and in whose UIDs `changes` speak. They came from the folder `back`, ""
    where they did not move. `copies`: they are the copies of others and did not exist before."""

    lot: Lot
    back: str = ""
    changes: tuple[Change, ...] = ()
    copies: bool = False


def write_lots(lots: Iterable[Lot]) -> str:
    return json.dumps([[lot.folder, lot.uid_validity, lot.uids] for lot in lots]) if lots else ""


def read_lots(text: str) -> tuple[Lot, ...]:
    return tuple(Lot(*lot) for lot in json.loads(text)) if text else ()


def write_steps(steps: Iterable[Step]) -> str:
    return json.dumps(
        [
            [
                [step.lot.folder, step.lot.uid_validity, step.lot.uids],
                step.back,
                [[change.flag, change.on, change.uids] for change in step.changes],
                step.copies,
            ]
            for step in steps
        ]
    )


def read_steps(text: str) -> tuple[Step, ...]:
    found = json.loads(text) if text else ()
    return tuple(
        Step(Lot(*lot), back, tuple(Change(*change) for change in changes), copies)
        for lot, back, changes, copies in found
    )
