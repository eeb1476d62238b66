"""The other messages of a conversation as lines to unfold: every word and address ready."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from webmail.mail.address import Mailbox
from webmail.mailbox.following import Conversation, Member
from webmail.mailbox.pages import Folder, Row

from .addresses import folder_address, message_address
from .dates import Calendar, calendar_of_now
from .presentation import folder_label, hue_class, people_label

# So many read messages in a row stay lines of their own; more are one line that says how many.
APART = 2
NOBODY = Mailbox("", "")


@dataclass(frozen=True, slots=True)
class Line:
    """`name` is the element's own; `where` the folder, if it is another than that of the opened message; `letter` is
    markup that was made safe, where the message is shown unfolded without being asked for again."""

    name: str
    folder: str
    uid_validity: int
    row: Row
    sender: Mailbox
    hue: str
    where: str
    list_address: str
    address: str
    draft: bool
    date: str = ""
    date_short: str = ""
    date_machine: str = ""
    letter: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """Lines that follow each other; with `words` they are folded into one line, `people` says whose they are."""

    lines: tuple[Line, ...]
    words: str = ""
    people: str = ""


@dataclass(frozen=True, slots=True)
class Around:
    """What is shown before and after the opened message."""

    earlier: tuple[Run, ...]
    later: tuple[Run, ...]
    words: str
    partial: bool

    @property
    def alone(self) -> bool:
        return not (self.earlier or self.later)

    @property
    def lines(self) -> Iterator[Line]:
        return (line for run in (*self.earlier, *self.later) for line in run.lines)

    def with_letters(self, letters: dict[str, str]) -> Around:
        """`letters` by the names of their lines."""

        def filled(runs: tuple[Run, ...]) -> tuple[Run, ...]:
            return tuple(
                replace(
                    run, lines=tuple(replace(line, letter=letters.get(line.name, "")) for line in run.lines)
                )
                for run in runs
            )

        return replace(self, earlier=filled(self.earlier), later=filled(self.later))


def around(found: Conversation, opened: Folder) -> Around:
    calendar = calendar_of_now()
    before = [_line(member, f"in-{at}", opened, calendar) for at, member in enumerate(found.before)]
    after = [
        _line(member, f"in-{at}", opened, calendar)
        for at, member in enumerate(found.after, start=len(found.before))
    ]
    return Around(tuple(_runs(before)), tuple(_runs(after)), _words(found), found.partial)


def _words(found: Conversation) -> str:
    if found.more:
        words = ngettext(
            "The newest message of this conversation",
            "The newest {count} messages of this conversation",
            found.count,
        )
    else:
        words = ngettext(
            "{count} message in this conversation", "{count} messages in this conversation", found.count
        )
    return words.format(count=found.count)


def _runs(lines: Iterable[Line]) -> Iterator[Run]:
    for folded, group in groupby(lines, key=lambda line: not line.row.unread and not line.draft):
        run = tuple(group)
        if not folded or len(run) <= APART:
            yield Run(run)
            continue
        words = ngettext("{count} read message", "{count} read messages", len(run)).format(count=len(run))
        people = {line.sender.address.casefold() or line.sender.name: line.sender for line in run}
        yield Run(run, words, people_label(tuple(people.values())))


def _line(member: Member, name: str, opened: Folder, calendar: Calendar) -> Line:
    row, folder = member.row, member.folder
    sender = row.people[0] if row.people else NOBODY
    line = Line(
        name=name,
        folder=folder.name,
        uid_validity=member.uid_validity,
        row=row,
        sender=sender,
        hue=hue_class(sender),
        where=folder_label(folder) if folder.name != opened.name else "",
        list_address=folder_address(folder.name),
        address=message_address(folder.name, member.uid_validity, row.uid),
        draft=folder.role == "drafts",
    )
    if row.date is None:
        return line
    local = calendar.local(row.date)
    return replace(
        line,
        date=calendar.full(local),
        date_short=calendar.label(local),
        date_machine=local.isoformat(timespec="minutes"),
    )


def nothing_else() -> str:
    return _("There is no other message in this conversation.")
