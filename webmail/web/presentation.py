"""Values as people read them: names, sizes, folders, hues."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from webmail.mail.address import Mailbox
from webmail.mailbox.pages import Folder

from .addresses import folder_address
from .icons import icon

HUES = 12
_ICONS = {
    "inbox": "inbox",
    "flagged": "star",
    "drafts": "pencil",
    "sent": "send",
    "archive": "archive",
    "junk": "octagon-alert",
    "trash": "trash-2",
    "all": "mails",
    "": "folder",
}


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
    size = float(octets)
    for unit in ("kB", "MB", "GB", "TB"):
        size /= 1000
        if size < 999.5:
            break
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


@dataclass(frozen=True, slots=True)
class FolderLine:
    label: str
    address: str
    icon: str
    role: str
    depth: int
    current: bool
    selectable: bool
    count: str
    loud: bool


def folder_lines(folders: Iterable[Folder], current: Folder | None) -> tuple[list[FolderLine], list[FolderLine]]:
    """The special folders, and the others. Drafts count all, the rest what is unread; junk and trash stay quiet."""
    special: list[FolderLine] = []
    others: list[FolderLine] = []
    for folder in folders:
        count = (folder.total if folder.role == "drafts" else folder.unseen) or 0
        line = FolderLine(
            label=folder_label(folder),
            address=folder_address(folder.name),
            icon=icon(_ICONS.get(folder.role, "folder")),
            role=folder.role,
            depth=min(folder.depth, 5),
            current=current is not None and folder.name == current.name,
            selectable=folder.selectable,
            count=count_label(count) if count and folder.role not in {"sent", "trash", "flagged", "all"} else "",
            loud=folder.role not in {"drafts", "junk", "trash"},
        )
        (special if folder.role or (special and not others and folder.depth) else others).append(line)
    return special, others


def count_label(count: int) -> str:
    return number_format(count, use_l10n=True, force_grouping=True)


@dataclass(frozen=True, slots=True)
class Step:
    """A link to a page of a list; `number` 0 is a gap."""

    number: int
    address: str = ""
    current: bool = False


def page_steps(folder: str, number: int, pages: int) -> list[Step]:
    """Every page within three steps at most: the ends, the neighbours, and one between where there is a gap."""
    wanted = sorted({1, 2, number - 1, number, number + 1, pages - 1, pages} & set(range(1, pages + 1)))
    steps: list[Step] = []
    for page in wanted:
        if steps and page - steps[-1].number == 2:
            steps.append(Step(page - 1, folder_address(folder, page - 1)))
        elif steps and page - steps[-1].number > 2:
            steps.append(Step(0))
        steps.append(Step(page, folder_address(folder, page), current=page == number))
    return steps
