"""What makes markup too costly to clean, found before anything costly looks at it.

html5lib is quadratic in places, html5ever in fewer, and both rebuild unclosed formatting elements in every
following block, so that a few kilobytes can ask for millions of elements. The counts here are upper bounds of
that work, taken in one linear pass. (HTML, 13.2.4.3 "The list of active formatting elements", 13.2.6.4.7.)
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from webmail.mail.html.policy import words
from webmail.mail.html.source import Tag, attribute_count

MAX_RAW = 4_000_000
MAX_CLEAN = 1_200_000
MAX_TAGS = 20_000
MAX_AMPERSANDS = 20_000
MAX_LESS_THANS = 30_000
MAX_EQUALS = 100_000
MAX_TAG_ATTRIBUTES = 200
MAX_DEPTH = 256
MAX_FORMATTING = 500
MAX_REBUILT = 300_000
MAX_DEPTH_SUM = 8_000_000
MAX_RAW_DEPTH = 1000
MAX_STEPS = 2_000_000
MAX_CLEAN_DEPTH_SUM = 1_500_000

REASONS = frozenset({"size", "characters", "tags", "attributes", "depth", "formatting", "unstable", "error"})

_VOID = words("area base br col embed hr image img input keygen link meta param source track wbr")
_FORMATTING = words("a b big code em font i nobr s small strike strong tt u")
_CELLS = frozenset({"td", "th", "caption"})
_ROW_GROUPS = frozenset({"tbody", "thead", "tfoot", "colgroup"})
_BOUNDARIES = _CELLS | {"table"}
_CLOSES_FELLOWS = {"li": ("li",), "dd": ("dd", "dt"), "dt": ("dd", "dt"), "option": ("option",)}
_LIST_SCOPE = _BOUNDARIES | {"ol", "ul"}
_TABLE_PARTS = _CELLS | _ROW_GROUPS | {"tr"}
_IGNORED = frozenset({"html", "head", "body", "frame"})
_SPECIAL = words(
    "address article aside blockquote caption center dd details dir div dl dt fieldset figcaption"
    " figure footer"
    " form h1 h2 h3 h4 h5 h6 header hgroup iframe li listing main menu nav noembed noframes ol p pre script"
    " search section style summary table tbody td textarea tfoot th thead title tr ul xmp"
)
_CLOSES_P = words(
    "address article aside blockquote center details dir div dl fieldset figcaption figure footer form"
    " h1 h2 h3"
    " h4 h5 h6 header hgroup hr li main menu nav ol p pre section summary table ul dd dt"
)


class TooCostly(Exception):  # noqa: N818 -- a verdict on the input, not an error of the program
    """Carries the reason, one of `REASONS`."""


def check_raw(html: str) -> None:
    """Raise `TooCostly` for what can be told from `html` by counting characters alone."""
    if len(html) > MAX_RAW:
        raise TooCostly("size")
    if (
        html.count("&") > MAX_AMPERSANDS * 4
        or html.count("<") > MAX_LESS_THANS * 2
        or html.count("=") > MAX_EQUALS
    ):
        raise TooCostly("characters")


def check_clean(html: str) -> None:
    """The same for what nh3 made, which html5lib will read."""
    if len(html) > MAX_CLEAN:
        raise TooCostly("size")
    if html.count("&") > MAX_AMPERSANDS:
        raise TooCostly("characters")
    if html.count("<") > MAX_TAGS * 2:
        raise TooCostly("tags")


def _scope(name: str) -> Collection[str]:
    """The open elements past which an end tag is not heard."""
    if name == "table":
        return ()
    if name in _TABLE_PARTS:
        return ("table",)
    if name == "li":
        return _LIST_SCOPE
    return _BOUNDARIES if name in _SPECIAL or name in _FORMATTING else _SPECIAL


class Nesting:
    """Follows the open elements as a parser would, erring towards more of them and never fewer."""

    def __init__(self) -> None:
        self.stack: list[str] = []
        self.active: list[tuple[str, str] | None] = []
        self.since_marker = 0
        self.depth_sum = 0
        self.steps = 0
        self.rebuilt = 0
        self.deepest = 0

    def see(self, closing: bool, name: str, attributes: str) -> None:
        if closing:
            self._end(name)
        else:
            self._start(name, attributes)
        depth = len(self.stack)
        self.deepest = max(self.deepest, depth)
        self.depth_sum += depth
        self.rebuilt += self.since_marker

    def _start(self, name: str, attributes: str) -> None:
        stack = self.stack
        if name in _VOID or name in _IGNORED:
            return
        if name in _CLOSES_P:
            self._close(("p",))
        if name in _CLOSES_FELLOWS:
            self._close(_CLOSES_FELLOWS[name])
        elif name in _TABLE_PARTS:
            if not self._start_table_part(name):
                return
        elif name == "table":
            at = self._nearest(_BOUNDARIES)
            if at is not None and stack[at] == "table":
                self._cut(at)
        elif name in _FORMATTING:
            self._activate(name, attributes)
        stack.append(name)

    def _close(self, names: Collection[str]) -> None:
        """Close an element that the next one ends, where only inline elements are open in it."""
        for at in range(len(self.stack) - 1, -1, -1):
            if self.stack[at] in names:
                self._cut(at)
                return
            if self.stack[at] in _SPECIAL:
                return
            self._walked(1)

    def _start_table_part(self, name: str) -> bool:
        """Close what a new cell, row or group closes; False where no table is open, so that it is ignored."""
        table = self._nearest({"table"})
        if table is None:
            return False
        closes = {"tr"} | _CELLS if name == "tr" else _CELLS if name in _CELLS else _TABLE_PARTS
        if name == "caption":
            closes = _TABLE_PARTS
        for at in range(table + 1, len(self.stack)):
            if self.stack[at] in closes:
                self._cut(at)
                break
        if name in _CELLS:
            self.active.append(None)
            self.since_marker = 0
        return True

    def _activate(self, name: str, attributes: str) -> None:
        recent = self.active[len(self.active) - self.since_marker :]
        if name in ("a", "nobr"):
            self._deactivate(name)
        elif recent.count((name, attributes)) >= 3:
            del self.active[len(self.active) - self.since_marker + recent.index((name, attributes))]
            self.since_marker -= 1
        self.active.append((name, attributes))
        self.since_marker += 1
        if self.since_marker > MAX_FORMATTING:
            raise TooCostly("formatting")

    def _deactivate(self, name: str) -> None:
        for back in range(1, self.since_marker + 1):
            entry = self.active[-back]
            if entry is not None and entry[0] == name:
                del self.active[-back]
                self.since_marker -= 1
                return

    def _end(self, name: str) -> None:
        stack = self.stack
        boundaries = _scope(name)
        blocks = 0
        for at in range(len(stack) - 1, -1, -1):
            if stack[at] == name:
                break
            if stack[at] in boundaries:
                self._walked(len(stack) - at)
                return
            blocks += stack[at] not in _FORMATTING
        else:
            self._walked(len(stack))
            return
        self._walked(len(stack) - at)
        if name == "form":
            del stack[at]
        elif name not in _FORMATTING:
            self._cut(at)
        elif blocks < 8:  # past eight blocks the adoption agency gives up and leaves the element active
            del stack[at]
            self._deactivate(name)

    def _nearest(self, names: Collection[str]) -> int | None:
        for at in range(len(self.stack) - 1, -1, -1):
            if self.stack[at] in names:
                self._walked(len(self.stack) - at)
                return at
        self._walked(len(self.stack))
        return None

    def _walked(self, steps: int) -> None:
        self.steps += steps
        if self.steps > MAX_STEPS:
            raise TooCostly("depth")

    def _cut(self, at: int) -> None:
        cells = sum(name in _CELLS for name in self.stack[at:])
        del self.stack[at:]
        while cells:
            entry = self.active.pop()
            cells -= entry is None
        self.since_marker = 0
        for entry in reversed(self.active):
            if entry is None:
                break
            self.since_marker += 1


def check_nesting(tags: Iterable[Tag], *, depth: int = MAX_RAW_DEPTH, depth_sum: int = MAX_DEPTH_SUM) -> None:
    """Raise `TooCostly` for too many tags, attributes or levels, or too much formatting left open."""
    nesting = Nesting()
    for count, (closing, name, attributes, _, _) in enumerate(tags):
        if count > MAX_TAGS * 2:
            raise TooCostly("tags")
        if len(attributes) > 1000 and attribute_count(attributes) > MAX_TAG_ATTRIBUTES:
            raise TooCostly("attributes")
        nesting.see(closing, name, attributes)
        if nesting.rebuilt > MAX_REBUILT:
            raise TooCostly("formatting")
        if nesting.depth_sum > depth_sum or nesting.deepest > depth:
            raise TooCostly("depth")
