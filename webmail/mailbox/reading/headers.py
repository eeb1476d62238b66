from __future__ import annotations

from webmail.accounts.access import Access
from webmail.mail.header import decode_header
from webmail.mail.header_block import parse_headers

from . import folders
from .content import fetch_bodies, summary_of
from .selecting import session_of
from .summary import Place, inside

# A header of megabytes is an attack; its beginning tells enough.
LIMIT = 256 * 1024


def headers(
    *, access: Access, folder: str, uid_validity: int, uid: int, section: str = ""
) -> tuple[tuple[str, str], ...]:
    """Every header in the message's order, decoded; with `section` those of the message inside it.

    Raises PartNotFoundError where there is none.
    """
    place = Place(folders.canonical(folder), uid_validity, uid)
    name = f"{section}.HEADER" if section else "HEADER"
    with session_of(access, place.folder) as session:
        if section:
            inside(summary_of(session, place), section)
        raw = fetch_bodies(session, place, {name: LIMIT})[name]
    return tuple((field, decode_header(value)) for field, value in parse_headers(raw.data))
