"""What people are told about folders, and why something was not done to one."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from webmail.mailbox import folders
from webmail.mailbox.errors import FolderNotFoundError, MailboxError, MailServerError
from webmail.mailbox.folders import Rights

from .presentation import count_label

ROLES = (
    ("", gettext_lazy("Nothing special")),
    ("drafts", gettext_lazy("Drafts")),
    ("sent", gettext_lazy("Sent")),
    ("archive", gettext_lazy("Archive")),
    ("junk", gettext_lazy("Junk")),
    ("trash", gettext_lazy("Trash")),
)
# How long it took, which Dovecot says after everything.
_TIMING = re.compile(r"\s*\([\d.+ ]{1,60} secs?\)\.?$")
# RFC 4314; "c" and "d" are of RFC 2086.
_RIGHTS = (
    ("l", gettext_lazy("see it")),
    ("r", gettext_lazy("read")),
    ("s", gettext_lazy("keep what is read and unread")),
    ("w", gettext_lazy("star and label")),
    ("i", gettext_lazy("put messages in")),
    ("p", gettext_lazy("send to its address")),
    ("kc", gettext_lazy("make subfolders")),
    ("xc", gettext_lazy("rename and delete it")),
    ("td", gettext_lazy("delete messages")),
    ("ed", gettext_lazy("remove them for ever")),
    ("a", gettext_lazy("decide who may do what")),
)
_NAME = {
    "empty": gettext_lazy("Fill in a name."),
    "long": gettext_lazy("This name is too long, together with the folders above it."),
    "inside": gettext_lazy("A folder can't be moved into itself."),
}
# What can go wrong with a form that keeps what was typed.
FAULTS = (
    folders.FolderNameError,
    folders.FolderExistsError,
    folders.FolderForbiddenError,
    folders.FolderProtectedError,
    folders.FolderRefusedError,
    FolderNotFoundError,
)


def fault_words(error: MailboxError | MailServerError) -> str:
    """For FAULTS. A name's delimiter may be anything, so it stands in quotes."""
    match error:
        case folders.FolderNameError(reason="delimiter"):
            return _(
                "Your mail server puts “{delimiter}” between a folder and its subfolders, so a name can't hold it. "
                "Choose where the folder is to be instead."
            ).format(delimiter=error.delimiter)
        case folders.FolderNameError():
            return str(_NAME[error.reason])
        case folders.FolderExistsError():
            return _("There is a folder of that name already.")
        case folders.FolderForbiddenError():
            return _with_servers(_("You are not allowed to do this with this folder."), error.text)
        case folders.FolderProtectedError():
            return _(
                "This folder is used for something, or one below it is. Give that task to another folder first."
            )
        case FolderNotFoundError():
            return _(
                "The folder is not there any more: it was renamed or deleted, perhaps in another program."
            )
        case folders.FolderRefusedError(deleted=deleted) if deleted:
            return _with_servers(
                ngettext(
                    "{count} folder was deleted, then the mail server refused. The others are still there.",
                    "{count} folders were deleted, then the mail server refused. The others are still there.",
                    deleted,
                ).format(count=count_label(deleted)),
                error.text,
            )
        case folders.FolderRefusedError():
            return _with_servers(_("The mail server refused. Nothing was changed."), error.text)
    raise error


def rights_words(rights: Rights) -> list[str]:
    return [str(words) for letters, words in _RIGHTS if any(letter in rights.letters for letter in letters)]


def _with_servers(words: str, text: str) -> str:
    text = _TIMING.sub("", text)
    return f"{words} {_('It said: {words}').format(words=text)}" if text else words
