from __future__ import annotations

from webmail.accounts.access import Access
from webmail.mail.header import decode_header
from webmail.mail.header_block import parse_headers

from . import folders
from .content import fetch_bodies
from .selecting import session_of
from .summary import Place

# A header of megabytes is an attack; its beginning tells enough.
LIMIT = 256 * 1024


def headers(
    *, access: Access, folder: str, uid_validity: int, uid: int, section: str = ""
) -> tuple[tuple[str, str], ...]:
    """Every header in the message's order, decoded."""
    place = Place(folders.canonical(folder), uid_validity, uid)
    name = f"{section}.HEADER" if section else "HEADER"
    with session_of(access, place.folder) as session:
        raw = fetch_bodies(session, place, {name: LIMIT})[name]
    return tuple((field, decode_header(value)) for field, value in parse_headers(raw.data))
