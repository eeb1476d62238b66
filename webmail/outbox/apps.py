from django.apps import AppConfig
from django.conf import settings


class OutboxConfig(AppConfig):
    name = "webmail.outbox"
    label = "outbox"


def start_worker() -> None:
    """In a process that serves pages: sends what is due, where no other program does."""
    if settings.OUTBOX_WORKER == "inside":
        from .worker import start_inside

        start_inside()
