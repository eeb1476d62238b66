from django.apps import AppConfig


class DomainsConfig(AppConfig):
    name = "webmail.domains"
    label = "domains"

    def ready(self) -> None:
        from . import following  # noqa: F401  (registers it)
