"""Something that was done to messages in one sign-in, and how far it came."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Deed(models.Model):
    """`kind` and `target` say what was done (see `webmail.mailbox.filing.Order`), `sources` how many folders it was
    done in, `source` the first of them.

    `total` messages were meant. `done` of them it was done to so far, `missing` were not there any more, `marked`
    could only be marked as deleted, `undone` were brought back. `steps` take it back, `left` is still to do; both
    as `webmail.journal.step` writes them. `touched` is the last sign of life of whoever works on it; `reason` says
    why it broke off.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("under way")
        DONE = "done", _("done")
        STOPPED = "stopped", _("stopped")
        BROKEN = "broken", _("broken off")
        UNDOING = "undoing", _("being taken back")
        UNDONE = "undone", _("taken back")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="deeds")
    sign_in = models.CharField(_("sign-in"), max_length=64)
    kind = models.CharField(_("kind"), max_length=10)
    target = models.TextField(_("target"), blank=True)
    source = models.TextField(_("folder"), blank=True)
    sources = models.PositiveIntegerField(_("folders"), default=1)
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.RUNNING)
    reason = models.CharField(_("reason"), max_length=20, blank=True)
    created = models.DateTimeField(_("begun"), auto_now_add=True)
    touched = models.DateTimeField(_("last sign of life"), auto_now_add=True)
    total = models.PositiveIntegerField(_("messages meant"), default=0)
    done = models.PositiveIntegerField(_("messages done"), default=0)
    missing = models.PositiveIntegerField(_("messages missing"), default=0)
    marked = models.PositiveIntegerField(_("messages only marked"), default=0)
    undone = models.PositiveIntegerField(_("messages brought back"), default=0)
    steps = models.TextField(blank=True)
    left = models.TextField(blank=True)

    class Meta:
        indexes = (models.Index(fields=["person", "sign_in", "-created"], name="deeds_of_sign_in"),)
        verbose_name = _("deed")
        verbose_name_plural = _("deeds")

    def __str__(self) -> str:
        return f"{self.kind} {self.done}/{self.total}"
