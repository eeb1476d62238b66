"""Read receipts (RFC 8098): one at most, and only when the person says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _

from webmail.accounts.access import Access
from webmail.accounts.identities import identity_for
from webmail.mail.receipt import receipt
from webmail.mail.reply import original_of, thread_of

from ..reading.asking import receipt_of
from ..writing import Composition, Origin, mark_origins
from .response import NothingToAnswerError, Response, file, message_id_once, opened, response


def send_receipt(
    *, access: Access, folder: str, uid_validity: int, uid: int, now: datetime
) -> tuple[Response, ...]:
    """One to each address that asked. Raises NothingToAnswerError, and what reading raises."""
    found = opened(access, folder, uid_validity, uid)
    header = found.content.header
    asked = receipt_of(access, header, found.flags, found.role)
    if asked is None:
        raise NothingToAnswerError
    original = original_of(header)
    people = (*original.delivered_to, *(one.address for one in (*original.to, *original.cc)))
    identity = identity_for(person=access.person, addresses=people)
    if "@" not in identity.address:
        raise NothingToAnswerError
    text = _("Your message “{subject}” was shown to {address}. This does not say that it was understood.")
    made = receipt(
        header,
        reader=identity.address,
        text=text.format(subject=original.subject[:200] or _("(no subject)"), address=identity.address),
    )
    thread = thread_of(original)
    parts = (
        file("", "message/disposition-notification", made.notification),
        file("", "text/rfc822-headers", made.headers),
    )
    return tuple(
        response(
            Composition(
                message_id=message_id_once(access, found.place, identity, f"receipt {person.address}"),
                identity=identity.key,
                to=person.address,
                subject=_("Read: {subject}").format(subject=original.subject[:200] or _("(no subject)")),
                text=made.text,
                in_reply_to=thread.in_reply_to,
                references=" ".join(thread.references),
                origins=(replace(found.origin, kind="receipt"),),
            ),
            identity,
            replace(person, name=""),
            now=now,
            null_sender=True,
            attachments=parts,
            report="disposition-notification",
        )
        for person in asked.to
    )


def refuse_receipt(*, access: Access, folder: str, uid_validity: int, uid: int) -> None:
    """It is not asked for again, where the server keeps the mark for it: as if it was sent (RFC 3503)."""
    origin = Origin("receipt", folder, uid_validity, uid)
    mark_origins(access=access, origins=(origin,))
