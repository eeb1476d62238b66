"""Values as people read them: names, sizes, folders, hues."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from webmail.mail.address import Mailbox
from webmail.mailbox.pages import Folder

HUES = 12


def hue_class(person: Mailbox) -> str:
    return f"h{person.hue % HUES}"


def people_label(people: tuple[Mailbox, ...]) -> str:
    """`Solveig Haugen`, `Anders, Mei-Ling and 3 more`."""
    if not people:
        return ""
    if len(people) == 1:
        return people[0].display
    if len(people) == 2:
        return ", ".join(_first(person) for person in people)
    rest = len(people) - 2
    return ngettext("{people} and {count} more", "{people} and {count} more", rest).format(
        people=", ".join(_first(person) for person in people[:2]), count=rest
    )


def _first(person: Mailbox) -> str:
    """The first name where it looks like a person's name, else all of it."""
    name = person.display
    if "@" in name or "," in name or "(" in name:
        return name
    return name.split(" ", 1)[0]


def size_label(octets: int | None) -> str:
    """`412 kB`, `1.4 MB`: decimal, as in SI."""
    if octets is None:
        return ""
    if octets < 1000:
        return ngettext("{count} byte", "{count} bytes", octets).format(count=octets)
    size, unit = octets / 1000, "kB"
    for larger in ("MB", "GB", "TB"):
        if size < 999.5:
            break
        size, unit = size / 1000, larger
    return f"{number_format(round(size, 1), decimal_pos=1 if size < 9.95 else 0)}\u00a0{unit}"


def folder_label(folder: Folder) -> str:
    """Special folders in the reader's language, all others as they are called."""
    match folder.role:
        case "inbox":
            return _("Inbox")
        case "flagged":
            return _("Starred")
        case "drafts":
            return _("Drafts")
        case "sent":
            return _("Sent")
        case "archive":
            return _("Archive")
        case "junk":
            return _("Junk")
        case "trash":
            return _("Trash")
        case "all":
            return _("All mail")
    return folder.label


_DIRECTIONS = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")


def isolated(name: str) -> str:
    """A name inside a sentence, so that neither turns the other around."""
    return f"\u2068{_DIRECTIONS.sub('', name)}\u2069"


def count_label(count: int) -> str:
    return number_format(count, use_l10n=True, force_grouping=True)


@dataclass(frozen=True, slots=True)
class Step:
    """A link to a page of a list; `number` 0 is a gap."""

    number: int
    address: str = ""
    current: bool = False


def page_steps(address: Callable[[int], str], number: int, pages: int) -> list[Step]:
    """Every page within three steps at most: the ends, the neighbours, and one between where there is a gap."""
    wanted = sorted({1, 2, number - 1, number, number + 1, pages - 1, pages} & set(range(1, pages + 1)))
    steps: list[Step] = []
    for page in wanted:
        if steps and page - steps[-1].number == 2:
            steps.append(Step(page - 1, address(page - 1)))
        elif steps and page - steps[-1].number > 2:
            steps.append(Step(0))
        steps.append(Step(page, address(page), current=page == number))
    return steps
