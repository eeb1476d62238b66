"""What goes into and comes out of the HTML pipeline."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Resolve = Callable[[str], str | None]
"""A reference or an address in the mail to an address of ours, or None where there is none."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What the person allowed for this message. `remote`: pictures from elsewhere, through the proxy."""

    remote: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """The few words that the sanitiser itself puts into a message, in the reader's language."""

    goes_to: str = "goes to {target}"


@dataclass(frozen=True, slots=True)
class Sanitised:
    """Markup that only `document` should wrap.

    `html` is the body's content, `stylesheet` the mail's own rules after filtering, `body` the attributes of
    its `<body>`. `remote` are the distinct addresses of pictures elsewhere, shown or not, in order of
    appearance; `blocked` counts those that were not shown. `inline` are the references that `inline` answered.
    """

    html: str
    stylesheet: str = ""
    body: tuple[tuple[str, str], ...] = ()
    blocked: int = 0
    remote: tuple[str, ...] = ()
    inline: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """The markup was not shown, for `reason` (one of `guards.REASONS`): show the text version and say so."""

    reason: str
