"""People as a recipients field takes them: `Kari Nes <kari@fjord.example>`, a comma between."""

from __future__ import annotations

import re

_NEEDS_QUOTES = re.compile(r"[^\w !#$%&'*+/=?^`{|}~-]")


def recipient(name: str, address: str) -> str:
    if not name:
        return address
    if _NEEDS_QUOTES.search(name):
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        name = f'"{escaped}"'
    return f"{name} <{address}>"
