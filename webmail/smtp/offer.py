"""What a server offers: its answer to EHLO (RFC 5321, 4.1.1.1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Self


@dataclass(frozen=True, slots=True)
class Offer:
    """`extensions` are keywords in upper case, `mechanisms` those of AUTH. `size_limit` is in octets, None where the
    server names none. `tls` is (protocol, cipher), None in clear."""

    extensions: frozenset[str] = frozenset()
    mechanisms: frozenset[str] = frozenset()
    size_limit: int | None = None
    tls: tuple[str, str] | None = None

    @classmethod
    def read(cls, lines: Iterable[str]) -> Self:
        """From the lines of the answer after the first; what can't be read is left out."""
        extensions: set[str] = set()
        mechanisms: set[str] = set()
        limit = None
        for line in lines:
            # "AUTH=LOGIN" is how servers said it before RFC 2554, and some do still.
            keyword, *parameters = line.upper().replace("AUTH=", "AUTH ", 1).split() or [""]
            if not keyword:
                continue
            extensions.add(keyword)
            if keyword == "AUTH":
                mechanisms.update(parameters)
            elif keyword == "SIZE" and parameters and parameters[0].isascii() and parameters[0].isdigit():
                limit = int(parameters[0][:18]) or None
        return cls(frozenset(extensions), frozenset(mechanisms), limit)

    def over(self, tls: tuple[str, str] | None) -> Self:
        """The same over this TLS."""
        return replace(self, tls=tls)

    def has(self, extension: str) -> bool:
        return extension in self.extensions
