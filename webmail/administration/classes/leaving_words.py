"""What a deletion takes with it, said before it is done."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from webmail.accounts.models import Person

from ..leaving import holdings_of


def what_goes(people: Sequence[Person]) -> list[str]:
    """A line for each."""
    held = holdings_of(people=people)
    counts = (
        ngettext(
            "%(count)s identity with its signature",
            "%(count)s identities with their signatures",
            held.identities,
        ),
        ngettext("%(count)s trusted sender", "%(count)s trusted senders", held.trusted_senders),
        ngettext("%(count)s contact", "%(count)s contacts", held.contacts),
        ngettext("%(count)s entry in the outbox", "%(count)s entries in the outbox", held.outgoing),
        ngettext("%(count)s session, which ends", "%(count)s sessions, which end", held.sessions),
        ngettext("%(count)s line of the sign-in log", "%(count)s lines of the sign-in log", held.sign_ins),
        ngettext(
            "%(count)s filing that could be undone", "%(count)s filings that could be undone", held.deeds
        ),
    )
    numbers = (
        held.identities,
        held.trusted_senders,
        held.contacts,
        held.outgoing,
        held.sessions,
        held.sign_ins,
        held.deeds,
    )
    lines = [person.username for person in people]
    lines.append(_("All preferences, saved searches, labels and group names"))
    lines += [words % {"count": number} for words, number in zip(counts, numbers, strict=True) if number]
    lines.append(_("Second factors, and files that were attached to unsent messages"))
    if held.waiting:
        words = ngettext(
            "%(count)s message that waits to be sent: it will never be sent",
            "%(count)s messages that wait to be sent: they will never be sent",
            held.waiting,
        )
        lines.append(words % {"count": held.waiting})
    return lines
