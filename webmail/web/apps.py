from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "webmail.web"
    label = "web"

    def ready(self) -> None:
        from django.conf import settings

        from webmail.metrics.slow import SLOW

        SLOW.request, SLOW.imap = settings.SLOW_REQUEST_SECONDS, settings.SLOW_IMAP_SECONDS
