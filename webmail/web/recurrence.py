"""How an event repeats, as a sentence's end: "every 2 weeks on Monday and Thursday, until 4 December 2026"."""

from __future__ import annotations

import re
from datetime import date, datetime

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from webmail.mail.event import Recurrence

from .dates import Calendar

_DAY = re.compile(r"(-?\d{0,2})(mo|tu|we|th|fr|sa|su)")
_DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")


def recurrence_words(recurrence: Recurrence, calendar: Calendar) -> str:
    """What a rule says beyond this is left out, never guessed."""
    every = _every(recurrence.freq, recurrence.interval)
    if not every:
        return _("repeats")
    if recurrence.freq == "weekly" and recurrence.interval == 1 and set(recurrence.days) == set(_DAYS[:5]):
        every = _("every weekday")
    elif on := _on(recurrence, calendar):
        # Translators: "every week" and "Monday and Thursday", or "every month" and "the 5th".
        every = _("{every} on {days}").format(every=every, days=on)
    if recurrence.count:
        times = ngettext("{count} time", "{count} times", recurrence.count).format(count=recurrence.count)
        # Translators: "every week" and "10 times".
        return _("{every}, {times}").format(every=every, times=times)
    if recurrence.until is not None:
        return _("{every}, until {day}").format(
            every=every, day=calendar.day(_day(recurrence.until, calendar))
        )
    return every


def _every(freq: str, count: int) -> str:
    match freq:
        case "daily":
            words = ngettext("every day", "every {count} days", count)
        case "weekly":
            words = ngettext("every week", "every {count} weeks", count)
        case "monthly":
            words = ngettext("every month", "every {count} months", count)
        case "yearly":
            words = ngettext("every year", "every {count} years", count)
        case _:
            return ""
    return words.format(count=count)


def _on(recurrence: Recurrence, calendar: Calendar) -> str:
    if recurrence.freq in ("weekly", "monthly") and recurrence.days:
        found = [_DAY.fullmatch(day) for day in recurrence.days]
        names = [_named(match[1], calendar.words.weekdays[_DAYS.index(match[2])]) for match in found if match]
        return _listed(names) if len(names) == len(recurrence.days) and all(names) else ""
    if recurrence.freq == "monthly" and recurrence.month_days:
        # Translators: a day of the month, as "day 5".
        return _listed([_("day {number}").format(number=day) for day in recurrence.month_days if day > 0])
    return ""


def _named(number: str, weekday: str) -> str:
    """ "the second Tuesday"; "" for a number that has no word."""
    patterns = {
        "": "{weekday}",
        "1": _("the first {weekday}"),
        "2": _("the second {weekday}"),
        "3": _("the third {weekday}"),
        "4": _("the fourth {weekday}"),
        "5": _("the fifth {weekday}"),
        "-1": _("the last {weekday}"),
    }
    return patterns.get(number, "").format(weekday=weekday)


def _listed(names: list[str]) -> str:
    return get_text_list(names, _("and"))


def _day(moment: datetime | date, calendar: Calendar) -> date:
    return calendar.local(moment).date() if isinstance(moment, datetime) else moment
