from django.apps import AppConfig
from django.conf import settings
from django.contrib.admin.apps import SimpleAdminConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AdministrationConfig(AppConfig):
    default = True
    name = "webmail.administration"
    label = "administration"
    verbose_name = _("This service")

    def ready(self) -> None:
        from . import classes  # noqa: F401  (registers them)
        from .roles import make_roles

        post_migrate.connect(make_roles, sender=self)


class DjangoAdminConfig(SimpleAdminConfig):
    """Django's own, without a look for `admin` modules: ours registers what it shows."""

    default_site = "webmail.administration.site.Administration"


def start_reporting() -> None:
    """In a process that serves pages: tells the admin how it is."""
    if settings.ADMIN:
        from .reporting import start

        start()
