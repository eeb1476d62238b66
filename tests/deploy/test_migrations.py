"""Migrations run while the former version still serves: it must find all that it knows, and be able to write."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.models import NOT_PROVIDED

from webmail.accounts.models import Person

# A new table, an index, what is only in Python.
HARMLESS = (
    migrations.CreateModel,
    migrations.AddIndex,
    migrations.RemoveIndex,
    migrations.AlterModelOptions,
    migrations.AlterModelManagers,
)
FIRST = "0001"


def operations() -> Iterator[tuple[migrations.Migration, Operation]]:
    """Of our own, after each app's first."""
    for (label, name), migration in MigrationLoader(None).disk_migrations.items():
        if apps.get_app_config(label).name.startswith("webmail.") and not name.startswith(FIRST):
            yield from ((migration, operation) for operation in migration.operations)


def objection(migration: migrations.Migration, operation: Operation) -> str:
    """Why the former version could not go on beside it; "" where it can."""
    if isinstance(operation, HARMLESS):
        return ""
    if isinstance(operation, migrations.AddField):
        field = operation.field
        if field.many_to_many or field.null or field.db_default is not NOT_PROVIDED:
            return ""
        return "the former version leaves it out: null=True or db_default"
    if isinstance(operation, migrations.AddConstraint):
        made = {one.name_lower for one in migration.operations if isinstance(one, migrations.CreateModel)}
        return "" if operation.model_name_lower in made else "the former version does not keep to it"
    if isinstance(operation, migrations.SeparateDatabaseAndState) and not operation.database_operations:
        return ""
    return "the former version needs what was there: first a version that does without"


def test_nothing_that_the_former_version_needs_goes() -> None:
    found = [
        f"{migration}: {operation.describe()}: {said}"
        for migration, operation in operations()
        if (said := objection(migration, operation))
    ]
    assert found == []


@pytest.mark.parametrize(
    "operation",
    [
        migrations.AddField("person", "x", models.CharField(max_length=3)),
        migrations.AddField("person", "x", models.BooleanField(default=True)),
        migrations.RemoveField("person", "theme"),
        migrations.RenameField("person", "theme", "look"),
        migrations.RenameModel("person", "human"),
        migrations.DeleteModel("person"),
        migrations.AlterField("person", "theme", models.CharField(max_length=3)),
        migrations.AddConstraint(
            "person", models.CheckConstraint(condition=models.Q(page_size__gt=9), name="x")
        ),
        migrations.RunSQL("DROP TABLE accounts_person"),
        migrations.RunPython(lambda *_: None),
    ],
    ids=lambda operation: operation.describe(),
)
def test_such_are_refused(operation: Operation) -> None:
    assert objection(migrations.Migration("0002_x", "accounts"), operation)


@pytest.mark.django_db
def test_the_first_version_can_still_write() -> None:
    """A row with the columns of the first migration alone, on whichever database this is: what came later is as the
    present version wants it by itself."""
    loader = MigrationLoader(None)
    former = loader.project_state([key for key in loader.disk_migrations if key[1].startswith(FIRST)]).apps
    person = former.get_model("accounts", "Person").objects.create(username="kari@example.org")
    former.get_model("accounts", "TrustedSender").objects.create(person=person, address="a@example.org")
    kept = Person.objects.get()
    later = [
        operation
        for migration, operation in operations()
        if isinstance(operation, migrations.AddField) and operation.model_name_lower == "person"
    ]
    assert later
    for operation in later:
        assert getattr(kept, operation.name) == operation.field.get_default(), operation.name
