"""Regular expressions that mean the same on every Python we run on."""

from __future__ import annotations

import re
import tokenize
from pathlib import Path

WEBMAIL = Path(__file__).resolve().parents[1] / "webmail"
POSSESSIVE_GROUP = re.compile(r"\)(?:[*+?]|\{\{?[\d,]+\}?\})\+(?!,)")


def test_no_possessive_groups() -> None:
    """`(?:…)*+` goes wrong before CPython 3.11.5 (gh-106052), so on Debian 12: write `(?>(?:…)*)`."""
    found = []
    for path in WEBMAIL.rglob("*.py"):
        with path.open("rb") as file:
            found += [
                f"{path.name}:{token.start[0]}"
                for token in tokenize.tokenize(file.readline)
                if token.type == tokenize.STRING and POSSESSIVE_GROUP.search(token.string)
            ]
    assert found == []
