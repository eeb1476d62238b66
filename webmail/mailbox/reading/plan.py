"""What of a message to fetch and show, decided from its structure alone."""

from __future__ import annotations

from dataclasses import dataclass, field

from webmail.mail.parse import MESSAGE_TYPES
from webmail.mail.part import Part
from webmail.mail.parts import HTML_TYPES, Body, choose_body
from webmail.mail.report import ReportParts, report_parts

# Octets as transferred. What is longer is shown up to here, with the source to download.
TEXT_LIMIT = 1024 * 1024
HTML_LIMIT = 3 * 1024 * 1024
CALENDAR_LIMIT = 256 * 1024
REPORT_LIMIT = 64 * 1024


@dataclass(frozen=True, slots=True)
class Plan:
    """`as_html`: the leaves of the HTML version are shown, in a document of their own."""

    choice: Body = field(default_factory=Body)
    as_html: bool = False
    report: ReportParts | None = None

    @property
    def has_html(self) -> bool:
        return self.choice.html is not None

    @property
    def has_text(self) -> bool:
        return bool(self.choice.text_view)

    @property
    def leaves(self) -> tuple[Part, ...]:
        return self.choice.html_view if self.as_html else self.text_leaves

    @property
    def text_leaves(self) -> tuple[Part, ...]:
        return self.choice.text_view or self.choice.html_view

    @property
    def sections(self) -> dict[str, int]:
        """What to fetch, each with its limit in octets."""
        calendars = {section_of(part): CALENDAR_LIMIT for part in self.choice.calendars}
        report = dict.fromkeys(report_sections(self.report), REPORT_LIMIT) if self.report else {}
        return report | sections_of(self.leaves) | calendars


def plan_of(root: Part | None, prefer: str) -> Plan:
    if root is None:
        return Plan()
    choice = choose_body(root, "text" if prefer == "text" else "html")
    return Plan(
        choice,
        as_html=choice.html is not None and (prefer != "text" or not choice.text_view),
        report=report_parts(root),
    )


def sections_of(leaves: tuple[Part, ...]) -> dict[str, int]:
    return {section_of(part): HTML_LIMIT if part.type in HTML_TYPES else TEXT_LIMIT for part in leaves}


def report_sections(found: ReportParts) -> tuple[str, ...]:
    """What the report says, and (where it is there) the header of the message it is about."""
    about = found.original
    if about is None:
        return (found.status.section,)
    return found.status.section, f"{about.section}.HEADER" if about.type in MESSAGE_TYPES else about.section


def section_of(part: Part) -> str:
    """The name to FETCH it by: a multipart that could not be taken apart is the whole text."""
    return part.section or "TEXT"
