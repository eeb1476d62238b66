"""The lines above a message's text: who really sent it, what it asks, what became of another, how to leave a list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from webmail.mail.address import Mailbox
from webmail.mail.receipt import ReceiptRequest
from webmail.mail.report import Report, Reported
from webmail.mailbox.pages import MessagePage, SenderCheck
from webmail.mailbox.responding import ANSWERS

from .dates import Calendar
from .marks import Mark, remembered

ANSWER, RECEIPT, LEFT = "answer", "receipt", "left"


@dataclass(frozen=True, slots=True)
class ReportLine:
    """`said` is the other server's own words."""

    words: str
    why: str = ""
    said: str = ""
    bad: bool = False


def asked(request: HttpRequest, page: MessagePage, calendar: Calendar) -> dict[str, Any]:
    """Of a message inside another none of it."""
    if page.section:
        return {}
    receipt = None if _done(request, RECEIPT, page).value else page.receipt
    return {
        "sender_check": check_words(page.check),
        "sender_failed": failed_words(page.check),
        "receipt": receipt,
        "receipt_elsewhere": elsewhere(receipt),
        "reports": report_lines(page, calendar),
        "reported_subject": page.report.subject if page.report else "",
        "reported_id": page.report.message_id if page.report else "",
        "unsubscribe": page.unsubscribe,
        "unsubscribed": bool(page.unsubscribe and _done(request, LEFT, page).value),
    }


def answered(request: HttpRequest, page: MessagePage) -> Mark:
    """What the person said to the invitation: just now, or as the message itself is marked."""
    marked = (state for state, keyword in ANSWERS.items() if keyword.lower() in page.flags)
    just_now = _done(request, ANSWER, page) if page.invitations else Mark()
    return just_now if just_now.value else Mark(next(marked, ""))


def _done(request: HttpRequest, what: str, page: MessagePage) -> Mark:
    return remembered(request, what, page.folder.name, page.uid_validity, page.uid)


def check_words(check: SenderCheck) -> str:
    match check.state:
        case "verified":
            return _("Verified: sent by {domain}").format(
                domain=Mailbox("", f"@{check.domain}").display_address[1:]
            )
        case "unverified" | "failed":
            return _("Could not be verified")
    return ""


def failed_words(check: SenderCheck) -> str:
    if check.state != "failed":
        return ""
    domain = Mailbox("", f"@{check.domain}").display_address[1:]
    return _("This was probably not sent by {domain}: it fails that domain's own check.").format(
        domain=domain
    )


def elsewhere(receipt: ReceiptRequest | None) -> str:
    """The addresses, where they are not the sender's."""
    if receipt is None or not receipt.elsewhere:
        return ""
    return ", ".join(person.display_address for person in receipt.to)


def report_lines(page: MessagePage, calendar: Calendar) -> tuple[ReportLine, ...]:
    report = page.report
    if report is None:
        return ()
    when = calendar.full(page.date) if page.date else ""
    return tuple(
        _receipt_line(report, one, when) if report.kind == "receipt" else _delivery_line(one)
        for one in report.recipients
    )


def _delivery_line(one: Reported) -> ReportLine:
    said = f"{one.status} {one.diagnostic}".strip() if one.status not in one.diagnostic else one.diagnostic
    match one.action:
        case "failed":
            words = _("Could not be delivered to {address}.").format(address=one.address)
            return ReportLine(words, _why(one.status), said, bad=True)
        case "delayed":
            words = _("Not delivered to {address} yet. The mail server goes on trying.")
            return ReportLine(words.format(address=one.address), _why(one.status), said)
        case "delivered":
            return ReportLine(_("Delivered to {address}.").format(address=one.address))
        case "relayed":
            words = _("Passed on to the mail server of {address}, which does not tell whether it arrives.")
            return ReportLine(words.format(address=one.address))
        case "expanded":
            words = _("Delivered to the list {address}, and sent on to its members.")
            return ReportLine(words.format(address=one.address))
    return ReportLine(
        _("Something became of the message to {address}.").format(address=one.address), said=said
    )


def _why(status: str) -> str:
    """The enhanced codes that people meet (RFC 3463), in words."""
    _class, _dot, detail = status.partition(".")
    match detail:
        case "1.1" | "1.10":
            return _("There is no such address.")
        case "1.2" | "4.4":
            return _("The part after @ is not a place that takes mail.")
        case "2.1":
            return _("The mailbox is closed.")
        case "2.2":
            return _("The mailbox is full.")
        case "2.3" | "3.4":
            return _("The message is too large for it.")
        case "4.1" | "4.7":
            return _("The server there did not answer in time.")
        case "7.1" | "7.0" | "7.26":
            return _("The server there does not want this message.")
    return ""


def _receipt_line(report: Report, one: Reported, when: str) -> ReportLine:
    match one.action:
        case "displayed" if report.by_itself:
            words = _("Opened at {address} on {date}, says the program there.")
        case "displayed":
            words = _("Read by {address} on {date}.")
        case "deleted":
            words = _("Deleted by {address} on {date}, perhaps without being read.")
        case "dispatched":
            words = _("Passed on to others by {address} on {date}.")
        case "processed":
            words = _("Taken care of by a program at {address} on {date}.")
        case "denied":
            words = _("{address} does not tell whether it was read.")
        case _:
            words = _("{address} got the message; what became of it is not told.")
    return ReportLine(words.format(address=one.address or _("the recipient"), date=when))
