"""What every command is: its words, the answers it claims, and its result."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

from webmail.imap.encode import Argument, Dialect, Segment, atom, encode
from webmail.imap.parse import Response, Tagged

T = TypeVar("T")


class Command(Generic[T]):
    """One command and, once it was run, its answer. The same object may be run again on another connection.

    `repeatable`: running it twice does what running it once does. `touches`: it changes messages of the selected
    mailbox, so it is held back until a SELECT before it in the same pipeline has succeeded. `anywhere`: it needs no
    selected mailbox.
    """

    words: tuple[str, ...]
    repeatable: bool = True
    touches: bool = False
    anywhere: bool = False

    def __init__(self, *arguments: Argument) -> None:
        self.arguments = arguments
        self.tag = ""
        self.reset()

    @property
    def name(self) -> str:
        return " ".join(self.words)

    def encode(self, tag: str, dialect: Dialect) -> tuple[Segment, ...]:
        self.tag = tag
        words: Sequence[Argument] = (*(atom(word) for word in self.words), *self.arguments)
        return encode(tag.encode("ascii"), words, dialect)

    def reset(self) -> None:
        """Forget what was collected: the command is about to be sent."""

    def collect(self, response: Response) -> bool:
        """Take an untagged response; False leaves it to others."""
        del response
        return False

    def challenge(self, text: str) -> bytes | None:
        """The answer to a "+" that no literal was waiting for; None leaves it unanswered."""
        del text
        return None

    def complete(self, tagged: Tagged) -> None:
        """The tagged OK."""

    def salvages(self) -> bool:
        """After a NO: is what was collected worth more than the error?"""
        return False

    def result(self) -> T:
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"<{self.name}>"


class Simple(Command[None]):
    """A command that only succeeds or fails."""

    def result(self) -> None:
        return None
