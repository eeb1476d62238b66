"""Which messages a list shows and in which order: what stands behind the `?` of a list's address."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import parse_qsl, urlencode

from webmail.imap.commands import Key

from .query.errors import QueryError
from .query.language import MOST_CHARACTERS, Query, parse
from .query.meaning import Asker, key_of
from .query.terms import Group, Node, Term

SCOPES: Final = ("folder", "subtree", "all", "everywhere")
SORTS: Final = ("date", "arrival", "from", "to", "subject", "size")
FILTERS: Final[dict[str, Node]] = {
    "unread": Term("is", "unread"),
    "starred": Term("is", "starred"),
    "attachment": Term("has", "attachment"),
    "me": Group((Term("to", "me"), Term("cc", "me")), either=True),
}
LABEL: Final = "label:"
NEWEST_FIRST: Final = "-arrival"
_MOST_FILTERS: Final = 20


@dataclass(frozen=True, slots=True)
class View:
    """Always a valid one: what can't be shown raises QueryError (a ValueError) when it is made.

    `scope`: "folder", "subtree", "all" (without junk and trash) or "everywhere". `only`: names of FILTERS, or
    "label:" and a label. `sort`: one of SORTS, with "-" before it for falling. A plain view is the folder in order
    of arrival, newest first.
    """

    folder: str
    text: str = ""
    scope: str = "folder"
    only: tuple[str, ...] = ()
    sort: str = NEWEST_FIRST
    threaded: bool = False
    query: Query = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if (
            self.scope not in SCOPES
            or self.sort.removeprefix("-") not in SORTS
            or len(self.only) > _MOST_FILTERS
        ):
            raise QueryError("view")
        asked = parse(self.text)
        object.__setattr__(self, "query", Query(asked.parts + tuple(map(_filter, self.only))))

    @property
    def narrows(self) -> bool:
        """It may leave out messages of its folders."""
        return bool(self.query.criteria)

    @property
    def wide(self) -> bool:
        """It may show messages of other folders than its own."""
        return self.scope != "folder" or bool(self.query.places)

    @property
    def plain(self) -> bool:
        return not (self.narrows or self.wide or self.threaded) and self.sort == NEWEST_FIRST

    @property
    def follows(self) -> bool:
        """It shows threads. A search is for messages, and other orders and what is slow to find are as well."""
        return self.threaded and not (
            self.wide or self.text or self.query.slow or self.query.looked_up or self.sort != NEWEST_FIRST
        )

    @property
    def exact(self) -> bool:
        """`key` finds what matches and nothing else."""
        return not self.query.looked_up

    def key(self, asker: Asker | None = None) -> Key:
        """For SEARCH; ALL where nothing narrows the view. Not `exact`, it finds more than what matches:
        `finding.matching` knows which."""
        return key_of(self.query, asker or Asker())

    def to_query(self, **more: object) -> str:
        """Without the "?"; "" for a plain view. `more` are further fields; those that are false are left out."""
        fields: list[tuple[str, object]] = [
            ("q", self.text),
            ("in", self.scope if self.scope != "folder" else ""),
            *(("only", one) for one in self.only),
            ("sort", self.sort if self.sort != NEWEST_FIRST else ""),
            ("threads", int(self.threaded)),
            *more.items(),
        ]
        return urlencode([(name, value) for name, value in fields if value])

    @classmethod
    def from_query(cls, folder: str, text: str, *, threaded: bool = False) -> View:
        """`text` is what stands behind the "?"; fields of others are left alone, and `threaded` is for where it says
        nothing of threads. Raises QueryError."""
        if len(text) > 12 * MOST_CHARACTERS:
            raise QueryError("long")
        try:
            fields = parse_qsl(text, errors="strict", max_num_fields=100)
        except ValueError:
            raise QueryError("view") from None
        found = dict(fields)
        if found.get("threads", "1") not in {"0", "1"}:
            raise QueryError("view")
        return cls(
            folder=folder,
            text=found.get("q", "").strip(),
            scope=found.get("in", "") or "folder",
            only=tuple(dict.fromkeys(value for name, value in fields if name == "only")),
            sort=found.get("sort", "") or NEWEST_FIRST,
            threaded=found.get("threads", str(int(threaded))) == "1",
        )

    def toggled(self, filter_: str) -> View:
        """With the filter where it lacks it, without where it has it."""
        rest = tuple(one for one in self.only if one != filter_)
        return replace(self, only=rest if len(rest) < len(self.only) else (*self.only, filter_))


def _filter(name: str) -> Node:
    if name in FILTERS:
        return FILTERS[name]
    if name.startswith(LABEL) and len(name) > len(LABEL):
        return Term("label", name.removeprefix(LABEL))
    raise QueryError("view")
