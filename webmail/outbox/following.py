"""What follows the outcome, each step by itself: nothing here can ever send again."""

from __future__ import annotations

import logging
import shutil
from dataclasses import replace
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, Final, cast

from django.utils import timezone

from webmail.accounts.access import Access
from webmail.contacts import using as contacts
from webmail.mailbox import errors, writing
from webmail.mailbox.writing import Composition
from webmail.sealed import UnsealError

from . import sealing
from .lease import Job, LeaseLostError
from .models import Outgoing
from .preparing import renewed
from .sealing import Letter
from .submitting import GIVE_UP_AFTER, growing

State = Outgoing.State
# A copy up to here is in memory on its way to Sent, a larger one in a file that has no name.
IN_MEMORY: Final = 1024 * 1024
_log = logging.getLogger(__name__)


def follow(job: Job, access: Access | None) -> None:
    """Every step that is left and can be done now; then the next try, or the end with everything forgotten."""
    if not job.row.steps:
        return
    try:
        letter = sealing.open_letter(job.row)
    except UnsealError:
        # The server's key is another now: what is left can't be done by anybody.
        job.commit(steps="", reason="fault", next_try=None)
        forget(job)
        return
    reason = ""
    for step in job.row.steps.split():
        if step == "tidy" and "file" in job.row.steps.split():
            # The draft is the person's only copy as yet.
            continue
        try:
            if step == "collect":
                _collect(job, letter)
            elif access is None:
                raise errors.SignInEndedError
            else:
                _STEPS[step](job, access, letter)
        except LeaseLostError:
            raise
        except errors.QuotaError:
            reason = "quota"
        except errors.SignInEndedError:
            access, reason = None, reason or "access"
        except Exception as error:  # noqa: BLE001 - whatever it is, the mail has gone out and the rest goes on
            _log.warning("The outbox can't %s yet: %s", step, type(error).__name__)
            reason = reason or "server"
        else:
            _done(job, step)
    if job.row.steps and access is not None and _in_vain(job.row):
        job.commit(steps="")
    if job.row.steps:
        _later(job, reason, alone=access is not None)
    else:
        forget(job)


def _in_vain(row: Outgoing) -> bool:
    """What is left is no loss to anybody, and was tried for hours."""
    minor = set(row.steps.split()) <= {"mark", "tidy", "collect"}
    return minor and row.finished is not None and timezone.now() - row.finished > GIVE_UP_AFTER


def forget(job: Job, *, keep_letter: bool = False) -> None:
    """It is done. The text of one that some recipients refused stays, to write to those again."""
    row = job.row
    sealing.remove_message(row.file)
    changes: dict[str, Any] = {"file": "", "credentials": "", "credentials_until": None, "next_try": None}
    if row.state in (State.ACCEPTED, State.FILED):
        changes |= {"state": State.DONE, "reason": ""}
        keep_letter = _refused_for_some(row)
        if not keep_letter:
            changes["notes"] = sealing.change_notes(row, subject="")
    if not keep_letter:
        changes["letter"] = ""
    job.commit(**changes)


def _done(job: Job, step: str) -> None:
    left = " ".join(name for name in job.row.steps.split() if name != step)
    job.commit(steps=left, state=State.FILED if step == "file" else job.row.state)


def _later(job: Job, reason: str, *, alone: bool) -> None:
    """`alone`: without the person, while the job's own credentials last."""
    now = timezone.now()
    row = job.row
    waited = now - (row.finished or row.created)
    can = alone and row.credentials_until is not None and row.credentials_until > now
    if row.state in (State.REFUSED, State.UNKNOWN):
        reason = row.reason
    job.commit(reason=reason, next_try=now + growing(waited) if can else None)


def put_in_drafts(access: Access, former: Composition) -> Composition:
    """Its text as a message that can be sent anew, in place of the former draft. Raises what saving raises."""
    now = timezone.localtime(timezone.now())
    saved = writing.save_draft(access=access, composition=replace(renewed(former), draft=None), now=now)
    writing.remove_draft(access=access, draft=former.draft, message_id=former.message_id)
    return saved.composition


def _file(job: Job, access: Access, letter: Letter) -> None:
    """The octets that went out, with Bcc in front, which is for the person alone."""
    if not access.person.save_sent or letter.made == "notice":
        return
    with SpooledTemporaryFile(IN_MEMORY) as copy, sealing.read_message(job.row) as message:
        copy.write(letter.blind.encode())
        shutil.copyfileobj(message, copy)
        writing.file_in_sent(
            access=access,
            message=cast(BinaryIO, copy),
            size=copy.tell(),
            message_id=letter.composition.message_id,
            folder=writing.identity_of(access, letter.composition).sent_folder,
            maybe_there=not job.fresh,
        )


def _mark(_job: Job, access: Access, letter: Letter) -> None:
    writing.mark_origins(access=access, origins=letter.composition.origins)


def _tidy(job: Job, access: Access, letter: Letter) -> None:
    """The draft, and the files that were attached, unless the text is still needed."""
    former = letter.composition
    writing.remove_draft(access=access, draft=former.draft, message_id=former.message_id)
    if not _refused_for_some(job.row):
        for attached in former.attachments:
            writing.drop_upload(access=access, token=attached.token)


def _keep(job: Job, access: Access, letter: Letter) -> None:
    if letter.made:
        return
    saved = put_in_drafts(access, letter.composition)
    job.commit(notes=sealing.change_notes(job.row, draft=saved.draft))


def _collect(job: Job, letter: Letter) -> None:
    if job.row.person.collect_recipients and not letter.made:
        contacts.collect(person=job.row.person, mailboxes=writing.everybody(letter.composition))


def _refused_for_some(row: Outgoing) -> bool:
    return row.deliveries.filter(accepted=False).exists()


_STEPS = {"file": _file, "mark": _mark, "tidy": _tidy, "keep": _keep}
