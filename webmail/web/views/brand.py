"""What a mail domain looks like: its colours and its logo, each under an address that changes with it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from webmail.domains.colours import stylesheet
from webmail.domains.models import MailDomain
from webmail.domains.registry import domains

FOREVER = "public, max-age=31536000, immutable"
POLICY = "sandbox; default-src 'none'"


@require_safe
def colours(request: HttpRequest, key: int, version: str) -> HttpResponse:  # noqa: ARG001 - only to be asked anew
    found = next((one.brand for one in domains() if one.key == key), None)
    if found is None or not found.colour:
        raise Http404
    return HttpResponse(
        stylesheet(found.colour), content_type="text/css; charset=utf-8", headers={"Cache-Control": FOREVER}
    )


@require_safe
def logo(request: HttpRequest, key: int, version: str) -> HttpResponse:  # noqa: ARG001 - as above
    found = MailDomain.objects.filter(pk=key).exclude(logo_type="").only("logo", "logo_type").first()
    if found is None:
        raise Http404
    headers = {"Cache-Control": FOREVER, "Content-Security-Policy": POLICY}
    return HttpResponse(bytes(found.logo), content_type=found.logo_type, headers=headers)
