"""Everything that a person has chosen, as a file: saved, and taken back."""

from __future__ import annotations

import json

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from webmail.accounts.access import access_of
from webmail.accounts.portable import MOST_OCTETS, Imported, PortableError, exported, import_file
from webmail.mailbox import reading

from .. import preferences
from ..presentation import size_label
from ..request import Request

# Of a form, beside its file.
MOST_BESIDE = 100_000


@csrf_exempt  # Looked at in `_portable`, when it is known that the form is not too large to be read for it.
@require_http_methods(["GET", "HEAD", "POST"])
def portable(request: Request) -> HttpResponseBase:
    """A POST's `file` is one that `save` gave."""
    if int(request.headers.get("Content-Length") or 0) > MOST_OCTETS + MOST_BESIDE:
        access_of(request)
        return _page(request, wrong=_words(PortableError("large")), status=413)
    return _portable(request)


@csrf_protect
def _portable(request: Request) -> HttpResponse:
    access = access_of(request)
    if request.method != "POST":
        return _page(request)
    file = request.FILES.get("file")
    if file is None:
        return _page(request, wrong=_("Choose a file first."), status=422)
    try:
        result = import_file(person=access.person, data=file.read(MOST_OCTETS + 1))
    except PortableError as error:
        return _page(request, wrong=_words(error), status=413 if error.reason == "large" else 422)
    reading.forget_trusted(access=access)
    person = access.person
    if person.language:
        translation.activate(person.language)
    request.preferences = preferences.of_person(person)
    response = _page(request, result=result)
    preferences.remember_in_browser(response, language=person.language, theme=person.theme)
    return response


@require_safe
def save(request: Request) -> HttpResponse:
    person = access_of(request).person
    name = f"ekorn-{timezone.localdate().isoformat()}.json"
    return HttpResponse(
        json.dumps(exported(person=person), ensure_ascii=False, indent=1),
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


def _page(
    request: Request, *, wrong: str = "", result: Imported | None = None, status: int = 200
) -> HttpResponse:
    context = {"section": "portable", "most": size_label(MOST_OCTETS), "wrong": wrong, "result": result}
    return render(request, "settings/portable.html", context, status=status)


def _words(error: PortableError) -> str:
    match error.reason:
        case "large":
            words = _("The file is too large. There is room for {size}.").format(size=size_label(MOST_OCTETS))
        case "file":
            words = _("This is not a file that was saved here.")
        case "version":
            words = _("The file was saved by a newer version of this program.")
        case "type":
            words = _("Something in the file is of the wrong kind: {where}.")
        case "many":
            words = _("There is too much in one place of the file: {where}.")
        case "double":
            words = _("Something in the file is there twice: {where}.")
        case _value:
            words = _("Something in the file can't be used: {where}.")
    return f"{words.replace('{where}', error.where)} {_('Nothing was changed.')}"
