"""Pictures from elsewhere, through us: their host learns nothing about who looks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from webmail.accounts.access import access_of
from webmail.mailbox import reading

from .files import PICTURE_SECONDS, POLICY


@require_safe
def picture(request: HttpRequest, token: str) -> HttpResponse:
    found = reading.picture(access=access_of(request), token=token)
    return HttpResponse(
        found.data,
        content_type=found.type,
        headers={
            "Cache-Control": f"private, max-age={PICTURE_SECONDS}",
            "Content-Security-Policy": POLICY,
            "Cross-Origin-Resource-Policy": "same-origin",
        },
    )
