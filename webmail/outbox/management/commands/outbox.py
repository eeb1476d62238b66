"""Sends what is due, where OUTBOX_WORKER is "separate". Several may run, on several machines."""

from __future__ import annotations

import signal
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.utils import timezone

from webmail.metrics.serving import serve
from webmail.outbox.sweeping import sweep
from webmail.outbox.worker import Worker, take_due


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="send what is due now, then end")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        """Until SIGTERM or SIGINT; what was begun is finished first."""
        if options["once"]:
            take_due()
            sweep(timezone.now())
            return
        if settings.OUTBOX_METRICS_PORT:
            try:
                serve(settings.OUTBOX_METRICS_PORT, after=close_old_connections)
            except OSError:
                self.stderr.write("OUTBOX_METRICS_PORT is taken: this process tells no metrics.")
        worker = Worker(poll=1)

        def end(_signal: int, _frame: FrameType | None) -> None:
            worker.end()

        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, end)
        worker.run()
