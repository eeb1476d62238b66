"""The folder tree as markup: on every mail page, so written for speed like the rows."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from webmail.mailbox.pages import Folder

from .addresses import folder_address
from .icons import icon
from .presentation import count_label, folder_label

_ICONS = {
    "inbox": "inbox",
    "flagged": "star",
    "drafts": "pencil",
    "sent": "send",
    "archive": "archive",
    "junk": "octagon-alert",
    "trash": "trash-2",
    "all": "mails",
}
_DEEPEST = 5
_UNCOUNTED = frozenset(("sent", "trash", "flagged", "all"))
_QUIET = frozenset(("drafts", "junk"))


def render_folders(folders: Iterable[Folder], current: Folder | None) -> SafeString:
    """The special folders with what is below them, then the others under a heading. Drafts count all they hold,
    the rest what is unread."""
    special: list[str] = []
    others: list[str] = []
    name = current.name if current else None
    for folder in folders:
        line = f"<li>{_line(folder, current=folder.name == name)}</li>"
        is_special = folder.role or (special and not others and folder.depth)
        (special if is_special else others).append(line)
    # Outside the f-strings, where gettext finds them.
    of_special, of_others = escape(_("Mailbox")), escape(_("Folders"))
    markup = f'<h2 class="vh">{of_special}</h2><ul>{"".join(special)}</ul>' if special else ""
    if others:
        markup += f"<h2>{of_others}</h2><ul>{''.join(others)}</ul>"
    # Put together from escaped values only.
    return mark_safe(markup)  # noqa: S308


def _line(folder: Folder, *, current: bool) -> str:
    label = f'<span class="name" dir="auto">{escape(folder_label(folder))}</span>'
    inside = icon(_ICONS.get(folder.role, "folder")) + label
    depth = min(folder.depth, _DEEPEST)
    if not folder.selectable:
        return f'<span class="folder in-{depth}">{inside}</span>'
    return (
        f'<a class="folder in-{depth}" href="{escape(folder_address(folder.name))}"'
        f' data-name="{escape(folder.name)}"'
        f"{' aria-current=page' if current else ''}"
        f"{f' data-role={folder.role}' if folder.role else ''}>{inside}{_count(folder)}</a>"
    )


def _count(folder: Folder) -> str:
    count = (folder.total if folder.role == "drafts" else folder.unseen) or 0
    if not count or folder.role in _UNCOUNTED:
        return ""
    loud = "" if folder.role in _QUIET else " loud"
    return f'<span class="count{loud}">{count_label(count)}</span>'
