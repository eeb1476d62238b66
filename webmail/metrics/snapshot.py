"""All figures as plain numbers, for samples that are kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from prometheus_client.samples import Sample

from . import readings
from .registry import OWN

_PREFIX: Final = "ekorn_"
# Labels of few values; over views and commands it is summed.
_KEPT: Final = ("status", "result", "state", "reason", "event", "le")


def snapshot() -> dict[str, float]:
    """By name without "ekorn_", with the value of its label after a colon: "pool_connections:idle",
    "sends_total:accepted", "sign_ins_total:wrong", "requests_total:5xx", "streams", "imap_command_seconds_sum",
    "imap_command_seconds_bucket:0.005". Those with "_total", "_count", "_sum" and "_bucket" grow from the start of the
    process on: what counts is the difference between two snapshots. No database is asked."""
    found: dict[str, float] = {}
    for sample in _samples():
        kept = (sample.labels[label] for label in _KEPT if label in sample.labels)
        key = ":".join((sample.name.removeprefix(_PREFIX), *kept))
        found[key] = found.get(key, 0.0) + sample.value
    return found


def quantile(
    fraction: float,
    earlier: Mapping[str, float],
    later: Mapping[str, float],
    name: str = "imap_command_seconds",
) -> float | None:
    """Of a histogram between two snapshots of one process, in seconds: the least bound that so large a fraction kept
    within (the last finite bound where it did not). None where nothing happened."""
    start = f"{name}_bucket:"
    counts = {
        float(key.removeprefix(start)): value - earlier.get(key, 0.0)
        for key, value in later.items()
        if key.startswith(start)
    }
    total = counts.pop(float("inf"), 0.0)
    if total <= 0:
        return None
    bounds = sorted(counts)
    return next((bound for bound in bounds if counts[bound] >= fraction * total), bounds[-1])


def _samples() -> Iterator[Sample]:
    for metric in OWN:
        for family in metric.collect():
            yield from family.samples
    for family in readings.cheap():
        yield from family.samples
