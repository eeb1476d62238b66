"""Every IMAP command, by theme. A lower-case name makes the command: `run(select("INBOX"), fetch("1:*", [FLAGS]))`."""

from webmail.imap.commands import criteria
from webmail.imap.commands.acl import AskRights, GetAcl
from webmail.imap.commands.append import Append
from webmail.imap.commands.command import Command
from webmail.imap.commands.copy import Copy, Move
from webmail.imap.commands.criteria import Key
from webmail.imap.commands.fetch import (
    BODYSTRUCTURE,
    EMAIL_ID,
    ENVELOPE,
    FLAGS,
    INTERNAL_DATE,
    MODSEQ,
    PREVIEW,
    PREVIEW_LAZY,
    SIZE,
    THREAD_ID,
    UID,
    Fetch,
    Item,
    body,
    header_fields,
    section_of,
)
from webmail.imap.commands.mailboxes import COUNTS, AskNamespace, AskStatus, ListMailboxes, Lsub
from webmail.imap.commands.manage import Create, Delete, Rename, Subscribe, Unsubscribe
from webmail.imap.commands.quota import GetQuotaRoot
from webmail.imap.commands.search import AskThreads, Search, Sort, SortKey
from webmail.imap.commands.select import Close, Examine, Select, Unselect
from webmail.imap.commands.session import Capability, Enable, Id, Noop, Notify
from webmail.imap.commands.store import Expunge, Mode, Store, Stored, UidExpunge

capability = Capability
id_ = Id
noop = Noop
notify = Notify
enable = Enable
namespace = AskNamespace
list_mailboxes = ListMailboxes
lsub = Lsub
status = AskStatus
select = Select
examine = Examine
unselect = Unselect
close = Close
fetch = Fetch
search = Search
sort = Sort
thread = AskThreads
store = Store
expunge = Expunge
uid_expunge = UidExpunge
copy = Copy
move = Move
append = Append
create = Create
rename = Rename
delete = Delete
subscribe = Subscribe
unsubscribe = Unsubscribe
get_quota_root = GetQuotaRoot
my_rights = AskRights
get_acl = GetAcl

__all__ = [
    "BODYSTRUCTURE",
    "COUNTS",
    "EMAIL_ID",
    "ENVELOPE",
    "FLAGS",
    "INTERNAL_DATE",
    "MODSEQ",
    "PREVIEW",
    "PREVIEW_LAZY",
    "SIZE",
    "THREAD_ID",
    "UID",
    "Command",
    "Examine",
    "GetQuotaRoot",
    "Item",
    "Key",
    "Mode",
    "Noop",
    "Select",
    "SortKey",
    "Stored",
    "append",
    "body",
    "capability",
    "close",
    "copy",
    "create",
    "criteria",
    "delete",
    "enable",
    "examine",
    "expunge",
    "fetch",
    "get_acl",
    "get_quota_root",
    "header_fields",
    "id_",
    "list_mailboxes",
    "lsub",
    "move",
    "my_rights",
    "namespace",
    "noop",
    "rename",
    "search",
    "section_of",
    "select",
    "sort",
    "status",
    "store",
    "subscribe",
    "thread",
    "uid_expunge",
    "unselect",
    "unsubscribe",
]
