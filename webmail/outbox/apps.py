from django.apps import AppConfig
from django.conf import settings


class OutboxConfig(AppConfig):
    name = "webmail.outbox"
    label = "outbox"

    def ready(self) -> None:
        from webmail.metrics import watch

        from .readings import outbox_readings

        watch("outbox", outbox_readings, costly=True)


def start_worker() -> None:
    """In a process that serves pages: sends what is due, where no other program does."""
    if settings.OUTBOX_WORKER == "inside":
        from .worker import start_inside

        start_inside()
