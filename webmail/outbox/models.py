"""A message on its way out, and what was said to each of its recipients.

In clear is what the machine needs: whose it is, its Message-ID, state and times, and the codes of answers. Text,
subject, addresses, the server's words and credentials are sealed, and but for the answers gone when it is done.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Outgoing(models.Model):
    """One row a Message-ID, for as long as somebody may press Send again on a form that holds it.

    `steps` are those still to do after the outcome, apart by spaces ("file mark tidy collect", or "keep").
    `next_try` is when the worker may take it up, None where nothing is left that it could do by itself.
    `file` names the sealed octets of the message, `size` of them. `reason` says what keeps it from going on (see
    `Entry`). `lease`, `lease_until`: who works on it now.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("waits")
        SUBMITTING = "submitting", _("being handed in")
        HANDED_OVER = "handed_over", _("content on its way")
        ACCEPTED = "accepted", _("accepted")
        FILED = "filed", _("filed")
        DONE = "done", _("done")
        REFUSED = "refused", _("refused")
        UNKNOWN = "unknown", _("unknown")
        CANCELLED = "cancelled", _("taken back")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="outgoing")
    message_id = models.CharField("Message-ID", max_length=255)
    state = models.CharField(_("state"), max_length=11, choices=State, default=State.QUEUED)
    reason = models.CharField(_("reason"), max_length=20, blank=True)
    scheduled = models.BooleanField(_("to be sent later"), default=False)
    created = models.DateTimeField(_("written"))
    not_before = models.DateTimeField(_("not before"))
    next_try = models.DateTimeField(_("next try"), null=True)
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    finished = models.DateTimeField(_("finished"), null=True)
    dismissed = models.BooleanField(_("no longer shown"), default=False)
    steps = models.CharField(max_length=40, blank=True)
    lease = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True)
    fingerprint = models.CharField(max_length=64)
    file = models.CharField(max_length=32, blank=True)
    size = models.PositiveBigIntegerField(_("size"), default=0)
    letter = models.TextField(blank=True)
    credentials = models.TextField(blank=True)
    credentials_until = models.DateTimeField(null=True)
    notes = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["person", "message_id"], name="one_mail_a_message_id"),
        )
        indexes = (
            models.Index(fields=["next_try"], name="outgoing_due", condition=~Q(next_try=None)),
            models.Index(fields=["person", "-created"], name="outgoing_list"),
        )
        verbose_name = _("outgoing message")
        verbose_name_plural = _("outgoing messages")

    def __str__(self) -> str:
        return self.message_id


class Delivery(models.Model):
    """What the server said to one recipient. `words` holds the address and the server's text, sealed."""

    outgoing = models.ForeignKey(Outgoing, models.CASCADE, related_name="deliveries")
    position = models.PositiveIntegerField(default=0)
    accepted = models.BooleanField(_("accepted"))
    code = models.PositiveSmallIntegerField(_("code"))
    enhanced = models.CharField(_("enhanced code"), max_length=11, blank=True)
    words = models.TextField()

    class Meta:
        ordering = ("position",)
        verbose_name = _("recipient's answer")
        verbose_name_plural = _("recipients' answers")

    def __str__(self) -> str:
        return f"{self.code} {self.enhanced}".strip()
