"""How a use case can end otherwise. The web turns each into a page; none carries a secret or message content."""

from webmail.accounts.errors import MailServerError, SignInEndedError

__all__ = [
    "AttachmentsGoneError",
    "FolderNotFoundError",
    "FolderRenumberedError",
    "MailServerError",
    "MailboxError",
    "MessageNotFoundError",
    "PartNotFoundError",
    "PictureError",
    "QuotaError",
    "SameFolderError",
    "SignInEndedError",
    "TargetGoneError",
    "TooLargeError",
    "TooManyError",
    "UnsendableError",
    "UploadQuotaError",
    "WritingError",
]


class MailboxError(Exception):
    """Base of all."""


class FolderNotFoundError(MailboxError):
    """No such folder, or it holds no messages by its nature."""


class TargetGoneError(MailboxError):
    """The folder that messages were to go to is not there (any more). Nothing was moved."""


class KeywordRefusedError(MailboxError):
    """The server keeps no such keyword on messages of this folder (PERMANENTFLAGS)."""


class SameFolderError(MailboxError):
    """The messages are there already."""


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


class WritingError(MailboxError):
    """Base of what stops a message from being saved or sent. What was typed is unharmed, with whoever typed it."""


class TooLargeError(WritingError):
    """The files of one message are more than ATTACHMENT_LIMIT. `limit` in octets."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"more than {limit} octets")
        self.limit = limit


class UploadQuotaError(TooLargeError):
    """This person has too many files under way, in all messages together."""


class TooManyError(WritingError):
    """More messages at once than `limit`."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"more than {limit}")
        self.limit = limit


class AttachmentsGoneError(WritingError):
    """Files that were to go along are no longer there: uploads swept, messages deleted. `names` says which."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(f"{len(names)} gone")
        self.names = names


class UnsendableError(WritingError):
    """Addresses that are none, or nobody at all. `pieces` as they were typed."""

    def __init__(self, pieces: tuple[str, ...]) -> None:
        super().__init__(f"{len(pieces)} bad addresses")
        self.pieces = pieces


class QuotaError(MailServerError):
    """The mail server has no room left for this person's mail (RFC 5530: OVERQUOTA)."""

    def __init__(self, text: str = "") -> None:
        super().__init__("full", text)
