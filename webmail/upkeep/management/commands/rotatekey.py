"""`manage.py rotatekey`: a new key for what is sealed, in steps between which nothing stops working."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from webmail.upkeep import keys, rotating

RELOAD = "Now let all read it (systemctl reload 'ekorn@*.service'; systemctl try-restart ekorn-outbox)"


class Command(BaseCommand):
    help = (
        "1. --add FILE writes a new key into CREDENTIAL_KEYS there, so that all learn it. 2. --use FILE puts it first. "
        "3. Without any of these it seals everything anew with the first key. 4. --remove FILE takes out those that "
        "nothing needs any more. Reload after each change."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        steps = parser.add_mutually_exclusive_group()
        for step in ("add", "use", "remove"):
            steps.add_argument(f"--{step}", metavar="FILE", type=Path, help="such as .env")

    def handle(self, *_: Any, **options: Any) -> None:
        try:
            if place := options["add"]:
                self.stdout.write(f"{keys.add(place)} is in {place}, and not used yet.")
                self.stdout.write(f"{RELOAD}, then: manage.py rotatekey --use {place}")
            elif place := options["use"]:
                self.stdout.write(f"{keys.use(place)} comes first in {place}.")
                self.stdout.write(f"{RELOAD}, then: manage.py rotatekey")
            elif place := options["remove"]:
                removed = keys.remove(place, needed={need.key_id for need in rotating.needs() if need.total})
                self.stdout.write(f"Taken out: {', '.join(removed) or 'none, they are still needed'}.")
                if removed:
                    self.stdout.write(f"{RELOAD}.")
            else:
                self._seal_anew()
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error

    def _seal_anew(self) -> None:
        for what, done in rotating.seal_anew():
            self.stdout.write(f"{done.changed:>8} {what} sealed anew")
            if done.lost:
                lost = f"{done.lost:>8} {what} can't be opened with any key that is here"
                self.stdout.write(self.style.WARNING(lost))
        for need in rotating.needs():
            if need.total:
                self.stdout.write(f"{need.key_id}: still needed by {need}")
            else:
                self.stdout.write(f"{need.key_id}: not needed any more: manage.py rotatekey --remove FILE")
