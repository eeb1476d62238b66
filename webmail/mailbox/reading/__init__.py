"""Reading: folders, lists, messages, parts. Each function is one thing a person does."""

from .ahead import after_open
from .download import Download, archive, part, source
from .headers import headers
from .links import Links
from .listing import list_messages
from .marking import set_seen, set_starred
from .opening import body_markup, open_message
from .picture import picture
from .tree import known_folders, list_folders
from .trust import distrust_sender, forget_trusted, trust_sender

__all__ = [
    "Download",
    "Links",
    "after_open",
    "archive",
    "body_markup",
    "distrust_sender",
    "forget_trusted",
    "headers",
    "known_folders",
    "list_folders",
    "list_messages",
    "open_message",
    "part",
    "picture",
    "set_seen",
    "set_starred",
    "source",
    "trust_sender",
]
