"""`manage.py cleanup`: for a timer. Says what it forgot."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from webmail.upkeep.cleaning import clean


class Command(BaseCommand):
    help = "Forgets what has run out: sessions, old records, files that nobody sends any more."

    def handle(self, *_: Any, **options: Any) -> None:
        for what, count in clean():
            if count or options["verbosity"] > 1:
                self.stdout.write(f"{count:>8} {what}")
