"""The message on paper: a page of its own, since a printed frame is cut off."""

from __future__ import annotations

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from webmail.accounts.access import access_of
from webmail.mail.html import Sanitised, content_security_policy, document
from webmail.mailbox import reading

from .. import queries
from ..addresses import message_address, message_links
from ..letter import message_context
from ..request import Request
from .message import open_page


@require_safe
def printed(request: Request, folder: str, uid_validity: int, uid: int) -> HttpResponse:
    access, section = access_of(request), queries.section(request)
    page = open_page(request, access, folder, uid_validity, uid, section)
    if page.body.kind == "html":
        _head, clean = reading.body_markup(
            access=access,
            folder=folder,
            uid_validity=uid_validity,
            uid=uid,
            remote=queries.remote(request),
            section=section,
            links=message_links(message_address(folder, uid_validity, uid)),
        )
    else:
        clean = Sanitised(html=page.body.text_html)
    before = render_to_string("message/print.html", message_context(request, page))
    # The message's own words have no language that we know; the headers' language is ours.
    markup = document(clean, title=page.subject, lang=get_language() or "en", before=before)
    policy = content_security_policy(frame_ancestors="'none'")
    return HttpResponse(markup, headers={"Content-Security-Policy": policy})
