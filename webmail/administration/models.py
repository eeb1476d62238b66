"""What instances say of themselves, for the admin: numbers and whose they are, no secret, no mail."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Instance(models.Model):
    """A running process that serves pages, as it last said."""

    name = models.CharField(_("instance"), max_length=120, unique=True)
    started = models.DateTimeField(_("started"))
    seen = models.DateTimeField(_("last sign of life"))
    people = models.PositiveIntegerField(_("people"), default=0)
    connections = models.PositiveIntegerField(_("connections"), default=0)
    borrowed = models.PositiveIntegerField(_("in use"), default=0)
    waiting = models.PositiveIntegerField(_("waiting"), default=0)
    streams = models.PositiveIntegerField(_("live pages"), default=0)

    class Meta:
        ordering = ("name",)
        verbose_name = _("instance")
        verbose_name_plural = _("live pool")
        permissions = (
            ("unlock", "Can unblock, end sessions, lift lock-outs and reset second factors"),
            ("block", "Can block people"),
            ("export", "Can export people's data"),
            ("steer", "Can retry and cancel what is in the outbox"),
        )

    def __str__(self) -> str:
        return self.name


class Holding(models.Model):
    """One person's connections in one instance. `idle_seconds`: since the last of them was used."""

    instance = models.ForeignKey(
        Instance, models.CASCADE, related_name="holdings", verbose_name=_("instance")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("person")
    )
    connections = models.PositiveSmallIntegerField(_("connections"), default=0)
    borrowed = models.PositiveSmallIntegerField(_("in use"), default=0)
    waiting = models.PositiveSmallIntegerField(_("waiting"), default=0)
    idle_seconds = models.PositiveIntegerField(_("unused for seconds"), null=True)

    class Meta:
        ordering = ("person", "instance")
        verbose_name = _("person's connections")
        verbose_name_plural = _("people's connections")

    def __str__(self) -> str:
        return f"{self.person_id} {self.instance_id}"


class Sample(models.Model):
    """One instance's figures in one minute, by the names of `webmail.metrics.snapshot`."""

    at = models.DateTimeField(_("minute"), db_index=True)
    instance = models.CharField(_("instance"), max_length=120)
    values = models.JSONField(default=dict)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["instance", "at"], name="one_sample_a_minute"),)
        verbose_name = _("sample")
        verbose_name_plural = _("samples")

    def __str__(self) -> str:
        return f"{self.instance} {self.at:%H:%M}"
