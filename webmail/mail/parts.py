"""Which parts of a message a person reads, and which are files beside it (RFC 2046, 2387, 1847, 6522)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Literal

from webmail.mail.parse import MESSAGE_TYPES
from webmail.mail.part import Part

# Deeper than this nothing is looked for; what is there is an attachment of its multipart's.
MAX_DEPTH = 120

HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
PLAIN_TYPES = frozenset(
    {"text/plain", "text/enriched", "text/richtext", "text/markdown", "text/x-markdown", "text"}
)
REPORT_TYPES = frozenset(
    {"message/delivery-status", "message/global-delivery-status", "message/disposition-notification"}
    | {"message/feedback-report", "message/tracking-status", "message/global-disposition-notification"}
)
CALENDAR_TYPES = frozenset({"text/calendar", "application/ics", "text/x-vcalendar"})
SIGNATURES = frozenset(
    {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"}
)
TNEF_TYPES = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_HIDDEN = SIGNATURES | {"application/applefile", "application/pgp-encrypted"}
_VARIANTS = PLAIN_TYPES | HTML_TYPES | {"text/x-amp-html", "text/watch-html", "text/rtf", "text/xml"}
_ENVELOPED = ("enveloped-data", "authenveloped-data")


@dataclass(frozen=True, slots=True)
class Body:
    """What to show of a message.

    `html_view` and `text_view` are the leaves to show in order, in either version; the first is empty where the
    message has no HTML, the second may hold HTML parts that have no plain counterpart. `shown` is the one asked
    for, or else the other. `related` are the parts that HTML may refer to by Content-ID or location.
    `notes`: "signed", "encrypted", "report", "external", "partial".
    """

    html_view: tuple[Part, ...] = ()
    text_view: tuple[Part, ...] = ()
    prefer: Literal["html", "text"] = "html"
    calendars: tuple[Part, ...] = ()
    messages: tuple[Part, ...] = ()
    related: tuple[Part, ...] = ()
    hidden: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()

    @property
    def html(self) -> Part | None:
        """The first HTML part of the HTML version."""
        return next((part for part in self.html_view if part.type in HTML_TYPES), None)

    @property
    def text(self) -> tuple[Part, ...]:
        """The text version's parts that are text already."""
        return tuple(part for part in self.text_view if part.type not in HTML_TYPES)

    @property
    def shown(self) -> tuple[Part, ...]:
        if self.prefer == "text":
            return self.text_view or self.html_view
        return self.html_view or self.text_view


def choose_body(root: Part, prefer: Literal["html", "text"] = "html") -> Body:
    """Reads the tree once, without looking into nested messages. Never raises."""
    choice = _Choice()
    html, text = choice.views(root, 0, embedded=False)
    if not html and not text:
        html, text = choice.late_views()
    if not any(part.type in HTML_TYPES for part in html):
        text, html = text or html, ()
    shown = {part.section for part in (*html, *text)}
    return Body(
        html_view=tuple(html),
        text_view=tuple(text),
        prefer=prefer,
        calendars=tuple(choice.calendars),
        messages=tuple(choice.messages),
        related=tuple(choice.related),
        hidden=frozenset(choice.hidden - shown),
        notes=tuple(dict.fromkeys(choice.notes)),
    )


Views = tuple[tuple[Part, ...], tuple[Part, ...]]
_NOTHING: Views = ((), ())


@dataclass(slots=True)
class _Choice:
    calendars: list[Part] = field(default_factory=list)
    messages: list[Part] = field(default_factory=list)
    related: list[Part] = field(default_factory=list)
    hidden: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    named: list[Part] = field(default_factory=list)

    def views(self, part: Part, depth: int, *, embedded: bool) -> Views:
        """(HTML version, text version) of a part. `embedded`: a name does not make it a file of its own."""
        if depth > MAX_DEPTH:
            return _NOTHING
        major, _, minor = part.type.partition("/")
        if major != "multipart" or not part.children:
            return self.leaf(part, embedded=embedded)
        if minor == "alternative":
            return self.alternative(part, depth)
        if minor == "related":
            return self.of_related(part, depth)
        if minor == "signed":
            self.notes.append("signed")
            self.hidden.update(child.section for child in part.children[1:] if child.type in SIGNATURES)
        elif minor == "encrypted":
            self.notes.append("encrypted")
        elif minor == "report":
            self.notes.append("report")
        elif minor == "appledouble":
            self.hidden.update(
                child.section for child in part.children if child.type == "application/applefile"
            )
        views = [self.views(child, depth + 1, embedded=False) for child in part.children]
        return sum((html for html, _ in views), ()), sum((text for _, text in views), ())

    def leaf(self, part: Part, *, embedded: bool) -> Views:
        if part.type in MESSAGE_TYPES:
            self.messages.append(part)
            return _NOTHING
        if part.type in CALENDAR_TYPES:
            self.calendars.append(part)
            return _NOTHING
        self.note(part)
        if part.disposition == "attachment":
            return _NOTHING
        if part.type in REPORT_TYPES:
            return (part,), (part,)
        if part.type not in PLAIN_TYPES and part.type not in HTML_TYPES and not _is_boundless(part):
            return _NOTHING
        if part.filename and not embedded:
            self.named.append(part)
            return _NOTHING
        return (part,), (part,)

    def note(self, part: Part) -> None:
        if part.type in ("application/pkcs7-mime", "application/x-pkcs7-mime"):
            opaque = part.param("smime-type").lower() in _ENVELOPED or not part.param("smime-type")
            self.notes.append("encrypted" if opaque else "signed")
        elif part.type == "message/external-body":
            self.notes.append("external")
        elif part.type == "message/partial":
            self.notes.append("partial")

    def late_views(self) -> Views:
        """Nothing else is text: a first one that has a name is what there is to read."""
        first = self.named[:1]
        return tuple(first), tuple(first)

    def alternative(self, part: Part, depth: int) -> Views:
        """RFC 2046, 5.1.4: the last that can be shown is the best; the plain one is the text version."""
        html: tuple[Part, ...] = ()
        text: tuple[Part, ...] = ()
        rich = False
        for child in part.children:
            its_html, its_text = self.views(child, depth + 1, embedded=True)
            is_rich = any(leaf.type in HTML_TYPES for leaf in its_html)
            if its_html and (is_rich or not rich):
                html, rich = its_html, rich or is_rich
            plain = tuple(leaf for leaf in its_text if leaf.size > 2)
            if plain and (not text or (_is_html(text) and not _is_html(plain))):
                text = its_text
            if child.type in _VARIANTS and child.disposition != "attachment":
                self.hidden.add(child.section)
            elif child.children:
                self.hidden.update(
                    leaf.section for leaf in child.walk() if leaf.type in _VARIANTS and not leaf.filename
                )
        return html, text or html

    def of_related(self, part: Part, depth: int) -> Views:
        """RFC 2387: the root is named by `start`, or is the first; the others belong to it."""
        start = part.param("start").strip("<> ")
        roots = [child for child in part.children if start and child.content_id == start]
        order = (*roots, *(child for child in part.children if child not in roots))
        chosen = _NOTHING
        for child in order:
            if any(chosen):
                self.related += (leaf for leaf in child.walk() if not leaf.type.startswith("multipart/"))
                if child.type in MESSAGE_TYPES:
                    self.messages.append(child)
                elif child.type in CALENDAR_TYPES:
                    self.calendars.append(child)
                elif child.type.startswith("multipart/"):
                    self.views(child, depth + 1, embedded=False)
            else:
                before = len(self.named)
                chosen = self.views(child, depth + 1, embedded=child.type in HTML_TYPES)
                if not any(chosen) and len(self.named) == before and child.type not in MESSAGE_TYPES:
                    self.related.append(child)
        return chosen


def _is_html(parts: tuple[Part, ...]) -> bool:
    return all(part.type in HTML_TYPES for part in parts)


def _is_boundless(part: Part) -> bool:
    """A multipart that can't be taken apart is read as text (RFC 2045, 5.2)."""
    return part.type.startswith("multipart/") and not part.children and part.size > 0


def attachments(root: Part, body: Body, referenced: Collection[str] | None = None) -> tuple[Part, ...]:
    """The leaves that are not shown, in order; a nested message is one, what is in it is not.

    `referenced` are the Content-IDs and Content-Locations that the shown HTML uses; with None, everything it
    could refer to is taken as used when HTML is shown.
    """
    shown = {part.section for part in (*body.html_view, *body.text_view)}
    related = {part.section for part in body.related}
    found = []
    for part in _leaves(root):
        if part.section in shown or part.section in body.hidden or part.type in _HIDDEN:
            continue
        if part.type in CALENDAR_TYPES and not part.filename and part.disposition != "attachment":
            continue
        if part.type.startswith("multipart/") and not part.size:
            continue
        if referenced is None:
            if part.section in related and body.html and _is_referable(part):
                continue
        elif _is_referable(part) and (part.content_id in referenced or part.content_location in referenced):
            continue
        found.append(part)
    return tuple(found)


def has_attachment(root: Part) -> bool:
    """For the mark in a list: a file that a person sent, not the pictures, signatures and variants of a letter."""
    if _is_letter(root) or (root.type == "multipart/alternative" and all(map(_is_letter, root.children))):
        return False
    return any(part.type not in TNEF_TYPES or part.filename for part in attachments(root, choose_body(root)))


def _is_letter(part: Part) -> bool:
    return part.type in ("text/plain", "text/html") and not part.filename and not part.disposition


def _is_referable(part: Part) -> bool:
    return bool(part.content_id or part.content_location) and not part.type.startswith("message/")


def _leaves(root: Part) -> list[Part]:
    found: list[Part] = []
    stack = [root]
    while stack:
        part = stack.pop()
        if part.children and part.type not in MESSAGE_TYPES:
            stack.extend(reversed(part.children))
        else:
            found.append(part)
    return found
