from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Links:
    """How the web spells the addresses that stand inside a message. `part` takes the section of an inline picture,
    `picture` the signed token of one from elsewhere. The same arguments must give the same address."""

    part: Callable[[str], str]
    picture: Callable[[str], str]
