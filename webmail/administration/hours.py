"""What happened in the last hours, in stretches of equal length."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, Model, QuerySet
from django.db.models.functions import TruncMinute
from django.utils import timezone
from django.utils.translation import gettext as _

from webmail.metrics import quantile
from webmail.outbox.models import Outgoing
from webmail.signins.models import SignInEvent

from .models import Sample
from .plots import Plot, Series

STRETCHES: Final = 36
CHOICES: Final = (6, 24, 48)
_SENT: Final = (Outgoing.State.ACCEPTED, Outgoing.State.FILED, Outgoing.State.DONE)
_NOT_SENT: Final = (Outgoing.State.REFUSED, Outgoing.State.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Hours:
    """The last `count` hours before `now`."""

    count: int
    now: datetime

    @property
    def step(self) -> timedelta:
        return timedelta(hours=self.count) / STRETCHES

    @property
    def begin(self) -> datetime:
        return self.now - timedelta(hours=self.count)

    @property
    def starts(self) -> tuple[datetime, ...]:
        return tuple(self.begin + self.step * number for number in range(STRETCHES))

    def number(self, at: datetime) -> int:
        """Of the stretch that holds this moment."""
        return min(STRETCHES - 1, max(0, (at - self.begin) // self.step))

    def counts(self, found: Iterable[tuple[datetime, int]]) -> tuple[float, ...]:
        counted: Counter[int] = Counter()
        for at, number in found:
            counted[self.number(at)] += number
        return tuple(float(counted[number]) for number in range(STRETCHES))


def last(hours: int) -> Hours:
    now = timezone.now().replace(second=0, microsecond=0) + timedelta(minutes=1)
    return Hours(hours if hours in CHOICES else CHOICES[0], now)


def plots(hours: Hours) -> list[Plot]:
    """Three queries."""
    samples = _samples(hours)
    return [sign_ins(hours), sends(hours), latency(hours, samples), pool(hours, samples)]


def sign_ins(hours: Hours) -> Plot:
    found = _by_minute(SignInEvent.objects.filter(at__gte=hours.begin), "at", "outcome")
    good = SignInEvent.Outcome.SUCCESS
    return Plot(
        title=_("Sign-ins"),
        unit="",
        starts=hours.starts,
        series=(
            Series(
                _("signed in"), "s1", hours.counts((at, n) for at, outcome, n in found if outcome == good)
            ),
            Series(_("failed"), "s2", hours.counts((at, n) for at, outcome, n in found if outcome != good)),
        ),
    )


def sends(hours: Hours) -> Plot:
    found = _by_minute(Outgoing.objects.filter(finished__gte=hours.begin), "finished", "state")
    return Plot(
        title=_("Messages sent"),
        unit="",
        starts=hours.starts,
        series=(
            Series(_("sent"), "s1", hours.counts((at, n) for at, state, n in found if state in _SENT)),
            Series(
                _("not sent"), "s2", hours.counts((at, n) for at, state, n in found if state in _NOT_SENT)
            ),
        ),
    )


Samples = list[tuple[datetime, str, Mapping[str, float]]]


def latency(hours: Hours, samples: Samples) -> Plot:
    """Of what all instances waited for in a stretch, each counted against its sample before."""
    grown: list[Counter[str]] = [Counter() for _stretch in range(STRETCHES)]
    before: dict[str, Mapping[str, float]] = {}
    for at, instance, values in samples:
        if instance in before:
            for key, value in values.items():
                if key.startswith("imap_command_seconds_bucket:"):
                    grown[hours.number(at)][key] += value - before[instance].get(key, 0.0)  # type: ignore[assignment]
        before[instance] = values
    return Plot(
        title=_("Answers of the mail server"),
        unit="ms",
        starts=hours.starts,
        stacked=False,
        series=(
            Series(_("half are quicker than"), "s1", tuple(_ms(0.5, one) for one in grown)),
            Series(_("95 % are quicker than"), "s2", tuple(_ms(0.95, one) for one in grown)),
        ),
    )


def pool(hours: Hours, samples: Samples) -> Plot:
    """The most of a stretch, over all instances."""

    def most(key: str) -> tuple[float | None, ...]:
        minutes: Counter[datetime] = Counter()
        for at, _instance, values in samples:
            minutes[at] += values.get(key, 0)  # type: ignore[assignment]
        found: list[float | None] = [None] * STRETCHES
        for at, value in minutes.items():
            number = hours.number(at)
            found[number] = max(found[number] or 0, value)
        return tuple(found)

    return Plot(
        title=_("Connections to the mail server"),
        unit="",
        starts=hours.starts,
        stacked=False,
        series=(
            Series(_("in use"), "s2", most("pool_connections:borrowed")),
            Series(_("idle"), "s1", most("pool_connections:idle")),
        ),
    )


def _by_minute(rows: QuerySet[Model], at: str, what: str) -> list[tuple[datetime, str, int]]:
    grouped = rows.order_by().annotate(minute=TruncMinute(at)).values("minute", what)
    return list(grouped.annotate(n=Count("pk")).values_list("minute", what, "n"))


def _samples(hours: Hours) -> Samples:
    rows = Sample.objects.filter(at__gte=hours.begin).order_by("at")
    return list(rows.values_list("at", "instance", "values"))


def _ms(fraction: float, grown: Mapping[str, float]) -> float | None:
    found = quantile(fraction, {}, grown)
    return None if found is None else round(found * 1000, 1)
