"""How a use case can end otherwise. The web turns each into a page; none carries a secret or message content."""

from webmail.accounts.errors import MailServerError, SignInEndedError

__all__ = [
    "FolderNotFoundError",
    "FolderRenumberedError",
    "MailServerError",
    "MailboxError",
    "MessageNotFoundError",
    "PartNotFoundError",
    "PictureError",
    "SignInEndedError",
]


class MailboxError(Exception):
    """Base of all."""


class FolderNotFoundError(MailboxError):
    """No such folder, or it holds no messages by its nature."""


class MessageNotFoundError(MailboxError):
    """The message is not (or no longer) in this folder."""


class PartNotFoundError(MailboxError):
    """The message has no such part."""


class FolderRenumberedError(MailboxError):
    """UIDVALIDITY is another than the address says: the address no longer tells which message was meant."""


class PictureError(MailboxError):
    """No picture came from elsewhere. `busy`: too many at once, worth another try."""

    def __init__(self, *, busy: bool) -> None:
        super().__init__("busy" if busy else "none")
        self.busy = busy
