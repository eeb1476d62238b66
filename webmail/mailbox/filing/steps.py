"""Steps of many batches as few: sets that grow together are written short."""

from __future__ import annotations

from dataclasses import replace

from webmail.imap.sets import format_set, parse_set
from webmail.journal.step import Change, Lot, Step


def joined(steps: list[Step], step: Step) -> list[Step]:
    """With one more."""
    for at, former in enumerate(steps):
        if _alike(former, step):
            return [*steps[:at], _together(former, step), *steps[at + 1 :]]
    return [*steps, step]


def size(steps: list[Step] | tuple[Step, ...]) -> int:
    """Messages in them."""
    return sum(len(parse_set(step.lot.uids)) for step in steps)


def part(step: Step, uids: frozenset[int]) -> Step | None:
    """The same for these messages only; None where it has none of them."""
    ours = uids.intersection(parse_set(step.lot.uids))
    if not ours:
        return None
    changes = [
        Change(change.flag, change.on, format_set(some))
        for change in step.changes
        if (some := ours.intersection(parse_set(change.uids)))
    ]
    return replace(step, lot=_lot(step, format_set(ours)), changes=tuple(changes))


def without(step: Step, uids: frozenset[int]) -> Step | None:
    return part(step, frozenset(parse_set(step.lot.uids)) - uids)


def _alike(one: Step, other: Step) -> bool:
    return (one.lot.folder, one.lot.uid_validity, one.back, one.copies) == (
        other.lot.folder,
        other.lot.uid_validity,
        other.back,
        other.copies,
    )


def _together(one: Step, other: Step) -> Step:
    changes: dict[tuple[str, bool], str] = {}
    for change in (*one.changes, *other.changes):
        key = (change.flag, change.on)
        changes[key] = _union(changes[key], change.uids) if key in changes else change.uids
    return replace(
        one,
        lot=_lot(one, _union(one.lot.uids, other.lot.uids)),
        changes=tuple(Change(flag, on, uids) for (flag, on), uids in changes.items()),
    )


def _union(one: str, other: str) -> str:
    return format_set({*parse_set(one), *parse_set(other)})


def _lot(step: Step, uids: str) -> Lot:
    return Lot(step.lot.folder, step.lot.uid_validity, uids)
