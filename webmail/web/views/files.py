"""Attachments, inline pictures and sources: streamed, in a type of ours, and harmless wherever they are opened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from django.views.decorators.http import require_safe

from webmail.accounts.access import access_of
from webmail.mail.filename import content_disposition
from webmail.mailbox import reading
from webmail.mailbox.reading import Download

from .. import queries

POLICY = "sandbox; default-src 'none'"
# Browsers show PDF and play sound and film by pages of their own, which need a little more.
PLAYER_POLICY = (
    "default-src 'none'; object-src 'self'; media-src 'self'; style-src 'unsafe-inline'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
UNKNOWN = "application/octet-stream"
PICTURE_SECONDS = 3600


@require_safe
def part(
    request: HttpRequest, folder: str, uid_validity: int, uid: int, section: str
) -> StreamingHttpResponse:
    """An attachment to keep; with `inline=1` shown by the browser, if its octets are of a harmless type."""
    index = request.GET.get("index")
    download = reading.part(
        access=access_of(request),
        folder=folder,
        uid_validity=uid_validity,
        uid=uid,
        section=section,
        index=None if index is None else queries.number(index),
    )
    shown = download.inline_type if queries.is_on(request, "inline") else None
    response = stream(download, "inline" if shown else "attachment", shown or UNKNOWN)
    if shown and shown.startswith("image/"):
        # What a UID names never changes.
        response.headers["Cache-Control"] = f"private, max-age={PICTURE_SECONDS}, immutable"
    elif shown:
        response.headers["Content-Security-Policy"] = POLICY if shown.startswith("text/") else PLAYER_POLICY
    return response


@require_safe
def archive(request: HttpRequest, folder: str, uid_validity: int, uid: int) -> StreamingHttpResponse:
    return stream(_of(reading.archive, request, folder, uid_validity, uid), "attachment", "application/zip")


@require_safe
def source(request: HttpRequest, folder: str, uid_validity: int, uid: int) -> StreamingHttpResponse:
    download = _of(reading.source, request, folder, uid_validity, uid)
    return stream(download, "inline", "text/plain; charset=utf-8", filename="")


@require_safe
def eml(request: HttpRequest, folder: str, uid_validity: int, uid: int) -> StreamingHttpResponse:
    return stream(_of(reading.source, request, folder, uid_validity, uid), "attachment", "message/rfc822")


def _of(
    use_case: Callable[..., Download], request: HttpRequest, folder: str, uid_validity: int, uid: int
) -> Download:
    place: dict[str, Any] = {"folder": folder, "uid_validity": uid_validity, "uid": uid}
    return use_case(access=access_of(request), section=queries.section(request), **place)


def stream(
    download: Download, kind: str, content_type: str, *, filename: str | None = None
) -> StreamingHttpResponse:
    name = download.filename if filename is None else filename
    headers = {
        "Cache-Control": "private, no-store",
        "Content-Disposition": content_disposition(kind, name),
        "Content-Security-Policy": POLICY,
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if download.size is not None:
        headers["Content-Length"] = str(download.size)
    return StreamingHttpResponse(download.chunks, content_type=content_type, headers=headers)
