"""CSV: read as Google and Outlook write it, written with Google's headings."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator

from ..pages import Card
from .csv_names import column
from .fitting import fit
from .parsed import MOST_ENTRIES, Parsed

SEPARATOR = " ::: "
_MOST_COLUMNS = 1_000
_FIRST_LINE = re.compile(r"[^\r\n]*")
_QUOTED = re.compile(r'"[^"]*+"')
# What a spreadsheet takes for a formula.
_FORMULA = re.compile("'*+[=+\\-@\t\r＝＋－＠]")
_NO_GROUPS = frozenset({"* mycontacts", "* my contacts", "* starred"})
# Outlook's word for how an address is reached, not where.
_NO_LABELS = frozenset({"smtp", "ex", "*", "internet"})


def read(text: str) -> Parsed | None:
    """None where no column is known. Never raises; linear. A record that can't be read costs that record."""
    parsed = Parsed()
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    columns: dict[int, tuple[str, int]] | None = None
    start = 1
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return parsed if columns else None
        except csv.Error as error:
            if columns is None:
                return None
            parsed.problem(start, "quote" if "end of data" in str(error) else "line")
            start = rows.line_num + 1
            continue
        number, start = start, rows.line_num + 1
        if columns is None:
            if any(cell.strip() for cell in row):
                columns = {
                    place: found for place, cell in enumerate(row[:_MOST_COLUMNS]) if (found := column(cell))
                }
                if not {"address", "name", "given", "family"} & {field for field, _ in columns.values()}:
                    return None
        elif any(cell.strip() for cell in row):
            if len(parsed.cards) >= MOST_ENTRIES:
                parsed.problem(number, "entries")
                return parsed
            _record(parsed, number, row, columns)


def write_all(cards: Iterable[Card], *, addresses: int) -> Iterator[bytes]:
    """With a mark at the start by which spreadsheets know UTF-8, and columns for so many addresses."""
    numbers = range(1, max(addresses, 1) + 1)
    headings = ["Name", "Organization Name", "Notes", "Labels"]
    headings += [f"E-mail {number} - {part}" for number in numbers for part in ("Label", "Value")]
    yield b"\xef\xbb\xbf" + _row(headings)
    for card in cards:
        cells = [card.name, card.organisation, card.notes, SEPARATOR.join(card.groups)]
        for one in card.addresses[:addresses]:
            cells += (one.label, one.address)
        yield _row([*map(harmless, cells), *[""] * (len(headings) - len(cells))])


def harmless(cell: str) -> str:
    """An apostrophe before what a spreadsheet would take for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _original(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def _row(cells: list[str]) -> bytes:
    line = io.StringIO(newline="")
    csv.writer(line).writerow(cells)
    return line.getvalue().encode()


def _delimiter(text: str) -> str:
    heading = _QUOTED.sub("", (_FIRST_LINE.match(text) or [""])[0][:20_000])
    return max(",;\t", key=heading.count)


def _record(parsed: Parsed, number: int, row: list[str], columns: dict[int, tuple[str, int]]) -> None:
    cells: dict[tuple[str, int], str] = {}
    for place, found in columns.items():
        if place < len(row) and row[place].strip():
            cells.setdefault(found, _original(row[place]))
    whole = cells.get(("name", 1), "")
    parts = (cells.get((part, 1), "").strip() for part in ("prefix", "given", "middle", "family", "suffix"))
    fit(
        parsed,
        number,
        name=whole if whole.strip() else " ".join(filter(None, parts)),
        organisation=cells.get(("organisation", 1), ""),
        notes=cells.get(("notes", 1), ""),
        addresses=_addresses(number, cells),
        groups=_groups(cells),
    )


def _addresses(number: int, cells: dict[tuple[str, int], str]) -> Iterator[tuple[int, str, str]]:
    for (field, which), text in sorted(cells.items(), key=lambda item: item[0][1]):
        if field == "address":
            label = cells.get(("label", which), "").removeprefix("* ").strip()
            for address in text.split(SEPARATOR.strip()):
                yield number, address.strip(), "" if label.lower() in _NO_LABELS else label


def _groups(cells: dict[tuple[str, int], str]) -> Iterator[str]:
    for name in cells.get(("groups", 1), "").split(SEPARATOR.strip()):
        if name.strip().lower() not in _NO_GROUPS:
            yield name.strip().removeprefix("* ")
    yield from cells.get(("categories", 1), "").split(";")
