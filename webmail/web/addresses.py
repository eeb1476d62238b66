"""Addresses of our own pages, made without a look-up for each of a list's fifty rows."""

from __future__ import annotations

from urllib.parse import quote

from webmail.mailbox.reading.links import Links
from webmail.mailbox.view import View

from .converters import encode_folder

# What Django's own `reverse` leaves as it is.
_SAFE = "/~:@!$&'()*+,;="


def folder_address(folder: str, page: int = 1) -> str:
    return f"/folder/{_folder(folder)}/" + (f"?page={page}" if page > 1 else "")


def view_address(view: View, page: int = 1) -> str:
    """A page of a list as it is searched, filtered and sorted."""
    return with_query(f"/folder/{_folder(view.folder)}/", view.to_query(page=page if page > 1 else 0))


def home_of(view: View, folder: str) -> str:
    """For the `list` of the query of a message in this folder that is seen in a view of several folders: the view's
    own folder, where that is another."""
    return encode_folder(view.folder) if view.folder != folder else ""


def with_query(address: str, query: str) -> str:
    return f"{address}?{query}" if query else address


def threads_address(folder: str) -> str:
    return f"/threads/{_folder(folder)}/"


def settings_address(folder: str) -> str:
    return f"/folders/one/{_folder(folder)}/"


def marking_address(folder: str) -> str:
    return f"/mark/{_folder(folder)}/"


def messages_prefix(folder: str, uid_validity: int) -> str:
    """What stands before the UID: `f"{messages_prefix(...)}{uid}/"` is a message's address."""
    return f"/message/{_folder(folder)}/{uid_validity}/"


def message_address(folder: str, uid_validity: int, uid: int) -> str:
    return f"{messages_prefix(folder, uid_validity)}{uid}/"


def message_links(message: str) -> Links:
    """What stands inside the message at this address."""
    return Links(
        part=lambda section: f"{message}part/{section}/?inline=1", picture=lambda token: f"/picture/{token}/"
    )


def _folder(folder: str) -> str:
    return quote(encode_folder(folder), safe=_SAFE)
