from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from webmail.web.dates import Calendar, _words, span

OSLO = ZoneInfo("Europe/Oslo")
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=OSLO)


def calendar(language: str, zone=OSLO) -> Calendar:
    return Calendar(zone, NOW.astimezone(zone).date(), _words(language))


@pytest.mark.parametrize(
    ("moment", "nn", "en"),
    [
        (datetime(2026, 11, 23, 8, 41, tzinfo=UTC), "09:41", "09:41"),
        (datetime(2026, 11, 22, 22, 59, tzinfo=UTC), "i går", "yesterday"),
        (datetime(2026, 11, 22, 23, 1, tzinfo=UTC), "00:01", "00:01"),
        (datetime(2026, 11, 20, 8, 0, tzinfo=UTC), "fre 20.", "Fri 20"),
        (datetime(2026, 11, 16, 8, 0, tzinfo=UTC), "16. nov.", "16 Nov."),
        (datetime(2025, 11, 20, 8, 0, tzinfo=UTC), "20. nov. 2025", "20 Nov. 2025"),
        (datetime(2027, 1, 2, 8, 0, tzinfo=UTC), "2. jan. 2027", "2 Jan. 2027"),
    ],
)
def test_a_short_label(moment, nn, en):
    assert calendar("nn").label(moment) == nn
    assert calendar("en").label(moment) == en


def test_the_whole_of_it():
    moment = datetime(2026, 11, 22, 8, 41, tzinfo=UTC)
    assert calendar("nn").full(moment) == "søndag 22. november 2026, 09:41"
    assert calendar("nb").full(moment) == "søndag 22. november 2026, 09:41"
    assert calendar("en").full(moment) == "Sunday 22 November 2026, 09:41"


@pytest.mark.parametrize(
    "moment",
    [
        datetime.min.replace(tzinfo=timezone(timedelta(hours=14))),
        datetime.max.replace(tzinfo=timezone(-timedelta(hours=12))),
        datetime(1, 1, 1, tzinfo=UTC),
    ],
)
def test_the_ends_of_the_calendar(moment):
    assert calendar("en").label(moment)
    assert calendar("en").full(moment)


def test_when_something_takes_place():
    start = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    en = calendar("en")
    assert span(en, start, start + timedelta(hours=1)) == "Tuesday 24 November 2026, 10:00–11:00"
    assert span(en, start, None) == "Tuesday 24 November 2026, 10:00"
    assert span(en, date(2026, 11, 24), date(2026, 11, 24)) == "Tuesday 24 November 2026"
    assert span(en, date(2026, 11, 24), date(2026, 11, 25)).endswith("Wednesday 25 November 2026")
    assert span(en, None, None) == ""


def test_the_words_are_those_of_the_language_asked_for():
    with translation.override("en"):
        assert calendar("nn").words.yesterday == "i går"
