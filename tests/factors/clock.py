"""A clock that a test moves, and codes as an app of its own shows them."""

from __future__ import annotations

import hashlib
import hmac
import struct
import time
from base64 import b32decode
from datetime import UTC, datetime

import pytest
from django.utils import timezone

# In the middle of a half minute.
NOON = 1_795_608_015


class Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = float(NOON)
        monkeypatch.setattr(time, "time", lambda: self.now)
        monkeypatch.setattr(timezone, "now", lambda: datetime.fromtimestamp(self.now, UTC))

    def move(self, seconds: float) -> None:
        self.now += seconds


def code(secret: str, at: float | None = None) -> str:
    """RFC 6238 and RFC 4226, written once more."""
    step = int(time.time() if at is None else at) // 30
    digest = hmac.new(b32decode(secret), struct.pack(">Q", step), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4]) & 0x7FFFFFFF) % 1_000_000:06}"


def wrong(right: str) -> str:
    return f"{(int(right) + 1) % 1_000_000:06}"
