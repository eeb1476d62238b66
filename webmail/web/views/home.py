from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from webmail.accounts.access import access_of

from ..addresses import folder_address


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The way in: the inbox, or signing in first."""
    access_of(request)
    return redirect(folder_address("INBOX"))
