"""A person is whoever the mail server once said yes to. No password of theirs is kept here."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin, UserManager
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class PersonManager(UserManager["Person"]):
    """For `manage.py createsuperuser`: whoever administers has a password here, and needs no address."""

    def create_user(  # type: ignore[override]  # without an address
        self, username: str, *, password: str | None = None, **fields: Any
    ) -> Person:
        person = self.model(username=self.model.normalize_username(username), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(  # type: ignore[override]  # without an address
        self, username: str, *, password: str | None = None, **fields: Any
    ) -> Person:
        return self.create_user(username, password=password, is_staff=True, is_superuser=True, **fields)


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

    class Format(models.TextChoices):
        RICH = "rich", _("Formatted text")
        PLAIN = "plain", _("Plain text")

    class QuotePosition(models.TextChoices):
        ABOVE = "above", _("Above the quote")
        BELOW = "below", _("Below the quote")

    class ArchiveBy(models.TextChoices):
        FOLDER = "folder", _("In one folder")
        YEAR = "year", _("In a folder for each year")

    class AfterFiling(models.TextChoices):
        NEXT = "next", _("Show the next message")
        LIST = "list", _("Go back to the list")

    class AnswerReceipts(models.TextChoices):
        ASK = "ask", _("Ask me")
        NEVER = "never", _("Never")

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
    # What came later has its default in the database too, for the former version may run while this one starts.
    compose = models.CharField(
        _("write messages as"), max_length=5, choices=Format, default=Format.RICH, db_default="rich"
    )
    undo_seconds = models.PositiveSmallIntegerField(
        _("seconds to undo a sending"), default=5, db_default=5, validators=[MaxValueValidator(60)]
    )
    quote = models.BooleanField(_("quote the message in a reply"), default=True, db_default=True)
    quote_position = models.CharField(
        _("write replies"),
        max_length=5,
        choices=QuotePosition,
        default=QuotePosition.ABOVE,
        db_default="above",
    )
    signature_on_reply = models.BooleanField(
        _("signature in replies and forwards"), default=True, db_default=True
    )
    signature_above_quote = models.BooleanField(
        _("signature above the quoted message"), default=True, db_default=True
    )
    request_receipts = models.BooleanField(_("ask for read receipts"), default=False, db_default=False)
    answer_receipts = models.CharField(
        _("when a read receipt is asked for"),
        max_length=5,
        choices=AnswerReceipts,
        default=AnswerReceipts.ASK,
        db_default="ask",
    )
    save_sent = models.BooleanField(_("keep a copy of what is sent"), default=True, db_default=True)
    collect_recipients = models.BooleanField(_("remember recipients"), default=True, db_default=True)
    refresh_minutes = models.PositiveSmallIntegerField(
        _("minutes after which a list looks for new mail, without script"),
        default=5,
        db_default=5,
        validators=[MaxValueValidator(60)],
    )
    spell_language = models.CharField(
        _("language of the spell check"), max_length=10, blank=True, default="", db_default=""
    )
    # Names of folders: `webmail.accounts.threaded` is the way to it.
    threaded = models.JSONField(
        _("folders shown as threads"),
        default=list,
        db_default=models.Value([], models.JSONField()),
        blank=True,
    )
    archive_by = models.CharField(
        _("archive"), max_length=6, choices=ArchiveBy, default=ArchiveBy.FOLDER, db_default="folder"
    )
    after_filing = models.CharField(
        _("after a message was filed"),
        max_length=4,
        choices=AfterFiling,
        default=AfterFiling.NEXT,
        db_default="next",
    )
    # [[keyword, name, colour], …]: `webmail.accounts.labels` is the way to it.
    labels = models.JSONField(
        _("labels"), default=list, db_default=models.Value([], models.JSONField()), blank=True
    )

    # [[key, name, folder, query], …]: `webmail.accounts.searches` is the way to it.
    searches = models.JSONField(
        _("saved searches"), default=list, db_default=models.Value([], models.JSONField()), blank=True
    )

    # `webmail.accounts.folder_choices` is the way to it.
    folder_choices = models.JSONField(
        _("folders"), default=dict, db_default=models.Value({}, models.JSONField()), blank=True
    )
    conversations = models.BooleanField(_("show conversations"), default=True, db_default=True)

    objects = PersonManager()
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


class Identity(models.Model):
    """A name and an address that a person writes as. `webmail.accounts.identities` is the way to it."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="identities")
    name = models.CharField(_("name"), max_length=200, blank=True)
    address = models.CharField(_("address"), max_length=320)
    reply_to = models.CharField(_("replies go to"), max_length=1000, blank=True)
    bcc = models.CharField(_("blind copy to"), max_length=1000, blank=True)
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    signature_plain = models.TextField(_("signature"), blank=True)
    signature_rich = models.TextField(_("formatted signature"), blank=True)
    sent_folder = models.CharField(_("folder for sent messages"), max_length=1000, blank=True)
    is_default = models.BooleanField(_("default"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(is_default=True), name="one_default_identity"
            ),
        )
        ordering = ("position", "pk")
        verbose_name = _("identity")
        verbose_name_plural = _("identities")

    def __str__(self) -> str:
        return self.address
