"""Where a letter ends and its signature begins (RFC 3676, 4.3)."""

from __future__ import annotations

from webmail.mail.text.flowed import Line

MAX_SIGNATURE = 20


def split_signature(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    """From the last "-- " on, if that is not too long and holds no quote."""
    for index in range(len(lines) - 1, max(-1, len(lines) - MAX_SIGNATURE - 1), -1):
        line = lines[index]
        if line.depth:
            break
        if line.text in ("-- ", "--") and index + 1 < len(lines):
            return lines[:index], lines[index:]
    return lines, []
