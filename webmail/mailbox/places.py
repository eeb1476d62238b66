"""The folders with a role, found by their role or made."""

from __future__ import annotations

from typing import Final

from webmail.accounts.access import Access
from webmail.accounts.connections import pool
from webmail.accounts.folder_choices import FolderChoices
from webmail.imap import commands as imap
from webmail.imap.errors import CommandError
from webmail.imap.operations import namespace
from webmail.imap.session import Session

from .pages import Folder
from .reading.folders import Tree, cached_tree, keep_listed, named_folder

TEMPLATES: Final = "templates"
# What they are called where there are none yet; other programs know these names, a person sees a translation.
_NAMES: Final = {
    "archive": "Archive",
    "drafts": "Drafts",
    "junk": "Junk",
    "sent": "Sent",
    "trash": "Trash",
    TEMPLATES: "Templates",
}


def folder_for(session: Session, role: str) -> str:
    """The name of the folder with this role; made, and subscribed to, where there is none."""
    tree = cached_tree(session.notes)
    found = _with_role(tree, role) if tree else None
    # The tree may be of an hour ago: a second folder of a kind is worse than asking again.
    found = found or _with_role(keep_listed(session, session.notes, None), role)
    return found.name if found else made(session, role)


def likely_folder(access: Access, role: str) -> str:
    """As far as is known without asking: which connection is the best to borrow."""
    tree = cached_tree(pool().notes(access.holder))
    found = _with_role(tree, role) if tree else None
    return found.name if found else named_folder(pool().notes(access.holder), role) or _NAMES[role]


def existing_folder(session: Session, role: str) -> str | None:
    tree = cached_tree(session.notes) or keep_listed(session, session.notes, None)
    found = _with_role(tree, role)
    return found.name if found else None


def made(session: Session, role: str) -> str:
    """Where this server has personal folders: below "INBOX." on some. Raises CommandError."""
    prefix, _ = namespace(session).personal[0]
    name = named_folder(session.notes, role) or _NAMES[role]
    name = name if name.startswith(prefix) else prefix + name
    special = f"\\{_NAMES[role]}" if role != TEMPLATES and session.has("CREATE-SPECIAL-USE") else None
    try:
        session.run(imap.create(name, special_use=special))
    except CommandError as error:
        if error.code != "ALREADYEXISTS":
            if special is None:
                raise
            session.run(imap.create(name))
    session.gather(imap.subscribe(name))
    keep_listed(session, session.notes, None)
    return name


def folder_now(access: Access, name: str) -> str:
    """What a folder is called now that was written down under this name, should the person have renamed it here."""
    return FolderChoices.of(access.person.folder_choices).now(name)


def _with_role(tree: Tree, role: str) -> Folder | None:
    if role == TEMPLATES:
        return next(
            (one for one in tree.folders if one.label == _NAMES[role] and one.depth == 0 and one.selectable),
            None,
        )
    return next((folder for folder in tree.folders if folder.role == role), None)
