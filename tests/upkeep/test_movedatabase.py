"""From SQLite to a real PostgreSQL, with something of everything."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import environ
import pytest
from django.core.management import call_command
from django.db import DataError, connections

from tests.servers.postgres import Postgres
from tests.upkeep.one_of_each import everything, fill
from webmail.contacts.models import Group
from webmail.upkeep.moving import MoveRefusedError, move

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def database(django_db_setup, django_db_blocker) -> Iterator[Callable[[str, str], str]]:
    """`database(alias, url)`: one more of Django's databases."""

    def known(alias: str, url: str) -> str:
        connections.databases[alias] = connections.databases["default"] | environ.Env.db_url_config(url)
        connections.databases[alias]["OPTIONS"] = {}
        opened.append(alias)
        return alias

    opened: list[str] = []
    with django_db_blocker.unblock():
        yield known
        for alias in opened:
            connections[alias].close()
            del connections[alias], connections.databases[alias]


@pytest.fixture(scope="module")
def former(tmp_path_factory: pytest.TempPathFactory, database) -> Path:
    """The file of a database with one row of every model."""
    path = tmp_path_factory.mktemp("former") / "ekorn.sqlite3"
    database("former", f"sqlite:///{path}")
    call_command("migrate", database="former", verbosity=0)
    fill("former")
    return path


def test_everything_arrives_and_can_be_added_to(former: Path, postgres: Postgres, database) -> None:
    url = postgres.url()
    database("target", url)
    with pytest.raises(MoveRefusedError, match="run migrate on both"):
        list(move(source="former", target="target"))
    call_command("migrate", database="target", verbosity=0)

    moved = dict(move(source="former", target="target"))
    arrived = everything("target")
    assert arrived == everything("former")
    assert all(arrived.values()), "a model that the test does not fill"
    assert moved == {label: len(rows) for label, rows in arrived.items()}

    with pytest.raises(MoveRefusedError, match="something in the target already"):
        list(move(source="former", target="target"))
    assert everything("target") == arrived

    # Every counter goes on where the former one was.
    name = url.rpartition("/")[2]
    for table, column, sequence in postgres.execute(
        "SELECT s.relname, a.attname, pg_get_serial_sequence(quote_ident(s.relname), a.attname) FROM pg_class s "
        "JOIN pg_attribute a ON a.attrelid = s.oid WHERE s.relkind = 'r' AND a.attidentity <> '' "
        "AND s.relname <> 'django_migrations'",
        name,
    ):
        ((highest,),) = postgres.execute(f'SELECT max("{column}") FROM "{table}"', name)
        ((following,),) = postgres.execute(f"SELECT nextval('{sequence}')", name)
        assert following == highest + 1, table


def test_what_does_not_fit_leaves_nothing_behind(
    former: Path, postgres: Postgres, database, tmp_path: Path
) -> None:
    """SQLite takes text of any length."""
    spoiled = shutil.copy(former, tmp_path / "spoiled.sqlite3")
    database("spoiled", f"sqlite:///{spoiled}")
    Group.objects.using("spoiled").update(name="x" * 5000)
    database("second", postgres.url())
    call_command("migrate", database="second", verbosity=0)
    made = everything("second")
    with pytest.raises(DataError):
        list(move(source="spoiled", target="second"))
    assert everything("second") == made


def run(database: str, place: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "webmail.settings",
        "VAR_DIR": str(place),
        "DATABASE_URL": database,
    }
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=PROJECT, env=environment, text=True, capture_output=True, check=False)


def test_the_command(former: Path, tmp_path: Path) -> None:
    own = f"sqlite:///{tmp_path / 'own.sqlite3'}"
    assert run(own, tmp_path, "migrate").returncode == 0
    said = run(own, tmp_path, "movedatabase", f"sqlite:///{former}")
    assert said.returncode == 0, said.stderr
    assert "1 accounts.Person" in said.stdout
    nowhere = run(own, tmp_path, "movedatabase", f"sqlite:///{tmp_path / 'nowhere'}")
    assert nowhere.returncode == 1
    assert "CommandError: There is no " in nowhere.stderr
    assert not (tmp_path / "nowhere").exists()
    assert "names" in run(own, tmp_path, "movedatabase", own).stderr
