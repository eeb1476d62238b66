"""The address book: people with several addresses, groups of them, and whom somebody once wrote to."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from . import limits
from .folding import SORT_OCTETS, address_key, fold, letter_of, sort_octets, words_of


class Contact(models.Model):
    """`letter`, `sort` and `words` follow from the rest: see `file`. One that was deleted waits a day for "undo"."""

    class Kind(models.TextChoices):
        SAVED = "saved", _("saved")
        COLLECTED = "collected", _("collected")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="contacts")
    kind = models.CharField(_("kind"), max_length=9, choices=Kind, default=Kind.SAVED)
    name = models.CharField(_("name"), max_length=limits.NAME, blank=True)
    organisation = models.CharField(_("organisation"), max_length=limits.ORGANISATION, blank=True)
    notes = models.TextField(_("notes"), max_length=limits.NOTES, blank=True)
    letter = models.CharField(max_length=4)
    sort = models.BinaryField(max_length=SORT_OCTETS)
    words = models.TextField()
    deleted_at = models.DateTimeField(_("deleted"), null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(
                fields=["person", "kind", "sort"], name="contact_list", condition=Q(deleted_at=None)
            ),
            models.Index(
                fields=["person", "kind", "letter"], name="contact_letters", condition=Q(deleted_at=None)
            ),
            models.Index(
                fields=["person", "deleted_at"], name="contact_deleted", condition=~Q(deleted_at=None)
            ),
        )
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")

    def __str__(self) -> str:
        return self.name or str(self.pk)

    def file(self, *addresses: str) -> None:
        """Where it stands in the list, and by what it is found."""
        shown = self.name or self.organisation or (addresses[0] if addresses else "")
        self.letter, self.sort = letter_of(shown), sort_octets(shown)
        self.words = words_of(self.name, self.organisation, *addresses, self.notes)


class Address(models.Model):
    """`rank` orders by use and recency: see `using.rank_after`."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="addresses")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    address = models.CharField(_("address"), max_length=limits.ADDRESS)
    key = models.CharField(max_length=limits.ADDRESS)
    label = models.CharField(_("label"), max_length=limits.LABEL, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    words = models.TextField()
    uses = models.PositiveIntegerField(_("times used"), default=0)
    last_used = models.DateTimeField(_("last used"), null=True, blank=True)
    rank = models.FloatField(default=0.0)

    class Meta:
        ordering = ("position", "pk")
        constraints = (models.UniqueConstraint(fields=["contact", "key"], name="address_once_a_contact"),)
        indexes = (
            models.Index(fields=["person", "key"], name="address_known"),
            models.Index(fields=["person", "-rank"], name="address_rank"),
        )
        verbose_name = _("address")
        verbose_name_plural = _("addresses")

    def __str__(self) -> str:
        return self.address

    def file(self, name: str) -> None:
        """Under this name."""
        self.key = address_key(self.address)
        self.words = words_of(name, self.address)


class Group(models.Model):
    """A name to write to many at once."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=limits.GROUP_NAME)
    folded = models.CharField(max_length=limits.GROUP_NAME)
    words = models.TextField()
    members = models.ManyToManyField(Contact, verbose_name=_("members"), related_name="groups", blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["person", "folded"], name="one_group_a_name"),)
        verbose_name = _("group")
        verbose_name_plural = _("groups")

    def __str__(self) -> str:
        return self.name

    def file(self) -> None:
        self.folded, self.words = fold(self.name)[: limits.GROUP_NAME], words_of(self.name)
