"""Cleaned HTML is timed, and the guards that trip are counted."""

from __future__ import annotations

from webmail.mail.html import Refused, sanitise
from webmail.metrics import snapshot


def grown(earlier: dict[str, float], name: str) -> float:
    return snapshot().get(name, 0.0) - earlier.get(name, 0.0)


def test_cleaning_and_what_is_too_much_for_it() -> None:
    earlier = snapshot()
    sanitise("<p>hei", inline=lambda _: None, proxy=lambda _: None)
    verdict = sanitise("<b>" * 50_000, inline=lambda _: None, proxy=lambda _: None)
    assert isinstance(verdict, Refused)
    assert grown(earlier, "sanitiser_seconds_count") == 2
    assert grown(earlier, f"sanitiser_refused_total:{verdict.reason}") == 1
