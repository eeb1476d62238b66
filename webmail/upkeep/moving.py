"""Everything that is ours into another database, in one transaction: whole, or nothing at all."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

from django.apps import apps
from django.core.management.color import no_style
from django.db import connections, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model
from django.db.models.sql import InsertQuery

# What `migrate` itself writes into an empty database.
MADE_BY_MIGRATE: Final = frozenset(
    {"contenttypes.contenttype", "auth.permission", "auth.group", "auth.group_permissions"}
)
BATCH: Final = 500


class MoveRefusedError(Exception):
    """Nothing was changed; the message says why."""


def move(*, source: str, target: str) -> Iterator[tuple[str, int]]:
    """Copies every row of every model between two of Django's databases: which, and how many. Nobody can write to the
    source meanwhile. Raises MoveRefusedError where the two don't have the same tables, or the target holds anything.
    """
    here, there = (
        set(MigrationRecorder(connections[name]).applied_migrations()) for name in (source, target)
    )
    if here != there:
        differ = ", ".join(sorted(f"{app}.{name}" for app, name in here ^ there)[:5])
        raise MoveRefusedError(f"The two are not of the same version ({differ}): run migrate on both.")
    with transaction.atomic(using=source), transaction.atomic(using=target):
        for model in every_model():
            rows = model._base_manager.using(target)
            if model._meta.label_lower in MADE_BY_MIGRATE:
                rows.all().delete()
            elif rows.exists():
                raise MoveRefusedError(
                    f"There is something in the target already: {model._meta.verbose_name_plural}."
                )
        for model in every_model():
            yield model._meta.label, _copy(model, source, target)
        with connections[target].cursor() as cursor:
            for statement in connections[target].ops.sequence_reset_sql(no_style(), every_model()):
                cursor.execute(statement)


def every_model() -> list[type[Model]]:
    """Each has a table of its own, also those between two others."""
    found = apps.get_models(include_auto_created=True)
    return [model for model in found if model._meta.managed and not model._meta.proxy]


def _copy(model: type[Model], source: str, target: str) -> int:
    """As they are: no field fills itself in anew."""
    fields = model._meta.local_concrete_fields
    rows = model._base_manager.using(source).order_by("pk").iterator(BATCH)
    count = 0
    while batch := list(islice(rows, BATCH)):
        query = InsertQuery(model)
        query.insert_values(fields, batch, raw=True)
        query.get_compiler(using=target).execute_sql()
        count += len(batch)
    return count
