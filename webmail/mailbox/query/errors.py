"""What is wrong with a search. The web says it in words and keeps the text."""

from __future__ import annotations


class QueryError(ValueError):
    """`code` says what, `piece` is the piece of the text that is meant, `hint` what may have been meant.

    Codes: "long", "many", "control", "quote", "open", "close", "deep", "empty", "or", "not", "unknown", "is", "has",
    "size", "date", "place"; and of an address: "view".
    """

    def __init__(self, code: str, piece: str = "", hint: str = "") -> None:
        super().__init__(code)
        self.code, self.piece, self.hint = code, piece[:80], hint

    @property
    def excessive(self) -> bool:
        """Nothing that a person types."""
        return self.code in {"long", "many", "control", "view"}
