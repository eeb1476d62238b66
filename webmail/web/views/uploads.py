"""Files of a message that is written: taken in one by one by script, and shown to whoever writes it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from webmail.accounts.access import access_of
from webmail.mailbox import writing
from webmail.mailbox.errors import SignInEndedError, TooLargeError, WritingError

from .. import compose_words as words
from ..compose import file_shown
from ..queries import is_on, number
from ..request import Request
from .files import PICTURE_SECONDS, UNKNOWN, stream

CHUNK: Final = 64 * 1024
LONGEST_NAME: Final = 1000


@require_POST
def upload(request: Request) -> HttpResponse:
    """One file as the request's body; `name`, `inline=1` and `beside` (octets that the message has already) in the
    address. Answers with its line of the form (201), or what is wrong as `words`."""
    try:
        access = access_of(request)
    except SignInEndedError:
        return JsonResponse({"words": words.signed_out_words(), "signedOut": True}, status=401)
    name = request.GET.get("name", "")[:LONGEST_NAME]
    beside = number(request.GET.get("beside", "0"))
    limit = access.domain.attachment_limit
    try:
        if int(request.headers.get("Content-Length") or 0) + beside > limit:
            raise TooLargeError(limit)
        attached = writing.upload(
            access=access,
            filename=name,
            type=request.headers.get("Content-Type", ""),
            chunks=_body(request),
            inline=is_on(request, "inline"),
            beside=beside,
        )
    except WritingError as error:
        return JsonResponse({"words": words.file_words(name, error)}, status=413)
    return render(request, "compose/file.html", {"file": file_shown(attached)}, status=201)


@require_safe
def file(request: HttpRequest, token: str) -> HttpResponseBase:
    """What was attached: a picture is shown, all else is to keep. Hardened as files of received mail are."""
    download = writing.open_upload(access=access_of(request), token=token)
    shown = download.inline_type if (download.inline_type or "").startswith("image/") else None
    response = stream(download, "inline" if shown else "attachment", shown or UNKNOWN)
    if shown:
        response.headers["Cache-Control"] = f"private, max-age={PICTURE_SECONDS}"
    return response


def _body(request: Request) -> Iterator[bytes]:
    while chunk := request.read(CHUNK):
        yield chunk
