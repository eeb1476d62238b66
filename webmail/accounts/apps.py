from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "webmail.accounts"
    label = "accounts"

    def ready(self) -> None:
        from webmail.metrics import watch

        from . import blocking, checks, checks_sending, checks_unsafe, ending, readings  # noqa: F401  (registers them)

        watch("pool", readings.pool_readings)
        watch("streams", readings.stream_readings)


def follow_endings() -> None:
    """In a process that serves pages: what another process ended does not stay open here."""
    from .ending import follow

    follow()
