from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SigninsConfig(AppConfig):
    name = "webmail.signins"
    label = "signins"
    verbose_name = _("sign-ins")

    def ready(self) -> None:
        from . import checks  # noqa: F401  (registers them)
