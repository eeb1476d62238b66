"""vCard 2.1, 3.0 (RFC 2426) and 4.0 (RFC 6350), read generously; 3.0 and 4.0 written."""

from __future__ import annotations

from collections.abc import Iterator

from ..pages import Card
from .fitting import fit
from .parsed import MOST_ENTRIES, Parsed
from .vcard_lines import Line, content_lines, escape, fold_line, split_value, unescape

VERSIONS = ("3.0", "4.0")
# Of no interest to a reader.
_SILENT = frozenset(
    {"VERSION", "PRODID", "REV", "UID", "N", "KIND", "CLASS", "SORT-STRING", "MAILER", "SOURCE"}
)
_KNOWN = frozenset({"FN", "N", "ORG", "NOTE", "EMAIL", "CATEGORIES", "X-ABLABEL", "X-ABSHOWAS"})
_MEMBER = frozenset({"MEMBER", "X-ADDRESSBOOKSERVER-MEMBER"})
_LABELS = {"_$!<Home>!$_": "home", "_$!<Work>!$_": "work", "_$!<Other>!$_": ""}
# Google's own names for "everybody" and "favourites".
_NO_GROUPS = frozenset({"mycontacts", "starred"})


def read(text: str) -> Parsed:
    """Never raises; linear. A broken line costs that line, a card without an end is kept as far as it goes."""
    parsed = Parsed()
    reader = _Reader(parsed)
    card: list[Line] | None = None
    count = 0
    for line in content_lines(text):
        if not isinstance(line, Line):
            parsed.problem(line[0], "line", line[1])
        elif line.name == "BEGIN" and line.value.strip().upper() == "VCARD":
            if card:
                parsed.problem(card[0].number, "end")
                reader.card(card)
            count += 1
            if count > MOST_ENTRIES:
                parsed.problem(line.number, "entries")
                card = None
                break
            card = [line]
        elif card is None:
            parsed.problem(line.number, "line", f"{line.name}:{line.value}")
        elif line.name == "END":
            reader.card(card)
            card = None
        else:
            card.append(line)
    if card:
        parsed.problem(card[0].number, "end")
        reader.card(card)
    reader.finish()
    return parsed


class _Reader:
    """Cards one by one; groups that are cards of their own (KIND:group) name their members by UID."""

    def __init__(self, parsed: Parsed) -> None:
        self.parsed = parsed
        self.by_uid: dict[str, int] = {}
        self.groups: list[tuple[str, list[str]]] = []

    def card(self, lines: list[Line]) -> None:
        fields: dict[str, list[Line]] = {}
        for line in lines[1:]:
            fields.setdefault(line.name, []).append(line)
        plain = any(line.value.strip() == "2.1" for line in fields.get("VERSION", ()))
        kind = [*fields.get("KIND", ()), *fields.get("X-ADDRESSBOOKSERVER-KIND", ())]
        if any(line.value.strip().lower() == "group" for line in kind):
            self._group(fields)
            return
        before = len(self.parsed.cards)
        self._fit(lines[0].number, fields, plain)
        for line in fields.get("UID", ()):
            if len(self.parsed.cards) > before:
                self.by_uid[_uid(line.value)] = before
        for name in fields:
            if name not in _KNOWN and name not in _SILENT and not name.startswith("X-"):
                self.parsed.left_out[name] += len(fields[name])

    def finish(self) -> None:
        for name, members in self.groups:
            for index in {self.by_uid[uid] for uid in members if uid in self.by_uid}:
                number, card = self.parsed.cards[index]
                if name not in card.groups:
                    with_group = Card(
                        card.name, card.organisation, card.notes, card.addresses, (*card.groups, name)
                    )
                    self.parsed.cards[index] = (number, with_group)

    def _group(self, fields: dict[str, list[Line]]) -> None:
        name = next((unescape(line.value).strip() for line in fields.get("FN", ())), "")
        members = [_uid(line.value) for field in _MEMBER for line in fields.get(field, ())]
        if name:
            self.groups.append((name, members))

    def _fit(self, number: int, fields: dict[str, list[Line]], plain: bool) -> None:
        organisation = ", ".join(
            filter(None, (part.strip() for part in split_value(_first(fields, "ORG"), ";")))
        )
        name = unescape(_first(fields, "FN")) or _of_parts(split_value(_first(fields, "N"), ";"))
        if name == organisation and _first(fields, "X-ABSHOWAS").upper() == "COMPANY":
            name = ""
        written = {line.group: line.value for line in fields.get("X-ABLABEL", ()) if line.group}
        emails = sorted(fields.get("EMAIL", ()), key=_preference)
        categories = (
            name
            for line in fields.get("CATEGORIES", ())
            for name in split_value(line.value, ",")
            if name.strip().lower() not in _NO_GROUPS
        )
        fit(
            self.parsed,
            number,
            name=name,
            organisation=organisation,
            notes="\n".join(line.value if plain else unescape(line.value) for line in fields.get("NOTE", ())),
            addresses=((line.number, unescape(line.value), _label(line, written)) for line in emails),
            groups=categories,
        )


def write(card: Card, *, version: str) -> bytes:
    """One card. What has no name is called by its organisation or address, since a card must have one."""
    lines = ["BEGIN:VCARD", f"VERSION:{version}", f"FN:{escape(card.display)}"]
    given, _, family = card.display.rpartition(" ")
    lines.append(f"N:{escape(family)};{escape(given)};;;")
    if card.organisation:
        lines.append(f"ORG:{escape(card.organisation)}")
        if not card.name:
            lines.append("X-ABShowAs:COMPANY")
    for number, one in enumerate(card.addresses, 1):
        kind = "" if version == "4.0" else ";TYPE=INTERNET"
        if one.label in ("home", "work"):
            lines.append(f"EMAIL{kind};TYPE={one.label.upper()}:{escape(one.address)}")
        elif one.label:
            lines.append(f"item{number}.EMAIL{kind}:{escape(one.address)}")
            lines.append(f"item{number}.X-ABLabel:{escape(one.label)}")
        else:
            lines.append(f"EMAIL{kind}:{escape(one.address)}")
    if card.groups:
        lines.append(f"CATEGORIES:{','.join(escape(group) for group in card.groups)}")
    if card.notes:
        lines.append(f"NOTE:{escape(card.notes)}")
    return b"".join(fold_line(line) for line in (*lines, "END:VCARD"))


def write_all(cards: Iterator[Card], *, version: str) -> Iterator[bytes]:
    for card in cards:
        yield write(card, version=version)


def _first(fields: dict[str, list[Line]], name: str) -> str:
    return next((line.value.strip() for line in fields.get(name, ())), "")


def _uid(value: str) -> str:
    return value.strip().lower().removeprefix("urn:uuid:")


def _of_parts(parts: list[str]) -> str:
    """Family; given; additional; prefix; suffix."""
    family, given, additional, prefix, suffix = (*parts[:5], *[""] * (5 - len(parts[:5])))
    return " ".join(filter(None, (part.strip() for part in (prefix, given, additional, family, suffix))))


def _preference(line: Line) -> int:
    """4.0: 1 is first, 100 last; before that the one marked as preferred."""
    if any(kind.upper() == "PREF" for kind in line.param("TYPE")):
        return 0
    return min(
        (int(value) for value in line.param("PREF") if value.isascii() and value.isdigit()), default=101
    )


def _label(line: Line, written: dict[str, str]) -> str:
    for kind in line.param("TYPE"):
        if kind.lower() in ("home", "work"):
            return kind.lower()
    label = written.get(line.group, "").strip()
    return _LABELS.get(label, unescape(label))
