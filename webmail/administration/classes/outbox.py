"""The outbox: states, times and counts. No subject, no text, and of recipients only how many there are: whoever runs
the service needs to know that mail is stuck and why, not whom somebody writes to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from webmail.outbox import steering
from webmail.outbox.errors import TooLateError
from webmail.outbox.models import Outgoing
from webmail.outbox.sealing import open_notes

from ..site import site
from .base import Shown, mark

REASONS = {
    "sender": _("the sender may not send"),
    "expired": _("the credentials kept for it ran out"),
    "gave-up": _("tried for hours in vain"),
    "fault": _("its sealed content can't be opened here"),
    "quota": _("sent; the mailbox is full, so no copy in Sent yet"),
    "server": _("sent; the mail server is away, so no copy in Sent yet"),
    "access": _("sent; waits for the person to sign in"),
    "lost": _("the connection broke after it was handed over"),
    "stopped": _("stopped by an administrator"),
}


@admin.register(Outgoing, site=site)
class OutgoingAdmin(Shown):
    list_display = ("number", "person", "status", "reason_words", "created", "next_try", "attempts")
    list_filter = ("state", "scheduled", "created")
    list_select_related = ("person",)
    search_fields = ("person__username", "message_id__exact")
    search_help_text = _("Sign-in name, or a whole Message-ID.")
    ordering = ("-created",)
    date_hierarchy = "created"
    actions = ("retry", "cancel")
    fields = (
        "person",
        "status",
        "reason_words",
        "message_id",
        "recipients",
        "answers",
        "size",
        "created",
        "scheduled",
        "not_before",
        "next_try",
        "attempts",
        "finished",
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Outgoing]:
        return super().get_queryset(request).defer("letter", "credentials", "fingerprint", "lease")

    @admin.display(description=_("number"), ordering="pk")
    def number(self, row: Outgoing) -> int:
        return row.pk

    @admin.display(description=_("state"), ordering="state")
    def status(self, row: Outgoing) -> Any:
        kind = {"done": "good", "accepted": "good", "filed": "good", "refused": "bad", "unknown": "bad"}
        return mark(row.get_state_display(), kind.get(row.state, ""))

    @admin.display(description=_("reason"), ordering="reason")
    def reason_words(self, row: Outgoing) -> Any:
        return REASONS.get(row.reason, row.reason) or self.get_empty_value_display()

    @admin.display(description=_("recipients"))
    def recipients(self, row: Outgoing) -> Any:
        """Only their number leaves what is sealed."""
        return len(open_notes(row).to) or self.get_empty_value_display()

    @admin.display(description=_("answers of the server"))
    def answers(self, row: Outgoing) -> Any:
        found = row.deliveries.aggregate(
            taken=Count("pk", filter=Q(accepted=True)), refused=Count("pk", filter=Q(accepted=False))
        )
        if not found["taken"] and not found["refused"]:
            return self.get_empty_value_display()
        return _("%(taken)s accepted, %(refused)s refused") % found

    @admin.action(description=_("Try again now"), permissions=["steer"])
    def retry(self, request: HttpRequest, queryset: QuerySet[Outgoing]) -> None:
        self._each(request, queryset, steering.retry_now, "Tried again.")

    @admin.action(description=_("Cancel: back to the person's drafts"), permissions=["steer"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Outgoing]) -> None:
        self._each(request, queryset, steering.cancel, "Cancelled.")

    def _each(
        self, request: HttpRequest, rows: QuerySet[Outgoing], do: Callable[..., None], said: str
    ) -> None:
        done = late = 0
        for row in rows:
            try:
                do(pk=row.pk)
            except TooLateError:
                late += 1
            else:
                self.log_change(request, row, said)
                done += 1
        words = ngettext("Done for %(count)s message.", "Done for %(count)s messages.", done)
        if done:
            self.message_user(request, words % {"count": done}, messages.SUCCESS)
        if late:
            words = ngettext(
                "%(count)s message is past that: it went its way, or waits for its time or its person.",
                "%(count)s messages are past that: they went their way, or wait for their time or their person.",
                late,
            )
            self.message_user(request, words % {"count": late}, messages.WARNING)
