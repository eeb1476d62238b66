"""Nothing typed is lost: signed out meanwhile, somebody else signed in, the server gone."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.web.compose import TYPED, Form, in_folder, opened, press, shown


class TestSigningInAgain:
    def test_lands_in_the_same_message(self, writer):
        form = opened(writer)
        writer.client.post("/sign-out/")
        data = form.filled(do="send", next="/message/INBOX/1/1/", **TYPED)
        door = writer.post("/compose/", data | {"file": SimpleUploadedFile("a.txt", b"x")})
        assert door.status_code == 401
        page = door.content.decode()
        assert "a.txt" in page
        kept = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))
        assert "do" not in kept
        fields = {name: unescape(value) for name, value in kept.items()}
        wrong = writer.post("/sign-in/", {**fields, "username": writer.user.name, "password": "feil"})
        assert wrong.status_code == 422
        assert (
            unescape(dict(re.findall(r'name="([^"]+)" value="([^"]*)"', wrong.content.decode()))["subject"])
            == TYPED["subject"]
        )
        person = {"username": writer.user.name, "password": writer.user.password}
        again = writer.post("/sign-in/", {**fields, **person})
        assert again.status_code == 200
        for name, value in TYPED.items():
            assert shown(again).value(name) == value, name
        assert shown(again).value("message_id") == form.value("message_id")
        assert writer.user.password not in again.content.decode()
        assert in_folder(writer, "Sent") == []
        assert press(writer, shown(again), "save").status_code == 200

    def test_somebody_else_gets_the_text_alone(self, writer, dovecot):
        form = shown(press(writer, opened(writer), "save", file=SimpleUploadedFile("a.txt", b"x"), **TYPED))
        writer.client.post("/sign-out/")
        other = dovecot.user()
        fields = form.filled()
        answer = writer.post("/sign-in/", {**fields, "username": other.name, "password": other.password})
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "Somebody else wrote this" in page
        assert "The files are not here" in page
        again = Form(page)
        assert (again.value("attachment"), again.value("draft"), again.value("text")) == (
            "",
            "",
            TYPED["text"],
        )

    def test_a_form_of_the_former_person(self, writer, dovecot):
        form = opened(writer)
        writer.client.post("/sign-out/")
        other = dovecot.user()
        writer.client.post("/sign-in/", {"username": other.name, "password": other.password})
        answer = press(writer, form, "send", **TYPED)
        assert answer.status_code == 409
        assert shown(answer).value("text") == TYPED["text"]

    def test_a_token_from_before(self, writer):
        form = opened(writer)
        writer.client.handler.enforce_csrf_checks = True
        answer = press(writer, form, "send", csrfmiddlewaretoken="x" * 64, **TYPED)
        assert answer.status_code == 403
        assert shown(answer).value("text") == TYPED["text"]
        assert press(writer, shown(answer), "save").status_code == 200

    def test_what_another_site_sends_brings_no_files(self, writer):
        writer.client.handler.enforce_csrf_checks = True
        form = opened(writer)
        stolen = '{"token":"in:1:1:::INBOX","filename":"a","type":"text/plain","size":1}'
        answer = press(
            writer,
            form,
            "send",
            csrfmiddlewaretoken="",
            attachment=stolen,
            headers={"Sec-Fetch-Site": "cross-site"},
            **TYPED,
        )
        assert answer.status_code == 403
        assert shown(answer).value("attachment") == ""


class TestTheServerIsGone:
    @pytest.mark.parametrize("do", ["save", "leave", "discard", "template-save"])
    def test_the_answer_is_the_form(self, writer, settings, do):
        from webmail.accounts import connections

        form = opened(writer)
        settings.IMAP_URL = "imap://127.0.0.1:1"
        connections.close_pool()
        answer = press(writer, form, do, **TYPED)
        page = answer.content.decode()
        assert answer.status_code == 503
        assert answer["Retry-After"]
        assert f'name="do" value="{do}">Try again' in page
        assert "All that you wrote is here." in page
        for name, value in TYPED.items():
            assert shown(answer).value(name) == value
