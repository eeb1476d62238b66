from __future__ import annotations

from webmail.accounts.access import Access

from ..errors import FolderNotFoundError, MessageNotFoundError
from ..places import likely_folder
from ..reading import folders
from ..reading.asking import report_of
from ..reading.content import with_bodies
from ..reading.plan import plan_of
from ..reading.selecting import session_of, with_selected
from ..reading.summary import Place
from ..writing.appending import with_id
from .response import opened


def find_sent(*, access: Access, folder: str, uid_validity: int, uid: int) -> Place:
    """Where in Sent the message lies that this report is about. Raises MessageNotFoundError where it doesn't."""
    found = opened(access, folder, uid_validity, uid)
    plan = plan_of(found.content.summary.root, access.person.prefer)
    with session_of(access, found.place.folder) as session:
        report = report_of(with_bodies(session, found.place, found.content, plan.sections), plan)
    if report is None or not report.message_id:
        raise MessageNotFoundError
    sent = folders.canonical(likely_folder(access, "sent"))
    try:
        with session_of(access, sent) as session:
            (answer,) = with_selected(session, sent, with_id(report.message_id.strip("<>")))
            state = session.selected
    except FolderNotFoundError as error:
        raise MessageNotFoundError from error
    if state is None or not answer.numbers:
        raise MessageNotFoundError
    return Place(sent, state.uid_validity or 0, max(answer.numbers))
