"""The few words that an answer says about the message it answers, in the writer's language: the web has them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from webmail.mail.reply import Original


@dataclass(frozen=True, slots=True)
class Words:
    """`attribution` is the line above a quote ("On Monday, Ann wrote:"). `fields` are the names and values at the head
    of a forwarded message ("From", "Ann <ann@example.org>"), `title` the line above them. `cut` stands where
    something was too long."""

    attribution: Callable[[Original], str]
    fields: Callable[[Original], tuple[tuple[str, str], ...]]
    title: str = "Forwarded message"
    cut: str = "[…]"
