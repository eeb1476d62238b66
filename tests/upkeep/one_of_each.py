"""A row of every model, and what all rows hold."""

from __future__ import annotations

import datetime
import itertools
from typing import Any

from django.db import models
from django.db.models.sql import InsertQuery

from webmail.upkeep.moving import every_model

MOMENT = datetime.datetime(2031, 2, 3, 4, 5, 6, 789012, tzinfo=datetime.UTC)
NUMBERS = itertools.count(40)


def fill(using: str) -> None:
    """Keys that no counter has come to, text that is no ASCII, and moments that nobody's clock shows."""
    waiting = [model for model in every_model() if not model._base_manager.using(using).exists()]
    while waiting:
        left = [model for model in waiting if not _make(model, using)]
        if len(left) == len(waiting):
            raise AssertionError(f"These can't be filled: {left}")
        waiting = left


def _make(model: type[models.Model], using: str) -> bool:
    """False where what it points to is not there yet."""
    row = model()
    for field in model._meta.local_concrete_fields:
        if isinstance(field, models.ForeignKey):
            other = field.related_model._base_manager.using(using).order_by("pk").last()
            if other is None and not field.null:
                return False
            setattr(row, field.attname, getattr(other, field.target_field.attname, None))
        else:
            setattr(row, field.attname, _value(field))
    query = InsertQuery(model)
    query.insert_values(model._meta.local_concrete_fields, [row], raw=True)
    query.get_compiler(using=using).execute_sql()
    return True


def _value(field: models.Field) -> Any:
    """One that fits and is not the default."""
    number = next(NUMBERS)
    if field.choices:
        return field.choices[-1][0]
    match field:
        case models.BooleanField():
            return not field.get_default()
        case models.AutoField() | models.IntegerField():
            return number
        case models.FloatField():
            return number / 8
        case models.DateTimeField():
            return MOMENT
        case models.DateField():
            return MOMENT.date()
        case models.DurationField():
            return datetime.timedelta(seconds=number)
        case models.GenericIPAddressField():
            return "2001:db8::1"
        case models.JSONField():
            return [[number, "blåbær 🫐", None]]
        case models.BinaryField():
            return b"\0\xff" + number.to_bytes(4, "big")
        case models.URLField():
            return f"https://example.org/{number}"
        case models.CharField() | models.TextField():
            return f"å{number} 🫐"[: field.max_length or 100]
    raise AssertionError(f"What is a {field!r}?")


def everything(using: str) -> dict[str, list[dict[str, Any]]]:
    """The rows of each model, in an order of their own."""
    return {
        model._meta.label: [
            {
                field.attname: _plain(getattr(row, field.attname))
                for field in model._meta.local_concrete_fields
            }
            for row in model._base_manager.using(using).order_by("pk")
        ]
        for model in every_model()
    }


def _plain(value: Any) -> Any:
    """SQLite gives octets as bytes, PostgreSQL as a view of them."""
    return bytes(value) if isinstance(value, memoryview) else value
