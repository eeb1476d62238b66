"""Sending, and sending on, without script."""

from __future__ import annotations

import re

import pytest

from tests.smtp.scripted import Scripted
from tests.web.compose import TYPED, in_folder, opened, press, shown


class TestSending:
    @pytest.fixture
    def server(self, settings):
        with Scripted() as server:
            settings.SMTP_URL = server.url
            settings.SMTP_SIGN_IN = False
            yield server

    def test_sent(self, writer, server):
        answer = press(writer, opened(writer), "send", next="/folder/INBOX/", **TYPED)
        assert (answer.status_code, answer["Location"]) == (303, "/folder/INBOX/"), answer.content
        assert "Sent" in writer.get("/folder/INBOX/").content.decode()
        (kept,) = in_folder(writer, "Sent")
        assert b"Subject:" in kept

    def test_twice_is_once(self, writer, server):
        form = opened(writer)
        for _ in range(2):
            assert press(writer, form, "send", **TYPED).status_code == 303
        assert len(in_folder(writer, "Sent")) == 1

    def test_asked_first(self, writer, server):
        typed = {**TYPED, "subject": "", "text": "Sjå vedlegget.\nSee the attached file."}
        answer = press(writer, opened(writer), "send", **typed)
        page = answer.content.decode()
        assert answer.status_code == 200
        assert "There is no subject." in page
        assert "nothing is attached" in page
        assert in_folder(writer, "Sent") == []
        anyway = re.search(r'name="do" value="(send:[^"]+)"', page)
        assert press(writer, shown(answer), anyway[1]).status_code == 303

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            ({"to": "", "cc": "", "bcc": ""}, "to"),
            ({"to": "ingen"}, "to"),
            ({"cc": "a@b@c, d@"}, "cc"),
            ({"bcc": "x@"}, "bcc"),
            ({"reply_to": "<script>"}, "reply_to"),
            ({"identity": "999"}, "identity"),
        ],
    )
    def test_problems_beside_their_fields(self, writer, server, changed, field):
        answer = press(writer, opened(writer), "send", **{**TYPED, **changed})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert f'id="{field}-error"' in page
        assert "<script>" not in page.replace("<script ", "")
        assert shown(answer).value("text") == TYPED["text"]
        if field != "identity":
            assert f'aria-invalid="true" aria-describedby="{field}-error"' in page

    @pytest.mark.parametrize("at", ["", "yesterday", "2020-01-01T10:00", "99999-01-01T10:00"])
    def test_later_needs_a_time_to_come(self, writer, server, at):
        answer = press(writer, opened(writer), "send-later", send_at=at, **TYPED)
        assert answer.status_code == 422
        assert 'id="send_at-error"' in answer.content.decode()

    def test_later(self, writer, server):
        answer = press(writer, opened(writer), "send-later", send_at="2099-01-01T10:00", **TYPED)
        assert answer.status_code == 303
        assert in_folder(writer, "Sent") == []

    def test_too_many_in_an_hour(self, writer, server, settings):
        settings.MESSAGES_PER_HOUR = 1
        press(writer, opened(writer), "send", **TYPED)
        answer = press(writer, opened(writer), "send", **TYPED)
        assert answer.status_code == 429
        assert shown(answer).value("text") == TYPED["text"]

    @pytest.mark.parametrize("field", ["to", "cc", "bcc", "subject", "reply_to", "in_reply_to", "references"])
    def test_no_field_adds_a_header(self, writer, server, field):
        hostile = {**TYPED, field: f"{TYPED.get(field, '')}\r\nX-Evil: 1\r\n\r\nevil\0"}
        press(writer, opened(writer), "send", **hostile)
        for message in in_folder(writer, "Sent"):
            head = message.partition(b"\r\n\r\n")[0]
            assert not re.search(rb"(?mi)^x-evil", head)


class TestSendingOn:
    @pytest.fixture
    def server(self, settings):
        with Scripted() as server:
            settings.SMTP_URL = server.url
            settings.SMTP_SIGN_IN = False
            yield server

    def test_as_it_is_and_once(self, writer, server):
        path = writer.message(1) + "resend/"
        page = writer.get(path).content.decode()
        data = {
            "to": "Per <per@x.example>\r\nliv@x.example",
            "message_id": re.search(r'"message_id" value="([^"]+)"', page)[1],
        }
        for _ in range(2):
            answer = writer.post(path, data)
            assert (answer.status_code, answer["Location"]) == (303, writer.message(1))
        assert (len(server.wires("RCPT")), len(server.wires("DATA"))) == (2, 1)
        assert in_folder(writer, "Sent") == []

    @pytest.mark.parametrize("to", ["", "ingen", "a@b@c", "x@y.example\r\nRCPT TO:<z@y.example>\r\n<script>"])
    def test_problems(self, writer, server, to):
        path = writer.message(1) + "resend/"
        page = writer.get(path).content.decode()
        answer = writer.post(
            path, {"to": to, "message_id": re.search(r'"message_id" value="([^"]+)"', page)[1]}
        )
        assert answer.status_code == 422
        assert 'id="to-error"' in answer.content.decode()
        assert "<script>" not in answer.content.decode().replace("<script ", "")
        assert server.wires("MAIL") == []

    def test_a_bad_form(self, writer, server):
        assert (
            writer.post(writer.message(1) + "resend/", {"to": "a@b.example", "message_id": "x"}).status_code
            == 400
        )
        assert writer.get("/message/INBOX/1/999/resend/").status_code in (200, 404)
