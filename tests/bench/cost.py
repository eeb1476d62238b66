"""What an action costs: round trips, commands, octets and time, ours beside the floor."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar

from tests.bench.visitor import Answer
from tests.servers.tap import Tap, Traffic

ROUND_TRIP = 0.020
HEAD = f"{'':28}{'rt':>4}{'after':>6}{'cmds':>6}{'IMAP down':>11}{'HTTP':>9}{'ms':>8}{'ms @20':>8}"
ROW = "{:28}{:4d}{:6d}{:6d}{:11,}{:9,}{:8.1f}{:8.1f}"


def compare(
    name: str,
    ours: Callable[[], Answer],
    bare: Callable[[], None],
    tap: Tap,
    *,
    before: Callable[[], object] | None = None,
    after: Callable[[], object] | None = None,
) -> None:
    """Ours and the floor in turns, so that whatever else this machine does hits both."""
    own, floor = Cost(), Cost()
    for delay, runs in ((0.0, 5), (ROUND_TRIP / 2, 3)):
        for _ in range(runs):
            for cost, action in ((own, ours), (floor, bare)):
                if before and cost is own:
                    before()
                tap.settle()
                tap.delay = delay
                mark, start = tap.mark(), time.perf_counter()
                answer = action()
                (cost.far if delay else cost.near).append(time.perf_counter() - start)
                cost.waited.append(tap.since(mark).round_trips)
                tap.settle()
                tap.delay = 0.0
                cost.traffic.append(tap.since(mark))
                cost.octets.append(answer.octets if answer else 0)
                if after and cost is own:
                    after()
    own.say(name)
    floor.say("  bare protocol")
    near, far = min(floor.near) / min(own.near), min(floor.far) / min(own.far)
    say(f"{'  ours is quicker by':28}{'':36}{near:7.1f}x{far:7.1f}x")


@dataclass(slots=True)
class Cost:
    """What several runs took. Counts are said as medians, times as the best, since a busy machine only adds."""

    commands: ClassVar[bool] = False
    near: list[float] = field(default_factory=list)
    far: list[float] = field(default_factory=list)
    waited: list[int] = field(default_factory=list)
    traffic: list[Traffic] = field(default_factory=list)
    octets: list[int] = field(default_factory=list)

    def say(self, name: str) -> None:
        if self.commands:
            for command in self.traffic[-1].commands:
                say(f"    {command}")
        counts = (
            self.waited,
            [each.round_trips - waited for each, waited in zip(self.traffic, self.waited, strict=True)],
            [len(each.commands) for each in self.traffic],
            [each.down for each in self.traffic],
            self.octets,
        )
        say(
            ROW.format(name, *map(statistics.median_low, counts), 1000 * min(self.near), 1000 * min(self.far))
        )


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
