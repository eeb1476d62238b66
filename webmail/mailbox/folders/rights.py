"""What a person may do with a folder (RFC 4314)."""

from __future__ import annotations

from dataclasses import dataclass

ALL = "lrswipkxtea"


@dataclass(frozen=True, slots=True)
class Rights:
    """`letters` as MYRIGHTS tells them; all of them where the server knows no rights. Of RFC 2086's letters "c" stands
    for making and deleting folders and "d" for deleting messages."""

    letters: str = ALL

    @property
    def read(self) -> bool:
        return "r" in self.letters

    @property
    def insert(self) -> bool:
        return "i" in self.letters

    @property
    def make_below(self) -> bool:
        return "k" in self.letters or "c" in self.letters

    @property
    def delete(self) -> bool:
        return "x" in self.letters or ("c" in self.letters and "k" not in self.letters)

    @property
    def empty(self) -> bool:
        return {"t", "e"} <= set(self.letters) or ("d" in self.letters and "t" not in self.letters)

    @property
    def administer(self) -> bool:
        return "a" in self.letters
