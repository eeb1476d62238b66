"""What `manage.py check` says about the second factor."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

CHOICES: Final = ("off", "optional", "required")


@register("ekorn")
def second_factor(**_: Any) -> list[CheckMessage]:
    if settings.SECOND_FACTOR in CHOICES:
        return []
    words = f"SECOND_FACTOR is {settings.SECOND_FACTOR!r}, which is none of {', '.join(CHOICES)}."
    return [Error(words, hint="SECOND_FACTOR=optional", id="ekorn.E040")]
