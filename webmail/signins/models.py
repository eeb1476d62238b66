"""Sessions, the sign-in log, what is counted of wrong passwords, and which sign-ins were ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from .store import SessionStore

LONGEST_NAME = 254
LONGEST_DEVICE = 60


class Kind(models.TextChoices):
    MAIL = "mail", _("mail")
    ADMIN = "admin", _("administration")


class Session(AbstractBaseSession):
    """`session_key` is a digest of what the browser's cookie holds (`webmail.signins.store`), so that it may be seen
    and opens nothing. Where nobody is signed in, `person` is empty."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="sessions",
        null=True,
        blank=True,
        verbose_name=_("person"),
    )
    kind = models.CharField(_("kind"), max_length=5, choices=Kind, default=Kind.MAIL)
    device = models.CharField(_("device"), max_length=LONGEST_DEVICE, blank=True)
    address = models.GenericIPAddressField(_("address"), null=True, blank=True)
    started = models.DateTimeField(_("signed in"), default=timezone.now)
    last_used = models.DateTimeField(_("last used"), default=timezone.now)

    class Meta(AbstractBaseSession.Meta):
        indexes = (models.Index(fields=["person", "-last_used"], name="sessions_of_person"),)

    def __str__(self) -> str:
        return f"{self.person}: {self.device}" if self.device else str(self.person)

    @classmethod
    def get_session_store_class(cls) -> type[SessionStore]:
        from .store import SessionStore

        return SessionStore


class SignInEvent(models.Model):
    """`account` is what was typed, as `webmail.signins.names.shown` writes it."""

    class Outcome(models.TextChoices):
        SUCCESS = "success", _("signed in")
        PASSWORD = "password", _("wrong name or password")
        FACTOR = "factor", _("wrong second factor")
        BLOCKED = "blocked", _("may not sign in")
        LOCKED = "locked", _("too many tries")
        SERVER = "server", _("mail server away")

    at = models.DateTimeField(_("when"), default=timezone.now, db_index=True)
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome)
    kind = models.CharField(_("kind"), max_length=5, choices=Kind, default=Kind.MAIL)
    account = models.CharField(_("sign-in name"), max_length=LONGEST_NAME, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="sign_ins",
        null=True,
        blank=True,
        verbose_name=_("person"),
    )
    address = models.GenericIPAddressField(_("address"), null=True, blank=True)
    device = models.CharField(_("device"), max_length=LONGEST_DEVICE, blank=True)

    class Meta:
        indexes = (models.Index(fields=["person", "-at"], name="sign_ins_of_person"),)
        ordering = ("-at", "-pk")
        verbose_name = _("sign-in")
        verbose_name_plural = _("sign-in log")

    def __str__(self) -> str:
        return f"{self.account} {self.get_outcome_display()}"


class Tries(models.Model):
    """Tries since `since` of one account, address, pair of both, or known device of an account, of which `key` is
    made: `failed` were wrong, `count` wrong or still under way. `lock_outs` is how often that was too many of late,
    `refused` how many were turned away since."""

    class Scope(models.TextChoices):
        BOTH = "both", _("account from an address")
        ACCOUNT = "account", _("account from anywhere")
        ADDRESS = "address", _("address")
        DEVICE = "device", _("account from a known device")

    key = models.CharField(max_length=64, unique=True)
    scope = models.CharField(_("of what"), max_length=7, choices=Scope)
    account = models.CharField(_("sign-in name"), max_length=LONGEST_NAME, blank=True)
    address = models.CharField(_("address"), max_length=50, blank=True)
    count = models.PositiveIntegerField(_("tries"), default=0)
    failed = models.PositiveIntegerField(_("wrong passwords"), default=0)
    since = models.DateTimeField(_("since"), default=timezone.now)
    lock_outs = models.PositiveSmallIntegerField(_("lock-outs of late"), default=0)
    locked_until = models.DateTimeField(_("locked until"), null=True, blank=True, db_index=True)
    refused = models.PositiveIntegerField(_("turned away"), default=0)
    touched = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("lock-out")
        verbose_name_plural = _("lock-outs")

    def __str__(self) -> str:
        return " ".join(filter(None, (self.account, self.address))) or self.get_scope_display()


class Ending(models.Model):
    """A sign-in to mail that was ended: `session` is its key, "" for all of the person's."""

    person_id = models.BigIntegerField()
    session = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        indexes = (models.Index(fields=["person_id", "session"], name="endings_of_person"),)

    def __str__(self) -> str:
        return f"{self.person_id} {self.at}"
