"""What an answer says of the message it answers, in the writer's language."""

from __future__ import annotations

from django.utils.translation import gettext as _

from webmail.mail.address import Mailbox
from webmail.mail.compose import format_recipients
from webmail.mail.reply import Original
from webmail.mailbox.writing import Words

from .dates import calendar_of_now


def words_of_now() -> Words:
    return Words(
        attribution=attribution,
        fields=fields,
        title=_("Forwarded message"),
        cut=_("[… the rest is left out]"),
    )


def attribution(original: Original) -> str:
    name = original.from_[0].display if original.from_ else _("somebody")
    if original.date is None:
        return _("{name} wrote:").format(name=name)
    # Translators: as "Sunday 22 November 2026, 09:41, Kari Nes wrote:".
    return _("{date}, {name} wrote:").format(date=calendar_of_now().full(original.date), name=name)


def fields(original: Original) -> tuple[tuple[str, str], ...]:
    """Those that there are, by name."""
    date = calendar_of_now().full(original.date) if original.date else ""
    found = (
        (_("From"), _people(original.from_)),
        (_("Date"), date),
        (_("Subject"), original.subject),
        (_("To"), _people(original.to)),
        (_("Cc"), _people(original.cc)),
    )
    return tuple((name, value) for name, value in found if value)


def _people(people: tuple[Mailbox, ...]) -> str:
    return format_recipients(people)
