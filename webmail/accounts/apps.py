from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "webmail.accounts"
    label = "accounts"

    def ready(self) -> None:
        from webmail.metrics import watch

        from . import blocking, checks, checks_sending, readings  # noqa: F401  (registers them)

        watch("pool", readings.pool_readings)
        watch("streams", readings.stream_readings)
