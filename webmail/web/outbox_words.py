"""The outbox in words: what happened, what was kept, what to do next."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from webmail.mailbox.pages import Folder
from webmail.outbox.entry import Answer, Entry

from .addresses import folder_address, message_address
from .dates import Calendar, calendar_of_now

MOST_NAMED = 3
# Milliseconds between looks, and after how many a page that nobody turns to stops.
LOOKS = 150
_SOON, _LATER, _SELDOM = 1_000, 3_000, 10_000
_ICONS = {
    "held": "send",
    "scheduled": "clock",
    "waiting": "hourglass",
    "going": "send",
    "sent": "check",
    "partly": "mail-warning",
    "refused": "mail-x",
    "unknown": "circle-question-mark",
    "cancelled": "undo-2",
}


@dataclass(frozen=True, slots=True)
class Action:
    """A button: `do` is the last part of its address."""

    do: str
    words: str
    main: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    address: str
    words: str
    main: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry as it stands on the page. `look` is in how many milliseconds to look again, 0 for never; `seconds`
    until it is sent, while that can be undone."""

    entry: Entry
    who: str
    status: str
    lines: tuple[str, ...]
    icon: str
    links: tuple[Link, ...]
    actions: tuple[Action, ...]
    look: int = 0
    seconds: int = 0
    at: str = ""
    at_full: str = ""
    at_field: str = ""
    bad: bool = False


def shown(entry: Entry, folders: tuple[Folder, ...] = (), *, looks: int = 0) -> Shown:
    calendar = calendar_of_now()
    now = timezone.now()
    seconds = math.ceil((entry.not_before - now).total_seconds()) if entry.phase == "held" else 0
    moment = entry.finished or entry.not_before
    return Shown(
        entry=entry,
        who=people(entry),
        status=status(entry, calendar, seconds),
        lines=tuple(_lines(entry, calendar)),
        icon=_ICONS[entry.phase],
        links=tuple(_links(entry, {folder.role: folder.name for folder in folders})),
        actions=tuple(_actions(entry)),
        look=_look(entry, now, looks),
        seconds=max(0, seconds),
        at=calendar.label(moment),
        at_full=calendar.full(moment),
        at_field=timezone.localtime(entry.not_before).strftime("%Y-%m-%dT%H:%M"),
        bad=entry.phase in ("partly", "refused", "unknown"),
    )


def people(entry: Entry) -> str:
    """`Kari, Ola, Anne and 3 more`."""
    named, rest = ", ".join(entry.to[:MOST_NAMED]), len(entry.to) - MOST_NAMED
    if rest <= 0:
        return named
    return ngettext("{people} and {count} more", "{people} and {count} more", rest).format(
        people=named, count=rest
    )


def status(entry: Entry, calendar: Calendar, seconds: int = 0) -> str:
    match entry.phase:
        case "held":
            # Translators: seconds, counted down.
            return _("Sending in {count} s").format(count=seconds)
        case "scheduled":
            return _("Will be sent {when}").format(when=calendar.full(entry.not_before))
        case "waiting":
            return _("Not sent yet: next try {when}").format(when=when(entry.next_try, calendar))
        case "going":
            return _("Being sent now")
        case "sent":
            return _("Sent")
        case "partly":
            return _("Sent, but not to everybody")
        case "refused":
            return _("Not sent")
        case "unknown":
            return _("Perhaps sent: nobody knows")
    return _("Taken back")


def when(moment: datetime | None, calendar: Calendar) -> str:
    """`14:05` today, else the date as well."""
    if moment is None:
        return ""
    local = calendar.local(moment)
    if local.date() != calendar.today:
        return calendar.full(moment)
    return _("at {time}").format(time=f"{local:%H:%M}")


def answer_words(answer: Answer) -> str:
    """`550 5.1.1 No such person here`."""
    return " ".join(part for part in (str(answer.code), answer.enhanced, answer.text) if part)


def _lines(entry: Entry, calendar: Calendar) -> Iterator[str]:
    if entry.again:
        yield _("You had sent this already. It was not sent a second time.")
    if entry.differs:
        yield _("It was another text then: what you have changed since was not sent.")
    match entry.phase:
        case "waiting":
            yield _waits(entry)
            yield from _said(entry)
            yield _("It is tried again for four hours. You can close the page.")
        case "partly":
            yield _("The mail server took it for some and refused the others.")
        case "refused":
            yield _refused(entry)
            yield from _said(entry)
            yield _kept(entry)
        case "unknown":
            yield _(
                "The connection broke after the message was handed over, and no answer came. It is never sent again"
                " by itself. Look in Sent, or ask whom you wrote to, before you send it again."
            )
            yield _kept(entry)
    if entry.copy_missing:
        yield _copy(entry, calendar)


def _said(entry: Entry) -> Iterator[str]:
    if entry.reply:
        yield _("The mail server said: {words}").format(words=answer_words(entry.reply))


def _waits(entry: Entry) -> str:
    match entry.reason:
        case "connect":
            return _("The mail server can't be reached just now.")
        case "tls":
            return _("No secure connection to the mail server could be made.")
        case "sign-in":
            return _("The mail server did not let us sign in just now.")
    return _("The mail server does not take it just now.")


def _refused(entry: Entry) -> str:
    match entry.reason:
        case "address":
            return _("One of the addresses can't be used.")
        case "sign-in":
            return _("The mail server did not take your name and password for sending.")
        case "tls":
            return _("No secure connection to the mail server could be made.")
        case "utf8":
            return _("The mail server can't send to addresses with letters such as “ø” before the “@”.")
        case "eight-bit":
            return _("The mail server can't pass on one of the attached messages as it is.")
        case "size":
            return _("The message is larger than the mail server takes.")
        case "sender":
            return _("The mail server does not let you write as {address}.").format(address=entry.sender)
        case "recipients":
            return _("The mail server refused everybody it was for.")
        case "expired":
            return _("It could not be sent in time, and by then your sign-in for it had ended.")
        case "gave-up":
            return _("It was tried for four hours in vain.")
        case "fault":
            return _("Something broke here. The fault is ours.")
        case "stopped":
            return _("Whoever runs this service has stopped it.")
    return _("The mail server refused the message.")


def _kept(entry: Entry) -> str:
    if entry.made:
        return _("Nothing else was changed. You can answer again where you did.")
    if entry.draft:
        return _("The text is in Drafts.")
    if entry.has_text:
        return _("The text is kept here, and will be put in Drafts as soon as that is possible.")
    return _("If it was saved while you wrote it, it is in Drafts.")


def _copy(entry: Entry, calendar: Calendar) -> str:
    match entry.reason:
        case "quota":
            why = _("No copy is in Sent yet, because your mailbox is full. Make room, then keep the copy.")
        case "":
            why = _("The copy for Sent is being made.")
        case _:
            why = _("No copy could be kept in Sent yet.")
    if entry.next_try:
        why += " " + _("Next try {when}.").format(when=when(entry.next_try, calendar))
    return _("Everybody got it, so don't send it again.") + " " + why if entry.reason else why


def _links(entry: Entry, folders: dict[str, str]) -> Iterator[Link]:
    place = entry.draft
    if place:
        address = message_address(place.folder, place.uid_validity, place.uid)
        yield Link(f"{address}edit/", _("Open the text"), main=entry.phase != "unknown")
    elif entry.phase in ("refused", "unknown") and "drafts" in folders:
        yield Link(folder_address(folders["drafts"]), _("Look in Drafts"))
    if entry.phase in ("sent", "partly", "unknown") and not entry.copy_missing and "sent" in folders:
        yield Link(folder_address(folders["sent"]), _("Look in Sent"), main=entry.phase == "unknown")


def _actions(entry: Entry) -> Iterator[Action]:
    match entry.phase:
        case "held":
            yield Action("undo", _("Undo"), main=True)
            yield Action("now", _("Send now"))
        case "scheduled" | "waiting":
            now = _("Send now") if entry.phase == "scheduled" else _("Try now")
            yield Action("now", now, main=entry.phase == "waiting")
            if not entry.made:
                yield Action("undo", _("Change"))
            yield Action("cancel", _("Don't send"))
        case "partly" if entry.has_text:
            yield Action("again", _("Write to those again"), main=True)
        case "refused" | "unknown" if entry.has_text and not entry.draft:
            yield Action("now", _("Put it in Drafts now"))
    if entry.copy_missing and entry.reason:
        yield Action("now", _("Keep the copy now"), main=True)
    if entry.final and (entry.draft or not entry.has_text or entry.phase == "partly"):
        yield Action("dismiss", _("Remove from this list"))


def _look(entry: Entry, now: datetime, looks: int) -> int:
    if looks >= LOOKS or entry.final:
        return 0
    if entry.phase in ("held", "scheduled", "waiting"):
        moment = entry.next_try or entry.not_before
        wait = int((moment - now).total_seconds() * 1000) + 500
        # What is far away is for the next page to show.
        return max(wait, _SOON) if wait < 120_000 else 0
    return _SOON if looks < 30 else _LATER if looks < 60 else _SELDOM
