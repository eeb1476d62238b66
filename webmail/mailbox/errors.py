"""How a use case can end otherwise. The web turns each into a page; none carries a secret or message content."""


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


class MailServerError(MailboxError):
    """The mail server did not answer, or not in time. `reason` is "down", "tls", "timeout", "busy" or "refused";
    `text` is the server's own words, to be shown escaped."""

    def __init__(self, reason: str, text: str = "") -> None:
        super().__init__(reason)
        self.reason, self.text = reason, text


class SignInEndedError(MailboxError):
    """The mail server no longer takes the password of this session."""
