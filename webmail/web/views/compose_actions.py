"""What the buttons of the compose form do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from webmail.accounts.client import client_address
from webmail.mail.compose import text_of
from webmail.mail.reply.quote import lines_as_html
from webmail.mail.text.flowed import plain_lines, read_lines
from webmail.mailbox import writing
from webmail.outbox.errors import NotSendableError, TooManyMessagesError
from webmail.outbox.sending import send

from .. import compose_words as words
from .. import outgoing
from ..addresses import message_address
from ..compose import Said, state_of
from ..compose_form import digest, place_sent, place_value
from .desk import Desk


def _save(desk: Desk, _token: str) -> HttpResponse:
    former = desk.composition
    saved = writing.save_draft(access=desk.access, composition=former, now=timezone.localtime())
    desk.composition = saved.composition
    for missing in saved.missing:
        desk.wrong("files", words.gone_words(missing.filename))
    status = words.saved_words(saved.at)
    if desk.scripted:
        return JsonResponse(
            state_of(former, saved.composition) | {"words": status, "conflict": saved.conflict}
        )
    said = (Said(words.conflict_words()),) if saved.conflict else ()
    return desk.again(status_line=status, said=said)


def _send(desk: Desk, answered: str) -> HttpResponse:
    """`answered`: the hints that the person has said yes to, apart by commas."""
    return _hand_in(desk, None, answered)


def _send_later(desk: Desk, answered: str) -> HttpResponse:
    typed = desk.request.POST.get("send_at", "")
    desk.page = replace(desk.page, send_at=typed)
    at = outgoing.moment_typed(typed)
    if at is None or at <= timezone.now():
        desk.wrong("send_at", words.when_words(typed))
        return desk.again()
    return _hand_in(desk, at, answered)


def _hand_in(desk: Desk, at: datetime | None, answered: str) -> HttpResponse:
    try:
        entry = send(
            access=desk.access,
            composition=desk.composition,
            now=timezone.now(),
            at=at,
            accepted=frozenset(answered.split(",")),
            client_address=client_address(desk.request),
        )
    except NotSendableError as error:
        return _asked(desk, error.check, "send-later" if at else "send", answered)
    except TooManyMessagesError as error:
        said = Said(words.too_many_words(error.limit, error.again_at), "error", "hourglass")
        return desk.again(status=429, said=(said,))
    outgoing.tell(desk.request, entry)
    return desk.gone()


def _asked(desk: Desk, check: writing.Check, action: str, answered: str = "") -> HttpResponse:
    """The problems beside their fields; without any, the hints as a question."""
    for problem in check.problems:
        desk.wrong(words.place_of(problem), words.problem_words(problem))
    if check.problems:
        return desk.again()
    known = answered.split(",")
    codes = [code for code in check.hints if code not in known]
    questions = tuple(words.hint_words(code, desk.composition) for code in codes)
    asked = f"{action}:{','.join([*filter(None, known), *codes])}"
    return desk.again(questions=questions, asked=asked)


def _leave(desk: Desk, _token: str) -> HttpResponse:
    """Whatever was changed is kept as a draft; a page that was only looked at leaves nothing behind."""
    if not desk.composition.empty and desk.request.POST.get("shown") != digest(desk.composition):
        writing.save_draft(access=desk.access, composition=desk.composition, now=timezone.localtime())
        messages.success(desk.request, _("Kept in Drafts."))
    return desk.gone()


def _discard(desk: Desk, _token: str) -> HttpResponse:
    one = desk.composition
    place = writing.discard(access=desk.access, composition=one, now=timezone.localtime())
    if place:
        # Opened as it lies in the trash; from there the next save takes it back.
        again = f"{message_address(place.folder, place.uid_validity, place.uid)}edit/"
        link = format_html(
            '{} <a href="{}" class="notice-action">{}</a>', _("Thrown away."), again, _("Undo")
        )
        messages.info(desk.request, link)
    return desk.gone()


def _plain(desk: Desk, _token: str) -> HttpResponse:
    one = desk.composition
    if one.rich:
        desk.composition = replace(one, rich=False, text=text_of(one.html), html="")
    return JsonResponse({"text": desk.composition.text}) if desk.scripted else desk.again(focus="text")


def _rich(desk: Desk, _token: str) -> HttpResponse:
    one = desk.composition
    if not one.rich:
        desk.composition = replace(one, rich=True, html=lines_as_html(read_lines(plain_lines(one.text))))
    return JsonResponse({"html": desk.composition.html}) if desk.scripted else desk.again(focus="text")


def _sign(desk: Desk, former: str) -> HttpResponse:
    """The signatures of the identity that was chosen before (`former`) and now, for a script to put one for the
    other."""
    was, _rich = writing.signed_by(access=desk.access, key=former)
    text, html = writing.signed_by(access=desk.access, key=desk.composition.identity)
    return JsonResponse({"was": was, "text": text, "html": html}) if desk.scripted else desk.again()


def _resume(desk: Desk, _token: str) -> HttpResponse:
    """What this browser had kept, after a crash: shown once more, and to be saved."""
    return desk.again(said=(Said(_("This is what you were writing. It is saved as you go on.")),))


def _templates(desk: Desk, _token: str) -> HttpResponse:
    found = writing.templates(access=desk.access)
    if not found:
        return desk.again(said=(Said(_("There are no templates yet. “Save as a template” makes one.")),))
    return desk.again(
        templates=tuple((place_value(one.place), one.name or _("(no subject)")) for one in found)
    )


def _template_insert(desk: Desk, _token: str) -> HttpResponse:
    place = place_sent(desk.request.POST.get("template", ""))
    if place is None:
        return desk.again(status=400, said=(Said(_("Choose a template first."), "error"),))
    one, found = desk.composition, writing.template(access=desk.access, place=place)
    html = found.html or lines_as_html(read_lines(plain_lines(found.text)))
    desk.composition = replace(
        one,
        subject=one.subject or found.subject,
        to=one.to or found.to,
        cc=one.cc or found.cc,
        bcc=one.bcc or found.bcc,
        text=f"{found.text}\n\n{one.text.lstrip()}" if one.text.strip() else found.text,
        html=f"{html}{one.html}" if one.html else html,
        attachments=(*one.attachments, *found.attachments),
    )
    return desk.again(focus="text")


def _template_save(desk: Desk, _token: str) -> HttpResponse:
    writing.save_template(access=desk.access, composition=desk.composition, now=timezone.localtime())
    return desk.again(said=(Said(_("Saved as a template."), icon="circle-check"),))


def _check(desk: Desk, _token: str) -> HttpResponse:
    found = writing.check(access=desk.access, composition=desk.composition, now=timezone.localtime())
    return _asked(desk, found, "send")


def _attach(desk: Desk, _token: str) -> HttpResponse:
    """The files came with the form and are with the others already."""
    return desk.again(focus="files")


def _detach(desk: Desk, token: str) -> HttpResponse:
    kept = tuple(one for one in desk.composition.attachments if one.token != token)
    desk.composition = replace(desk.composition, attachments=kept)
    return desk.again(focus="files")


ACTIONS: dict[str, Callable[[Desk, str], HttpResponse]] = {
    "save": _save,
    "send": _send,
    "send-later": _send_later,
    "discard": _discard,
    "attach": _attach,
    "detach": _detach,
    "leave": _leave,
    "plain": _plain,
    "rich": _rich,
    "resume": _resume,
    "sign": _sign,
    "check": _check,
    "templates": _templates,
    "template-insert": _template_insert,
    "template-save": _template_save,
}
