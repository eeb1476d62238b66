"""The folder tree as markup: on every mail page, so written for speed like the rows."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from webmail.mailbox.pages import Folder, QuotaUse

from .addresses import folder_address
from .icons import icon
from .presentation import count_label, folder_label, size_label

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


def folder_icon(folder: Folder) -> str:
    return _ICONS.get(folder.role, "folder-symlink" if folder.kind and folder.selectable else "folder")


def render_folders(folders: Iterable[Folder], current: Folder | None) -> SafeString:
    """The special folders with what is below them, then the others under a heading, then other people's. Drafts count
    all they hold, the rest what is unread, a folded one with what is put away."""
    special: list[str] = []
    others: list[str] = []
    foreign: list[str] = []
    quota: QuotaUse | None = None
    shown = tuple(folders)
    partly = any(folder.folded or folder.hidden for folder in shown)
    open_paths = _way_to(shown, current) if partly else frozenset()
    name = current.name if current else None
    folded: Folder | None = None
    for at, folder in enumerate(shown):
        quota = quota or folder.quota
        if folded is not None and folder.depth > folded.depth and not folder.role:
            if folder.name not in open_paths:
                continue
        elif folded is not None:
            folded = None
        if folder.hidden and folder.name not in open_paths:
            continue
        unseen = folder.unseen
        if folder.folded and folded is None:
            folded = folder
            unseen = _unseen_with_below(shown, at)
        line = f"<li>{_line(folder, unseen, at, current=folder.name == name)}</li>"
        if folder.kind:
            foreign.append(line)
        else:
            is_special = folder.role or (special and not others and folder.depth)
            (special if is_special else others).append(line)
    # Outside the f-strings, where gettext finds them.
    of_special, of_others, of_foreign = escape(_("Mailbox")), escape(_("Folders")), escape(_("Shared"))
    markup = f'<h2 class="vh">{of_special}</h2><ul>{"".join(special)}</ul>' if special else ""
    if others:
        markup += f"<h2>{of_others}</h2><ul>{''.join(others)}</ul>"
    if foreign:
        markup += f"<h2>{of_foreign}</h2><ul>{''.join(foreign)}</ul>"
    if quota is not None:
        markup += _quota(quota)
    if name is not None:
        markup += f'<input type="hidden" name="current" value="{escape(name)}" form="folding">'
    # Put together from escaped values only.
    return mark_safe(markup)  # noqa: S308


def _way_to(folders: Iterable[Folder], current: Folder | None) -> frozenset[str]:
    """The open folder and those above it, which show whatever is put away."""
    if current is None:
        return frozenset()
    above = {folder.name: folder.parent for folder in folders}
    way, name = set[str](), current.name
    while name and name not in way:
        way.add(name)
        name = above.get(name, "")
    return frozenset(way)


def _unseen_with_below(folders: tuple[Folder, ...], at: int) -> int:
    unseen = folders[at].unseen or 0
    for folder in folders[at + 1 :]:
        if folder.depth <= folders[at].depth or folder.role:
            break
        unseen += folder.unseen or 0
    return unseen


def _line(folder: Folder, unseen: int | None, at: int, *, current: bool) -> str:
    label = f'<span class="name" dir="auto">{escape(folder_label(folder))}</span>'
    inside = icon(folder_icon(folder)) + label
    depth = min(folder.depth, _DEEPEST)
    if folder.selectable:
        line = (
            f'<a class="folder in-{depth}" href="{escape(folder_address(folder.name))}"'
            f' data-name="{escape(folder.name)}"'
            f"{' aria-current=page' if current else ''}"
            f"{f' data-role={folder.role}' if folder.role else ''}>{inside}{_count(folder, unseen)}</a>"
        )
    else:
        line = f'<span class="folder in-{depth}">{inside}{_count(folder, unseen)}</span>'
    return line + _toggle(folder, at) if folder.children else line


def _toggle(folder: Folder, at: int) -> str:
    """Its id brings the focus back to it when the folders were drawn anew."""
    words = _("Show what is in {name}") if folder.folded else _("Put away what is in {name}")
    return (
        f'<button class="fold" id="fold-{at}" form="folding" name="{"unfold" if folder.folded else "fold"}"'
        f' value="{escape(folder.name)}" hx-post="/folders/fold/" hx-target="#folder-list"'
        f' aria-expanded="{"false" if folder.folded else "true"}">'
        f"{icon('chevron-right' if folder.folded else 'chevron-down')}"
        f'<span class="vh">{escape(words).format(name=f"<bdi>{escape(folder_label(folder))}</bdi>")}</span></button>'
    )


def _quota(quota: QuotaUse) -> str:
    said = _("Almost full: {used} of {limit}") if quota.nearly_full else _("{used} of {limit} used")
    words = escape(said.format(used=size_label(quota.used), limit=size_label(quota.limit)))
    warn = " warn" if quota.nearly_full else ""
    return (
        f'<p class="quota{warn}"><meter min="0" max="100" high="90" optimum="0" value="{100 * quota.share:.0f}"'
        f' aria-hidden="true"></meter><span>{words}</span></p>'
    )


def _count(folder: Folder, unseen: int | None) -> str:
    count = (folder.total if folder.role == "drafts" else unseen) or 0
    if not count or folder.role in _UNCOUNTED:
        return ""
    loud = "" if folder.role in _QUIET else " loud"
    return f'<span class="count{loud}">{count_label(count)}</span>'
