"""Which messages are meant by a conversation, for what is done to all of it."""

from __future__ import annotations

from typing import Final

from webmail.accounts.access import Access
from webmail.journal.step import Lot

from ..following import conversation
from .doing import lot_of

# What can be done to a conversation, and the roles of folders whose messages are left: what was sent belongs in Sent.
OF_CONVERSATIONS: Final = {
    "archive": frozenset({"sent", "drafts", "archive", "all", "junk", "trash"}),
    "trash": frozenset({"drafts", "trash"}),
    "seen": frozenset({"drafts"}),
    "unseen": frozenset({"drafts", "sent"}),
}


def whole_conversation(
    *, access: Access, folder: str, uid_validity: int, uid: int, kind: str
) -> tuple[Lot, ...]:
    """The opened message, and those of its conversation that `kind` is for. Raises as `following.conversation`."""
    found = conversation(access=access, folder=folder, uid_validity=uid_validity, uid=uid)
    uids = {(folder, uid_validity): [uid]}
    for member in (*found.before, *found.after):
        if member.folder.role not in OF_CONVERSATIONS[kind]:
            uids.setdefault((member.folder.name, member.uid_validity), []).append(member.row.uid)
    return tuple(
        lot_of(folder=name, uid_validity=validity, uids=some) for (name, validity), some in uids.items()
    )
