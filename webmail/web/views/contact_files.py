"""The address book in and out of files."""

from __future__ import annotations

from typing import Any, get_args

from django.core.exceptions import BadRequest
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from webmail.accounts.access import access_of
from webmail.contacts.exporting import Form, export
from webmail.contacts.files.parsed import Problem
from webmail.contacts.importing import MOST_OCTETS, UnreadableFileError, import_file

from ..presentation import size_label
from ..request import Request

# Of a form, beside its file.
MOST_BESIDE = 100_000
PROBLEMS = {
    "line": gettext_lazy("This line could not be understood."),
    "end": gettext_lazy("The contact that begins here has no end. What there was of it was taken."),
    "empty": gettext_lazy("There is neither a name nor an address."),
    "address": gettext_lazy("This is not an e-mail address."),
    "many": gettext_lazy("There is no room for this and what follows: it is too many for one contact."),
    "long": gettext_lazy("This is too long. Its beginning was taken."),
    "quote": gettext_lazy("A quotation mark that begins here is never closed. Nothing after it was read."),
    "entries": gettext_lazy("The file holds more than 20,000 contacts. Nothing from here on was read."),
    "full": gettext_lazy("Your address book is full."),
    "groups": gettext_lazy("There was no room for all the groups of the file."),
}
# What a vCard may hold and an address book for mail has no place for.
LEFT_OUT = {
    "TEL": pgettext_lazy("left out of an import", "phone numbers"),
    "ADR": pgettext_lazy("left out of an import", "postal addresses"),
    "PHOTO": pgettext_lazy("left out of an import", "pictures"),
    "BDAY": pgettext_lazy("left out of an import", "birthdays"),
    "URL": pgettext_lazy("left out of an import", "web pages"),
    "TITLE": pgettext_lazy("left out of an import", "job titles"),
    "NICKNAME": pgettext_lazy("left out of an import", "nicknames"),
}
TYPES = {
    "vcard3": ("vcf", "text/vcard; charset=utf-8"),
    "vcard4": ("vcf", "text/vcard; charset=utf-8"),
    "csv": ("csv", "text/csv; charset=utf-8"),
}


@csrf_exempt  # Looked at in `_files`, when it is known that the form is not too large to be read for it.
@require_http_methods(["GET", "HEAD", "POST"])
def files(request: Request) -> HttpResponseBase:
    """Fields of a POST: `file`; `with_address` "on" to pass over those who have none."""
    if int(request.headers.get("Content-Length") or 0) > MOST_OCTETS + MOST_BESIDE:
        access_of(request)
        return _refused(request, _too_large(), status=413)
    return _files(request)


@csrf_protect
def _files(request: Request) -> HttpResponse:
    person = access_of(request).person
    if request.method != "POST":
        return _page(request)
    file = request.FILES.get("file")
    if file is None:
        return _refused(request, _("Choose a file first."))
    if (file.size or 0) > MOST_OCTETS:
        return _refused(request, _too_large(), status=413)
    try:
        result = import_file(
            person=person, data=file.read(), only_with_address=request.POST.get("with_address") == "on"
        )
    except UnreadableFileError as error:
        words = _too_large() if error.too_large else _("No contacts were found in this file.")
        return _refused(request, words)
    context = {
        "section": "files",
        "result": result,
        "file_name": file.name,
        "problems": [(one.line, _words(one), one.text) for one in result.problems],
        "more_problems": result.problem_count - len(result.problems),
        "left_out": [f"{count} {LEFT_OUT[name]}" for name, count in result.left_out if name in LEFT_OUT],
    }
    return render(request, "contacts/imported.html", context)


@require_safe
def save_file(request: Request) -> HttpResponseBase:
    """`as`: "vcard3", "vcard4" or "csv"."""
    person = access_of(request).person
    form: Any = request.GET.get("as", "")
    if form not in get_args(Form):
        raise BadRequest("not a kind of file")
    extension, content_type = TYPES[form]
    name = f"contacts-{timezone.localdate().isoformat()}.{extension}"
    return StreamingHttpResponse(
        export(person=person, form=form),
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


def _refused(request: Request, wrong: str, *, status: int = 422) -> HttpResponse:
    return _page(request, wrong=wrong, status=status)


def _page(request: Request, *, wrong: str = "", status: int = 200) -> HttpResponse:
    context = {"section": "files", "most": size_label(MOST_OCTETS), "wrong": wrong}
    return render(request, "contacts/files.html", context, status=status)


def _too_large() -> str:
    return _("The file is too large. There is room for {size}.").format(size=size_label(MOST_OCTETS))


def _words(problem: Problem) -> str:
    return str(PROBLEMS[problem.code])
