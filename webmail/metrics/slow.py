"""From how many seconds on a request or a command is named in the log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(slots=True)
class Slow:
    """Set once, at the start."""

    request: float = 5.0
    imap: float = 5.0


SLOW: Final = Slow()
