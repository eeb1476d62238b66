"""The search box, its form, its terms, and what is said of a search: everything ready for the templates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from webmail.accounts.models import Person
from webmail.accounts.searches import searches_of
from webmail.mailbox.pages import Found
from webmail.mailbox.query import QueryError, parse
from webmail.mailbox.query.terms import Term, Without, quoted
from webmail.mailbox.view import NEWEST_FIRST, View

from .addresses import folder_address, view_address, with_query
from .narrowing import filter_words
from .presentation import folder_label

# Fields of the form that builds a search; each is an operator.
FIELDS = ("from", "to", "cc", "subject", "after", "before", "larger", "smaller", "label", "filename", "is")


@dataclass(frozen=True, slots=True)
class Shown:
    """A term; `without`: the address of the list without it."""

    text: str
    without: str


@dataclass(frozen=True, slots=True)
class Scope:
    """A choice of where to look, and its address."""

    label: str
    address: str
    current: bool


@dataclass(frozen=True, slots=True)
class Box:
    """The search box of a page. `fields` fill the form that builds a search, none where there is no search; `scope`
    and `sort` go along with a new one."""

    action: str = folder_address("INBOX")
    text: str = ""
    place: str = ""
    scope: str = ""
    sort: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


def box_of(view: View, place: str) -> Box:
    return Box(
        action=folder_address(view.folder),
        text=view.text,
        place=place,
        scope=view.scope if view.scope != "folder" else "",
        sort=view.sort if view.sort != NEWEST_FIRST else "",
        fields=_fields(view.text) if view.text else {},
    )


def _fields(text: str) -> dict[str, str]:
    """The search as the form would have it; what the form has no field for is among the words."""
    found: dict[str, str] = {}
    words: list[str] = []
    without: list[str] = []
    for part in parse(text).parts:
        if isinstance(part, Term) and part.field in FIELDS and part.field not in found:
            found[part.field] = part.value
        elif isinstance(part, Term) and part.field == "has":
            found["attachment"] = "1"
        elif isinstance(part, Without) and isinstance(part.part, Term) and not part.part.field:
            without.append(quoted(part.part.value))
        else:
            words.append(str(part))
    return found | {"words": " ".join(words), "without": " ".join(without)}


def built(data: Mapping[str, str]) -> str:
    """The search that the form's fields say. What is wrong in it shows when it is read."""
    pieces = [data.get("words", "").strip()]
    pieces += (f"{name}:{quoted(value)}" for name in FIELDS if (value := data.get(name, "").strip()))
    if data.get("attachment"):
        pieces.append("has:attachment")
    try:
        pieces += (
            str(Without(part))
            for part in parse(data.get("without", "")).parts
            if not isinstance(part, Without)
        )
    except QueryError:
        pieces.append(f"-({data.get('without', '')})")
    return " ".join(filter(None, pieces))


def terms_of(view: View) -> tuple[Shown, ...]:
    query = parse(view.text)
    return tuple(
        Shown(str(part), view_address(replace(view, text=str(query.without(index)))))
        for index, part in enumerate(query.parts)
    )


def scopes_of(view: View, place: str, *, subtree: bool) -> tuple[Scope, ...]:
    """Where else the same can be looked for; `subtree`: there are folders in this one."""
    words = {"folder": place, "subtree": _("With its folders"), "all": _("All folders")}
    if not subtree and view.scope != "subtree":
        del words["subtree"]
    if view.scope == "everywhere":
        words["everywhere"] = _("Junk and trash too")
    current = "" if view.query.places else view.scope
    return tuple(
        Scope(label, view_address(replace(view, scope=scope)), scope == current)
        for scope, label in words.items()
    )


def scope_label(view: View, place: str) -> str:
    """What is searched, as the title of the list."""
    if view.query.places:
        return _("Chosen folders")
    match view.scope:
        case "subtree":
            return _("{folder} with its folders").format(folder=place)
        case "all":
            return _("All folders")
        case "everywhere":
            return _("Everywhere")
    return place


@dataclass(frozen=True, slots=True)
class SavedLink:
    """A saved search beside the folders."""

    name: str
    address: str
    current: bool


def saved_links(person: Person, here: str) -> tuple[SavedLink, ...]:
    """`here` is the address of the page."""
    links = [
        (one.name, with_query(folder_address(one.folder), one.query)) for one in searches_of(person=person)
    ]
    return tuple(
        SavedLink(name, address, here == address or here.startswith(f"{address}&page="))
        for name, address in links
    )


def suggested_name(view: View) -> str:
    """What a search is called that nobody gave a name."""
    return view.text or ", ".join(filter_words(view)) or _("Search")


def found_lines(found: Found) -> list[str]:
    """What must be known of a search beside its rows."""
    lines: list[str] = []
    if found.unsorted:
        lines.append(_("Shown newest first until everything is found; then it is sorted."))
    if found.sorted_newest:
        lines.append(
            _("Only the newest {count} messages are sorted. The others follow, newest first.").format(
                count=number_format(found.sorted_newest, force_grouping=True)
            )
        )
    if found.listed is not None:
        lines.append(
            _(
                "Of each folder the newest are listed, {count} in all. Search one folder to see the others."
            ).format(count=number_format(found.listed, force_grouping=True))
        )
    if found.left_out:
        names = ", ".join(folder_label(folder) for folder in found.left_out)
        lines.append(
            _("Could not be searched: {folders}. Search again to try once more.").format(folders=names)
        )
    if found.unknown:
        lines.append(_("There is no folder called {names}.").format(names=", ".join(found.unknown)))
    return lines


def progress_words(found: Found) -> str:
    done, every = found.folders
    if every > 1:
        return _("Searching: {done} of {all} folders are done.").format(done=done, all=every)
    return _("Searching: {percent} % is looked through.").format(percent=int(found.share * 100))


def error_words(error: QueryError) -> str:
    """In plain words, with the piece named."""
    match error.code:
        case "long":
            return _("The search is too long. Ten thousand characters are the most.")
        case "many":
            return _("The search has too many words. A thousand are the most.")
        case "control":
            return _("The search holds invisible characters that no mail server takes. Type it anew.")
        case "quote":
            said = _("A quotation mark is opened and not closed: {piece}")
        case "open":
            said = _("A bracket is opened and not closed: {piece}")
        case "close":
            said = _("A bracket is closed that was not opened: {piece}")
        case "deep":
            return _("There are too many brackets inside each other.")
        case "empty":
            said = _("Something has to follow: {piece}")
        case "or" | "not":
            said = _("Something has to stand beside {piece}.")
        case "unknown":
            said = _("{piece} is not known. Did you mean {hint}? In quotation marks it is an ordinary word.")
        case "is" | "has":
            said = _("{piece} is not known. It can be: {hint}.")
        case "size":
            said = _("{piece} is not a size. Write it as 500k or 5M.")
        case "date":
            said = _("{piece} is not a date. Write it as 2026-11-25, 25.11.2026, 7d or yesterday.")
        case "place":
            said = _("{piece} can only stand by itself, not under a minus or beside OR.")
        case _:
            return _("The address of this list can't be understood.")
    return said.format(piece=error.piece, hint=error.hint)
