"""What to do, given what this server can do: each extension with its fallback."""

from webmail.imap.operations.batches import batches
from webmail.imap.operations.filing import Moved, copy, delete_for_ever, move
from webmail.imap.operations.finding import SortedPage, fetch, search, sort_page
from webmail.imap.operations.mailboxes import is_selectable, list_with_status, namespace
from webmail.imap.operations.session import Session

__all__ = [
    "Moved",
    "Session",
    "SortedPage",
    "batches",
    "copy",
    "delete_for_ever",
    "fetch",
    "is_selectable",
    "list_with_status",
    "move",
    "namespace",
    "search",
    "sort_page",
]
