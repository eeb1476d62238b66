from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "webmail.accounts"
    label = "accounts"

    def ready(self) -> None:
        from . import blocking, checks, checks_sending  # noqa: F401  (registers them)
