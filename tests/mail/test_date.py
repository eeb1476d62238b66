from __future__ import annotations

from datetime import UTC, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webmail.mail.date import date


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Mon, 6 Jul 2026 10:00:00 +0200 (CEST)", "2026-07-06T10:00:00+02:00"),
        ("Mon Jul  6 10:00:00 2026", "2026-07-06T10:00:00+00:00"),
        ("Mon Jul  6 10:00:00 CEST 2026", "2026-07-06T10:00:00+02:00"),
        ("Mon, 06 Jul 9999 10:00:00 +0000", "9999-07-06T10:00:00+00:00"),
        ("Tue, 19 Jan 2038 03:14:08 +0000", "2038-01-19T03:14:08+00:00"),
        ("6 Jul 99 1:02 EST", "1999-07-06T01:02:00-05:00"),
        ("6 Jul 26 1:02 GMT", "2026-07-06T01:02:00+00:00"),
        ("Mon, 6 Jul 126 10:00 PDT", "2026-07-06T10:00:00-07:00"),
        ("06-Jul-2026 10:00:00 +0200", "2026-07-06T10:00:00+02:00"),
        ("2026-07-06T10:00:00Z", "2026-07-06T10:00:00+00:00"),
        ("2026-07-06 10:00:00+02:00", "2026-07-06T10:00:00+02:00"),
        ("Mon, 6 Jul 2026 10:00:00", "2026-07-06T10:00:00+00:00"),
        ("Mon,6Jul2026 10:00:00 -0330", "2026-07-06T10:00:00-03:30"),
        ("Jul 6, 2026 3:04 PM", "2026-07-06T15:04:00+00:00"),
        ("Mon, 6 Jul 2026 10:00:00 GMT+2", "2026-07-06T10:00:00+02:00"),
        ("6.Juli 2026 10.00", "2026-07-06T10:00:00+00:00"),
        ("Wed, 31 Dec 2025 23:59:60 +0000", "2025-12-31T23:59:59+00:00"),
        ("Mon, 6 Jul 2026 10:00:00 +9999", "2026-07-06T10:00:00+00:00"),
    ],
)
def test_date(raw: str, expected: str) -> None:
    found = date(raw.encode())
    assert found is not None
    assert found.isoformat() == expected


@pytest.mark.parametrize(
    "raw",
    [
        None,
        b"",
        b"0",
        b"garbage",
        b"31 Feb 2026 10:00",
        b"Mon, 06 Jul 2026 24:61:00",
        b"1 Jan 1 00:00",
        b"\xff",
    ],
)
def test_no_date(raw: bytes | None) -> None:
    assert date(raw) is None


@given(st.text("0123456789 :+-,.()JanJulMonGMTZ\n\x00é", max_size=60) | st.binary(max_size=40))
def test_never_raises_and_can_be_shown_anywhere(raw: str | bytes) -> None:
    found = date(raw)
    if found is not None:
        found.astimezone(UTC)
        assert found + timedelta(hours=14) > found
