"""What is not counted as it happens but looked up when somebody asks: the pool, open streams, what waits to be sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from .registry import REGISTRY


@dataclass(frozen=True, slots=True)
class Reading:
    """One value, or one for each value of `label`. `grows`: it counts from the start of the process on."""

    name: str
    text: str
    values: float | Mapping[str, float]
    label: str = ""
    grows: bool = False

    def family(self) -> Metric:
        labels = [self.label] if self.label else []
        kind = CounterMetricFamily if self.grows else GaugeMetricFamily
        family = kind(self.name, self.text, labels=labels)
        values = self.values if isinstance(self.values, Mapping) else {"": self.values}
        for value, number in values.items():
            family.add_metric([value] if labels else [], number)
        return family


Read = Callable[[], Iterable[Reading]]
_cheap: Final[dict[str, Read]] = {}
_costly: Final[dict[str, Read]] = {}


def watch(name: str, read: Read, *, costly: bool = False) -> None:
    """`read` is called with every scrape, and with every snapshot unless it is `costly` (asks the database). One that
    raises is left out: a database that is away must not take the other figures with it."""
    (_costly if costly else _cheap)[name] = read


def cheap() -> Iterator[Metric]:
    return _families(_cheap)


def _families(reads: Mapping[str, Read]) -> Iterator[Metric]:
    for read in tuple(reads.values()):
        with suppress(Exception):
            yield from [reading.family() for reading in read()]


class _Watched(Collector):
    def collect(self) -> Iterator[Metric]:
        yield from _families(_cheap)
        yield from _families(_costly)

    def describe(self) -> Iterator[Metric]:
        """Nothing, or it would be read at once, before anything is there."""
        return iter(())


REGISTRY.register(_Watched())
