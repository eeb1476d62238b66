"""What a message asks of its reader, and what it tells about another: invitations, receipts, reports, lists."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from webmail.accounts.access import Access
from webmail.accounts.identities import own_addresses
from webmail.accounts.models import Person
from webmail.mail.authentication import from_domain, is_aligned, verdict
from webmail.mail.charset import decode
from webmail.mail.invitation import Invitation, invitation_of
from webmail.mail.part import Part
from webmail.mail.receipt import ReceiptRequest, receipt_request
from webmail.mail.report import Report, read_report
from webmail.mail.transfer import decode as decode_transfer
from webmail.mail.unsubscribe import Unsubscribe, unsubscribe_of

from ..pages import SenderCheck
from .content import Content, Raw
from .plan import Plan, report_sections, section_of

RECEIPT_SENT = "$MDNSent"
"""RFC 3503: it was answered, or will not be."""

ANSWERS: Final = {
    "accepted": "InvitationAccepted",
    "tentative": "InvitationTentative",
    "declined": "InvitationDeclined",
}
"""The keyword by which an invitation remembers its answer."""

# One's own, and what nobody should learn of that it was read.
_NOT_ASKED_IN = frozenset({"sent", "drafts", "junk"})


def invitations_of(access: Access, content: Content, plan: Plan) -> tuple[Invitation, ...]:
    """Each event once: invitations often come both to be shown and as a file."""
    if not plan.choice.calendars:
        return ()
    # Loads a library that takes 5 MB.
    from webmail.mail.calendar import read_events

    own = own_addresses(person=access.person)
    found: dict[tuple[object, ...], Invitation] = {}
    for part in plan.choice.calendars:
        for event in read_events(calendar_text(content, part)):
            key = (event.uid or event, event.start, event.sequence)
            found.setdefault(key, invitation_of(event, own))
    return tuple(found.values())


def calendar_text(content: Content, part: Part) -> str:
    raw = content.bodies.get(section_of(part), Raw(b"", True))
    return decode(decode_transfer(raw.data, part.encoding), part.charset or "utf-8")


def report_of(content: Content, plan: Plan) -> Report | None:
    if plan.report is None:
        return None
    status, *about = report_sections(plan.report)
    told = content.bodies.get(status, Raw(b"", True))
    original = content.bodies.get(about[0], Raw(b"", True)) if about else Raw(b"", True)
    header = original.data
    if plan.report.original is not None and about[0] == plan.report.original.section:
        header = decode_transfer(header, plan.report.original.encoding)
    return read_report(plan.report.kind, decode_transfer(told.data, plan.report.status.encoding), header)


def receipt_of(access: Access, header: bytes, flags: Collection[str], role: str) -> ReceiptRequest | None:
    """None where nobody asks, the person never answers, or the answer was given."""
    if access.person.answer_receipts == Person.AnswerReceipts.NEVER or role in _NOT_ASKED_IN:
        return None
    if RECEIPT_SENT.lower() in flags or receipt_request(header) is None:
        return None
    return receipt_request(header, own_addresses(person=access.person))


def unsubscribe(access: Access, header: bytes, role: str) -> Unsubscribe:
    return Unsubscribe() if role in _NOT_ASKED_IN else unsubscribe_of(header, access.domain.trusted_hosts)


def sender_check(access: Access, header: bytes, role: str = "") -> SenderCheck:
    """DMARC's answer, or without one a signature by the domain of From."""
    hosts = access.domain.trusted_hosts
    if not hosts or role in ("sent", "drafts"):
        return SenderCheck()
    found, domain = verdict(header, hosts), from_domain(header)
    if not found.trusted or not domain:
        return SenderCheck("unverified", domain)
    if found.dmarc == "fail":
        return SenderCheck("failed", domain)
    signed = any(is_aligned(signer, domain) for signer in found.dkim_domains)
    return SenderCheck("verified" if found.dmarc == "pass" or signed else "unverified", domain)
