"""`manage.py movedatabase URL`: everything from the database at URL into that of DATABASE_URL."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import environ
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connections

from webmail.upkeep.moving import MoveRefusedError, move

SOURCE = "former"


class Command(BaseCommand):
    help = (
        "Copies everything from another database, such as sqlite:////var/lib/ekorn/ekorn.sqlite3, into the empty one "
        "that DATABASE_URL names. Run migrate there first, and stop the program. The former one is not changed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("url", help="the former database, written as DATABASE_URL is")

    def handle(self, *_: Any, **options: Any) -> None:
        former = environ.Env.db_url_config(options["url"])
        own = settings.DATABASES["default"]
        if (former["ENGINE"], former["NAME"], former["HOST"]) == (
            own["ENGINE"],
            str(own["NAME"]),
            own["HOST"],
        ):
            raise CommandError("That is the database that DATABASE_URL names.")
        if former["ENGINE"].endswith("sqlite3") and not Path(former["NAME"]).is_file():
            raise CommandError(f"There is no {former['NAME']}.")
        connections.databases[SOURCE] = connections.databases["default"] | {"OPTIONS": {}} | former
        if former["ENGINE"].endswith("sqlite3"):
            connections.databases[SOURCE]["OPTIONS"] = {"transaction_mode": "IMMEDIATE", "timeout": 10}
        count = 0
        try:
            for what, rows in move(source=SOURCE, target="default"):
                count += rows
                if rows:
                    self.stdout.write(f"{rows:>8} {what}")
        except MoveRefusedError as error:
            raise CommandError(str(error)) from error
        except (DatabaseError, ValueError) as error:
            raise CommandError(f"Nothing was moved: {error}") from error
        finally:
            connections[SOURCE].close()
        self.stdout.write(
            f"{count} rows are in the database that DATABASE_URL names. The former one is as it was."
        )
