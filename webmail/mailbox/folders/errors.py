"""Why a folder was not made, renamed or deleted. Nothing was changed, unless it says so."""

from __future__ import annotations

from webmail.imap.errors import CommandError

from ..errors import FolderNotFoundError, MailboxError, MailServerError


class FolderNameError(MailboxError):
    """`reason` is "empty", "unsendable" (CR, LF, NUL, half a character), "delimiter", "long" or "inside" (of
    itself); `delimiter` is what this server has between a folder and its subfolders."""

    def __init__(self, reason: str, delimiter: str = "") -> None:
        super().__init__(reason)
        self.reason, self.delimiter = reason, delimiter


class FolderExistsError(MailboxError):
    """There is one of that name."""


class FolderProtectedError(MailboxError):
    """The inbox, or a folder with a role: another must take the role first."""


class FolderForbiddenError(MailboxError):
    """The person has no right to it. `text` is the server's."""

    def __init__(self, text: str = "") -> None:
        super().__init__("forbidden")
        self.text = text


class FolderChangedError(MailboxError):
    """It holds something else than what the person was shown."""


class FolderRefusedError(MailServerError):
    """The server would not, for reasons of its own: a character, a limit. `deleted`: folders that are gone."""

    def __init__(self, text: str, deleted: int = 0) -> None:
        super().__init__("refused", text)
        self.deleted = deleted


def refusal(error: CommandError) -> MailboxError | MailServerError:
    """What the server's NO or BAD means here (RFC 5530)."""
    match error.code:
        case "ALREADYEXISTS":
            return FolderExistsError()
        case "NOPERM":
            return FolderForbiddenError(error.text)
        case "NONEXISTENT":
            return FolderNotFoundError()
    return FolderRefusedError(error.text)
