"""What was done to messages, in words: how many, where they are now, what can be done about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from webmail.accounts.labels import labels_of
from webmail.accounts.models import Person
from webmail.journal import keeping
from webmail.journal.models import Deed
from webmail.mailbox import filing
from webmail.mailbox.pages import Folder

from .dates import calendar_of_now
from .presentation import count_label, folder_label

State = Deed.State
ICONS = {
    "archive": "archive",
    "junk": "octagon-alert",
    "notjunk": "inbox",
    "trash": "trash-2",
    "forever": "trash-2",
    "move": "folder-input",
    "copy": "copy",
    "seen": "mail-open",
    "unseen": "mail",
    "star": "star",
    "unstar": "star-off",
    "mute": "bell-off",
    "unmute": "bell",
    "label": "tag",
    "unlabel": "tag",
}
_MOVING = frozenset((*filing.ROLES, "move", "copy"))
# The answer to the last that was sent may be missing.
_UNHEARD = frozenset(("lost", "timeout", "down", "restart"))


@dataclass(frozen=True, slots=True)
class Shown:
    """A deed as it stands on the page. `percent` where it is under way; `can_undo`, `can_resume`, `can_stop`: which
    buttons it has. `bad`: it did not come to its end."""

    deed: Deed
    icon: str
    status: str
    lines: tuple[str, ...]
    can_undo: bool
    can_resume: bool
    can_stop: bool
    percent: int | None = None
    bad: bool = False
    at: str = ""
    at_full: str = ""


def shown(deed: Deed, folders: Iterable[Folder] = ()) -> Shown:
    calendar = calendar_of_now()
    alive = keeping.is_alive(deed)
    target = _target(deed, folders)
    return Shown(
        deed=deed,
        icon="undo-2" if deed.state in (State.UNDOING, State.UNDONE) else ICONS.get(deed.kind, "check"),
        status=_status(deed, target, alive=alive),
        lines=tuple(_lines(deed, alive=alive)),
        can_undo=filing.can_take_back(deed),
        can_resume=bool(deed.left) and not deed.undone and not alive and deed.state != State.UNDONE,
        can_stop=alive,
        percent=_percent(deed) if alive else None,
        bad=deed.state == State.BROKEN or (deed.state in (State.RUNNING, State.UNDOING) and not alive),
        at=calendar.label(deed.created),
        at_full=calendar.full(deed.created),
    )


def _percent(deed: Deed) -> int:
    far, whole = (
        (deed.undone, deed.done) if deed.state == State.UNDOING else (deed.done + deed.missing, deed.total)
    )
    return min(100, far * 100 // max(1, whole))


def _target(deed: Deed, folders: Iterable[Folder]) -> str:
    if deed.kind in ("label", "unlabel"):
        known = labels_of(person=deed.person) if isinstance(deed.person, Person) else ()
        return next((label.name for label in known if label.keyword == deed.target), deed.target)
    return next((folder_label(folder) for folder in folders if folder.name == deed.target), deed.target)


def _status(deed: Deed, target: str, *, alive: bool) -> str:
    if deed.state == State.UNDONE:
        return ngettext("Taken back: {count} message", "Taken back: {count} messages", deed.undone).format(
            count=count_label(deed.undone)
        )
    if alive and deed.state == State.UNDOING:
        return _("Taking back: {count} of {total} messages").format(
            count=count_label(deed.undone), total=count_label(deed.done)
        )
    if alive:
        return _("{count} of {total} messages so far").format(
            count=count_label(deed.done), total=count_label(deed.total)
        )
    return done_words(deed.kind, deed.done, target)


def done_words(kind: str, count: int, target: str = "") -> str:
    """`3 messages moved to Archive`."""
    match kind:
        case "archive":
            words = ngettext("{count} message archived", "{count} messages archived", count)
        case "junk":
            words = ngettext("{count} message moved to Junk", "{count} messages moved to Junk", count)
        case "notjunk":
            words = ngettext(
                "{count} message is no junk, and in the inbox",
                "{count} messages are no junk, and in the inbox",
                count,
            )
        case "trash":
            words = ngettext("{count} message moved to Trash", "{count} messages moved to Trash", count)
        case "forever":
            words = ngettext("{count} message deleted for ever", "{count} messages deleted for ever", count)
        case "move":
            words = ngettext("{count} message moved to {target}", "{count} messages moved to {target}", count)
        case "copy":
            words = ngettext(
                "{count} message copied to {target}", "{count} messages copied to {target}", count
            )
        case "seen":
            words = ngettext("{count} message marked as read", "{count} messages marked as read", count)
        case "unseen":
            words = ngettext("{count} message marked as unread", "{count} messages marked as unread", count)
        case "star":
            words = ngettext("{count} message starred", "{count} messages starred", count)
        case "unstar":
            words = ngettext("Star removed from {count} message", "Star removed from {count} messages", count)
        case "mute":
            words = ngettext("{count} message muted", "{count} messages muted", count)
        case "unmute":
            words = ngettext("{count} message no longer muted", "{count} messages no longer muted", count)
        case "label":
            words = ngettext("{count} message labelled {target}", "{count} messages labelled {target}", count)
        case _:
            words = ngettext(
                "Label {target} removed from {count} message",
                "Label {target} removed from {count} messages",
                count,
            )
    return words.format(count=count_label(count), target=target)


def _lines(deed: Deed, *, alive: bool) -> Iterator[str]:
    if deed.missing and deed.state in (State.DONE, State.BROKEN, State.STOPPED):
        yield ngettext(
            "{count} was not there any more.", "{count} were not there any more.", deed.missing
        ).format(count=count_label(deed.missing))
    if deed.state == State.UNDONE and deed.undone < deed.done:
        yield ngettext(
            "{count} could not be found again.", "{count} could not be found again.", deed.done - deed.undone
        ).format(count=count_label(deed.done - deed.undone))
    if deed.marked and deed.state != State.UNDONE:
        yield _("This mail server can't remove them from where they were: they are marked as deleted there.")
    if deed.state == State.DONE and deed.done and deed.kind in _MOVING and not filing.can_take_back(deed):
        yield _("This mail server does not say where they went, so they can't be taken back from here.")
    if alive or deed.state in (State.DONE, State.UNDONE):
        return
    left = deed.total - deed.done - deed.missing
    if left and not deed.undone:
        words = (
            ngettext(
                "{count} is left, as far as the mail server told.",
                "{count} are left, as far as the mail server told.",
                left,
            )
            if deed.reason in _UNHEARD
            else ngettext("{count} is where it was.", "{count} are where they were.", left)
        )
        yield words.format(count=count_label(left))
    yield from filter(None, (reason_words(deed.reason if deed.state == State.BROKEN else ""),))


def reason_words(reason: str) -> str:
    """Why it went no further."""
    match reason:
        case "quota":
            return _(
                "There is no room left in your mailbox. Nothing was lost: what was not done is where it was."
            )
        case "target":
            return _("The folder that they were to go to is not there any more. Nothing was moved.")
        case "same":
            return _("They are in that folder already.")
        case "keyword":
            return _("This mail server keeps no labels on the messages of this folder.")
        case "folder":
            return _("The folder that they were in is not there any more.")
        case "renumbered":
            return _(
                "The mail server renumbered the folder, so nobody knows any more which messages were meant."
            )
        case "ended":
            return _("The mail server no longer takes your password.")
        case "restart":
            return _("This program was restarted meanwhile.")
        case "timeout":
            return _("The mail server did not answer in time.")
        case "refused":
            return _("The mail server would not do it.")
        case "lost" | "down" | "busy" | "tls":
            return _("The connection to the mail server was lost.")
        case "fault":
            return _("Something broke here. The fault is ours.")
    return ""
