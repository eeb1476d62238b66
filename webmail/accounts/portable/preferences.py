"""The choices that are one value each: which, and what they may be."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable, Container
from typing import Any, Final

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.core.exceptions import ValidationError
from django.db import models

from ..models import Person
from .values import Fields, PortableError

PREFERENCES: Final = (
    "language",
    "time_zone",
    "theme",
    "density",
    "page_size",
    "prefer",
    "keys",
    "conversations",
    "after_filing",
    "archive_by",
    "refresh_minutes",
    "compose",
    "spell_language",
    "undo_seconds",
    "quote",
    "quote_position",
    "signature_on_reply",
    "signature_above_quote",
    "request_receipts",
    "answer_receipts",
    "save_sent",
    "collect_recipients",
)


_OFFERED: Final[dict[str, Callable[[], Container[str]]]] = {
    "language": lambda: dict(settings.LANGUAGES),
    "time_zone": zoneinfo.available_timezones,
    "spell_language": lambda: frozenset(LANG_INFO),
}


def written(person: Person) -> dict[str, Any]:
    return {name: getattr(person, name) for name in PREFERENCES}


def read(fields: Fields) -> dict[str, Any]:
    """Those that are there. Raises PortableError."""
    return {
        name: _checked(name, fields.get(name), fields.path(name)) for name in PREFERENCES if name in fields
    }


def _checked(name: str, value: Any, where: str) -> Any:
    field = Person._meta.get_field(name)
    assert isinstance(field, models.Field)
    if type(value) is not _type_of(field):
        raise PortableError("type", where)
    try:
        value = field.clean(value, None)
    except ValidationError as error:
        raise PortableError("value", where) from error
    if value and name in _OFFERED and value not in _OFFERED[name]():
        raise PortableError("value", where)
    return value


def _type_of(field: models.Field[Any, Any]) -> type:
    if isinstance(field, models.BooleanField):
        return bool
    return int if isinstance(field, models.IntegerField) else str
