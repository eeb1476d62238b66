"""Curves and bars of the last hours as shapes of an SVG. What has words stands beside them as HTML, so that it keeps
its size on a narrow screen, and all numbers stand in a table as well."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final

WIDTH: Final = 600
HEIGHT: Final = 120


@dataclass(frozen=True, slots=True)
class Series:
    """A value for each stretch of time; None where nothing is known."""

    name: str
    look: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    look: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Line:
    look: str
    points: str


@dataclass(frozen=True, slots=True)
class Plot:
    """`starts` are the beginnings of the stretches, oldest first. Bars of several series stand on each other."""

    title: str
    unit: str
    starts: tuple[datetime, ...]
    series: tuple[Series, ...]
    stacked: bool = True

    @property
    def top(self) -> float:
        """The value at the upper edge: a round one that all stay below."""
        columns = list(zip(*(one.values for one in self.series), strict=True))
        join = sum if self.stacked else max
        return round_above(max((join(_known(column)) for column in columns if _known(column)), default=0.0))

    @property
    def is_empty(self) -> bool:
        return not any(value for one in self.series for value in one.values)

    @property
    def bars(self) -> Iterator[Bar]:
        if not self.stacked:
            return
        step, top = WIDTH / len(self.starts), self.top
        for column in range(len(self.starts)):
            foot = float(HEIGHT)
            for one in self.series:
                height = HEIGHT * (one.values[column] or 0) / top
                if height:
                    foot -= height
                    yield Bar(
                        one.look,
                        round(column * step + 1, 1),
                        round(foot, 1),
                        round(step - 2, 1),
                        round(height, 1),
                    )

    @property
    def lines(self) -> Iterator[Line]:
        """A gap where nothing is known; a stretch alone is a short dash."""
        if self.stacked:
            return
        step, top = WIDTH / len(self.starts), self.top
        for one in self.series:
            for known, run in groupby(enumerate(one.values), key=lambda pair: pair[1] is not None):
                if not known:
                    continue
                points = [(column * step, HEIGHT - HEIGHT * (value or 0) / top) for column, value in run]
                points.append((points[-1][0] + step, points[-1][1]))
                yield Line(one.look, " ".join(f"{x:.1f},{y:.1f}" for x, y in points))

    @property
    def rows(self) -> Iterator[tuple[datetime, tuple[float | None, ...]]]:
        """The same as a table, the newest first."""
        for column in reversed(range(len(self.starts))):
            yield self.starts[column], tuple(one.values[column] for one in self.series)


def round_above(value: float) -> float:
    """1, 2 or 5 times a power of ten, at least `value`; 1 for nothing."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= value)


def _known(values: Sequence[float | None]) -> list[float]:
    return [value for value in values if value is not None]
