"""Moments as people say them, in their zone and language. Names are looked up once for each language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from functools import cache

from django.utils import timezone
from django.utils.dates import MONTHS, MONTHS_AP, WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Words:
    months: tuple[str, ...]
    short_months: tuple[str, ...]
    weekdays: tuple[str, ...]
    short_weekdays: tuple[str, ...]
    yesterday: str
    this_week: str
    this_year: str
    other_year: str
    full: str
    whole_day: str


@cache
def _words(language: str) -> Words:
    with override(language):
        return _looked_up()


def _looked_up() -> Words:
    return Words(
        months=tuple(str(MONTHS[number]) for number in range(1, 13)),
        short_months=tuple(str(MONTHS_AP[number]) for number in range(1, 13)),
        weekdays=tuple(str(WEEKDAYS[number]) for number in range(7)),
        short_weekdays=tuple(str(WEEKDAYS_ABBR[number]).rstrip(".") for number in range(7)),
        yesterday=_("yesterday"),
        # Translators: a day of the last week, as "Sun 22".
        this_week=_("{weekday} {day}"),
        # Translators: a day of this year, as "20 Nov".
        this_year=_("{day} {month}"),
        # Translators: a day of another year, as "20 Nov 2025".
        other_year=_("{day} {month} {year}"),
        # Translators: as "Sunday 22 November 2026, 09:41".
        full=_("{weekday} {day} {month} {year}, {time}"),
        # Translators: as "Sunday 22 November 2026".
        whole_day=_("{weekday} {day} {month} {year}"),
    )


@dataclass(frozen=True, slots=True)
class Calendar:
    """One request's idea of now, in the person's zone and language."""

    zone: tzinfo
    today: date
    words: Words

    def label(self, moment: datetime) -> str:
        """`09:41`, `yesterday`, `Sun 22`, `20 Nov`, `20 Nov 2025`; for the future the date as well."""
        local = self.local(moment)
        days = (self.today - local.date()).days
        if days == 0:
            return f"{local.hour:02}:{local.minute:02}"
        words = self.words
        if days == 1:
            return words.yesterday
        if 1 < days < 7:
            return words.this_week.format(weekday=words.short_weekdays[local.weekday()], day=local.day)
        pattern = words.this_year if local.year == self.today.year else words.other_year
        return pattern.format(day=local.day, month=words.short_months[local.month - 1], year=local.year)

    def full(self, moment: datetime) -> str:
        """`Sunday 22 November 2026, 09:41`."""
        local = self.local(moment)
        words = self.words
        return words.full.format(
            weekday=words.weekdays[local.weekday()],
            day=local.day,
            month=words.months[local.month - 1],
            year=local.year,
            time=f"{local.hour:02}:{local.minute:02}",
        )

    def day(self, day: date) -> str:
        words = self.words
        return words.whole_day.format(
            weekday=words.weekdays[day.weekday()],
            day=day.day,
            month=words.months[day.month - 1],
            year=day.year,
        )

    def local(self, moment: datetime) -> datetime:
        """Naive moments are taken as they stand. What lies outside the calendar in this zone stays in its own."""
        if moment.tzinfo is None:
            return moment
        try:
            return moment.astimezone(self.zone)
        except (OverflowError, ValueError):
            return moment


def calendar_of_now() -> Calendar:
    zone = timezone.get_current_timezone()
    return Calendar(zone, timezone.now().astimezone(zone).date(), _words(get_language() or "en"))


def span(calendar: Calendar, start: datetime | date | None, end: datetime | date | None) -> str:
    """When something takes place: `Thursday 26 November 2026, 10:00–11:00`, or days."""
    if start is None:
        return ""
    if not isinstance(start, datetime):
        first = calendar.day(start)
        return first if end is None or end == start else f"{first} – {calendar.day(end)}"
    first = calendar.full(start)
    if not isinstance(end, datetime) or end == start:
        return first
    last = calendar.local(end)
    same = calendar.local(start).date() == last.date()
    near = same or (last - timedelta(seconds=1)).date() == calendar.local(start).date()
    return f"{first}–{last.hour:02}:{last.minute:02}" if near else f"{first} – {calendar.full(end)}"
