from django.apps import AppConfig


class DomainsConfig(AppConfig):
    name = "webmail.domains"
    label = "domains"

    def ready(self) -> None:
        from . import checks, following  # noqa: F401  (registers them)
