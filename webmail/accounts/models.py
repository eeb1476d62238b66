"""A person is whoever the mail server once said yes to. No password of theirs is kept here."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin, UserManager
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class Person(AbstractBaseUser, PermissionsMixin):
    class Theme(models.TextChoices):
        AUTO = "auto", _("As the device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    class Density(models.TextChoices):
        COMFORTABLE = "comfortable", _("Comfortable")
        COMPACT = "compact", _("Compact")

    class Prefer(models.TextChoices):
        HTML = "html", _("As designed by the sender")
        TEXT = "text", _("Plain text")

    username = models.CharField(_("sign-in name"), max_length=254, unique=True)
    is_staff = models.BooleanField(_("may sign in to the admin"), default=False)
    is_active = models.BooleanField(_("may sign in"), default=True)
    date_joined = models.DateTimeField(_("first sign-in"), auto_now_add=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    theme = models.CharField(_("theme"), max_length=10, choices=Theme, default=Theme.AUTO)
    density = models.CharField(_("density"), max_length=12, choices=Density, default=Density.COMFORTABLE)
    page_size = models.PositiveSmallIntegerField(
        _("messages on a page"), default=50, validators=[MinValueValidator(10), MaxValueValidator(200)]
    )
    prefer = models.CharField(_("show messages"), max_length=4, choices=Prefer, default=Prefer.HTML)
    keys = models.BooleanField(_("keyboard shortcuts"), default=True)

    objects = UserManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "username"

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.username


class TrustedSender(models.Model):
    """Somebody whose remote pictures this person always wants to see."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="trusted_senders")
    address = models.CharField(_("address"), max_length=320)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["person", "address"], name="one_trust_an_address"),)
        verbose_name = _("trusted sender")
        verbose_name_plural = _("trusted senders")

    def __str__(self) -> str:
        return self.address
