"""What stands in the way of a message, and what is worth asking, in words."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from webmail.mail.compose import parse_recipients
from webmail.mailbox.errors import (
    AttachmentsGoneError,
    MailServerError,
    QuotaError,
    TooLargeError,
    UploadQuotaError,
    WritingError,
)
from webmail.mailbox.writing import Composition, Problem

from .presentation import size_label

# Where the page has another name for a field of the composition.
_PLACES = {"attachments": "files", "from_": "identity", "html": "text"}


def place_of(problem: Problem) -> str:
    return _PLACES.get(problem.field, problem.field)


def problem_words(problem: Problem) -> str:
    match problem.code:
        case "bad-address":
            return address_words(problem.piece, problem.detail)
        case "nobody":
            return nobody_words()
        case "too-many":
            return too_many_people_words(problem.limit)
        case "too-large":
            return _("The files are more than {size} together. Remove some of them.").format(
                size=size_label(problem.limit)
            )
        case "too-large-for-server":
            return _("The mail server takes {size} at most. Remove some of the files.").format(
                size=size_label(problem.limit)
            )
        case "sender":
            return _("You can't write as this address any more. Choose another.")
        case "gone":
            return gone_words(problem.piece)
    return _("This can't be sent as it is.")


def nobody_words() -> str:
    return _("Who is it for? Write at least one address.")


def too_many_people_words(limit: int) -> str:
    return ngettext(
        "A message may go to {count} person at most.", "A message may go to {count} people at most.", limit
    ).format(count=limit)


def address_words(piece: str, code: str) -> str:
    match code:
        case "no-at":
            text = _("“{piece}” is not an address: it has no @.")
        case "no-name":
            text = _("“{piece}” is not an address: nothing stands before the @.")
        case "no-domain":
            text = _("“{piece}” is not an address: nothing stands after the @.")
        case "too-long":
            text = _("“{piece}” is too long for an address.")
        case "too-many":
            return _("These are more addresses than a message can have.")
        case _:
            text = _("“{piece}” is not an address: it holds characters that none can have.")
    return text.format(piece=piece)


def hint_words(code: str, composition: Composition) -> str:
    """For the codes of `webmail.mail.hints`."""
    match code:
        case "attachment":
            return _("You wrote of an attachment, but nothing is attached.")
        case "subject":
            return _("There is no subject.")
        case "many-visible":
            count = len(parse_recipients(f"{composition.to}, {composition.cc}").mailboxes)
            return ngettext(
                "{count} person will see the address of all others. Bcc hides them.",
                "{count} people will see each other's addresses. Bcc hides them.",
                count,
            ).format(count=count)
        case "list-all":
            return _("Your answer goes to everybody on the mailing list.")
    return _("It goes to another address than the one that wrote to you.")


def writing_words(error: WritingError) -> str:
    """Why files could not be kept."""
    match error:
        case UploadQuotaError():
            return _(
                "You have too many files waiting in other messages. Send or throw away some of them first."
            )
        case TooLargeError(limit=limit):
            return _("The files are more than {size} together. Remove some of them.").format(
                size=size_label(limit)
            )
        case AttachmentsGoneError(names=names):
            return _("Not here any more: {names}. Remove them, or attach them again.").format(
                names=", ".join(names)
            )
    return _("That is more than can be done at once.")


def server_words(fault: MailServerError, *, sending: bool) -> str:
    """What happened, what was kept, what to do: `sending` or saving."""
    kept = _("Nothing was sent.") if sending else _("It was not saved.")
    match fault:
        case QuotaError():
            why = _("Your mailbox is full.")
        case MailServerError(reason="busy"):
            why = _("The mail server has too much to do just now.")
        case MailServerError(reason="tls"):
            why = _("The secure connection to the mail server could not be made.")
        case MailServerError(reason="timeout"):
            why = _("The mail server takes too long.")
        case MailServerError(reason="refused"):
            why = _("The mail server refused.")
        case _:
            why = _("The mail server is not answering.")
    return f"{why} {kept} " + _("All that you wrote is here.")


def saved_words(moment: datetime) -> str:
    return _("Saved at {time}").format(time=f"{moment:%H:%M}")


def conflict_words() -> str:
    return _("This message was also saved in another window or program. Both are in Drafts.")


def gone_words(name: str) -> str:
    return _("{name} is not here any more. Remove it, or attach it again.").format(name=name)


def file_words(name: str, error: WritingError) -> str:
    return _("{name} was not attached.").format(name=name) + " " + writing_words(error)


def when_words(typed: str) -> str:
    return _("This time has passed.") if typed else _("When shall it be sent?")


def too_many_words(limit: int, again_at: datetime) -> str:
    return f"{too_many_messages_words(limit, again_at)} {_('This one is in Drafts.')}"


def too_many_messages_words(limit: int, again_at: datetime) -> str:
    sent = ngettext(
        "You have sent {count} message in the last hour, which is as many as may be.",
        "You have sent {count} messages in the last hour, which is as many as may be.",
        limit,
    ).format(count=limit)
    again = _("The next can go at {time}.").format(time=f"{timezone.localtime(again_at):%H:%M}")
    return f"{sent} {again}"


def signed_out_words() -> str:
    return _("You are signed out.")
