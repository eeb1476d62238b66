from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FactorsConfig(AppConfig):
    name = "webmail.factors"
    label = "factors"
    verbose_name = _("second factors")

    def ready(self) -> None:
        from . import checks  # noqa: F401  (registers them)
