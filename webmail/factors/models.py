"""What somebody proves themselves with, beside the password."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

NAME = 60


class Authenticator(models.Model):
    """An app that shows a code every half minute (TOTP, RFC 6238). Counts once a first code was right: `confirmed`.

    `sealed` is its secret under the server's key, `last_step` the newest half minute whose code was taken.
    """

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="authenticator")
    sealed = models.TextField()
    last_step = models.BigIntegerField(default=0)
    made = models.DateTimeField(_("set up"), auto_now_add=True)
    confirmed = models.DateTimeField(_("confirmed"), null=True, blank=True)

    class Meta:
        verbose_name = _("authenticator app")
        verbose_name_plural = _("authenticator apps")

    def __str__(self) -> str:
        return str(self.person)


class Passkey(models.Model):
    """`credential` is WebAuthn's attested credential data (its id and public key), `host` the name of this service
    that it was made for: browsers use it nowhere else."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="passkeys")
    name = models.CharField(_("name"), max_length=NAME)
    host = models.CharField(_("host"), max_length=253)
    # WebAuthn allows ids of 1,023 octets; this is their base64url.
    credential_id = models.CharField(max_length=1364, unique=True)
    credential = models.BinaryField()
    sign_count = models.BigIntegerField(default=0)
    made = models.DateTimeField(_("made"), auto_now_add=True)
    used = models.DateTimeField(_("last used"), null=True, blank=True)

    class Meta:
        ordering = ("made", "pk")
        verbose_name = _("passkey")
        verbose_name_plural = _("passkeys")

    def __str__(self) -> str:
        return self.name


class RecoveryCode(models.Model):
    """`digest` is all that is kept of it."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    made = models.DateTimeField(_("made"), auto_now_add=True)
    used = models.DateTimeField(_("used"), null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["person", "digest"], name="one_recovery_code"),)
        verbose_name = _("recovery code")
        verbose_name_plural = _("recovery codes")

    def __str__(self) -> str:
        return str(self.pk)


class WrongCodes(models.Model):
    """How many in a row, and when the last: see `tries`."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="wrong_codes")
    count = models.PositiveIntegerField(_("wrong codes in a row"), default=0)
    last = models.DateTimeField(_("the last"))

    class Meta:
        verbose_name = _("wrong codes")
        verbose_name_plural = _("wrong codes")

    def __str__(self) -> str:
        return f"{self.person}: {self.count}"
