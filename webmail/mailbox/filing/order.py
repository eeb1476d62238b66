"""What to do with messages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

# The flag that each sets (True) or removes.
FLAGS: Final = {
    "seen": ("\\Seen", True),
    "unseen": ("\\Seen", False),
    "star": ("\\Flagged", True),
    "unstar": ("\\Flagged", False),
    "mute": ("$Muted", True),
    "unmute": ("$Muted", False),
}
# What is about all messages of a thread, whichever of them was chosen.
OF_THREADS: Final = frozenset({"mute", "unmute"})
# The role of the folder that each moves to.
ROLES: Final = {"archive": "archive", "junk": "junk", "notjunk": "inbox", "trash": "trash"}
BY_YEAR: Final = "year"
KINDS: Final = frozenset((*FLAGS, *ROLES, "label", "unlabel", "move", "copy", "forever"))


@dataclass(frozen=True, slots=True)
class Order:
    """`kind` is one of KINDS. `target` is the folder of "move" and "copy", the keyword of "label" and "unlabel", and
    BY_YEAR for an "archive" with a folder for each year."""

    kind: str
    target: str = ""

    @property
    def flag(self) -> tuple[str, bool] | None:
        """What it sets or removes, where it does nothing else."""
        if self.kind in ("label", "unlabel"):
            return self.target, self.kind == "label"
        return FLAGS.get(self.kind)
