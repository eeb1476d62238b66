from django.apps import AppConfig
from django.contrib.admin.apps import SimpleAdminConfig
from django.utils.translation import gettext_lazy as _


class AdministrationConfig(AppConfig):
    name = "webmail.administration"
    label = "administration"
    verbose_name = _("This service")

    def ready(self) -> None:
        from . import classes  # noqa: F401  (registers them)


class DjangoAdminConfig(SimpleAdminConfig):
    """Django's own, without a look for `admin` modules: ours registers what it shows."""

    default_site = "webmail.administration.site.Administration"
