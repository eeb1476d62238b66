"""Writing through the front door, as a browser without script does, on a real Dovecot."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.smtp.scripted import Scripted
from tests.web import letters
from tests.web.compose import Form
from webmail.accounts.models import Person

TYPED = {
    "to": "Ola Nes <ola@fjord.example>",
    "cc": "Per <per@fjord.example>",
    "bcc": "loynd@fjord.example",
    "subject": 'Fisketur <b>"på" laurdag',
    "text": "Hei!\n\n</textarea><script>alert(1)</script>\n",
}


@pytest.fixture(autouse=True)
def apart(settings, tmp_path):
    settings.UPLOAD_DIR = tmp_path / "uploads"
    settings.OUTBOX_DIR = tmp_path / "outbox"
    settings.MAIL_DOMAIN = "fjord.example"
    settings.SENDER_POLICY = "any"
    settings.OUTBOX_WORKER = "separate"


@pytest.fixture
def writer(visitor):
    Person.objects.update(undo_seconds=0)
    return visitor


def opened(writer, path="/compose/") -> Form:
    answer = writer.get(path)
    assert answer.status_code == 200
    return Form(answer.content.decode())


def press(writer, form: Form, do: str, **changed):
    headers = changed.pop("headers", {})
    return writer.post("/compose/", form.filled(**{"do": do, **changed}), **headers)


def shown(answer) -> Form:
    return Form(answer.content.decode())


def in_folder(writer, folder: str) -> list[bytes]:
    with writer.user.imap() as client:
        answer, count = client.select(f'"{folder}"', readonly=True)
        if answer != "OK" or count == [b"0"]:
            return []
        found = client.fetch("1:*", "(BODY.PEEK[])")[1]
        return [part[1] for part in found if isinstance(part, tuple)]


class TestTheForm:
    def test_new(self, writer):
        answer = writer.get("/compose/")
        page = answer.content.decode()
        assert answer["Cache-Control"] == "no-store"
        assert "unsafe" not in answer["Content-Security-Policy"]
        assert page.count("<h1") == 1
        assert "style=" not in page
        form = Form(page)
        assert "@" in form.value("message_id")
        assert form.value("to") == ""
        assert writer.client.head("/compose/").status_code == 200

    def test_every_page_is_another_message(self, writer):
        assert opened(writer).value("message_id") != opened(writer).value("message_id")

    def test_from_a_link(self, writer):
        form = opened(
            writer,
            "/compose/?mailto=mailto:ola%40fjord.example%3Fsubject%3DHei%26body%3DEin%250D%250Ato%26attach%3D/etc/passwd",
        )
        assert form.value("to") == "ola@fjord.example"
        assert form.value("subject") == "Hei"
        assert form.value("text").startswith("Ein\nto")
        assert form.value("attachment") == ""

    def test_fields_in_the_address(self, writer):
        form = opened(writer, "/compose/?to=a%40b.example&subject=Hei%0d%0aBcc:+x%40y.example&body=<b>")
        assert form.value("to") == "a@b.example"
        assert "\n" not in form.value("subject")
        assert form.value("bcc") == ""
        assert form.value("text").startswith("<b>")

    def test_needs_a_sign_in_and_comes_back(self, front):
        client, _user = front
        answer = client.get("/compose/?to=a%40b.example")
        assert answer["Location"] == "/sign-in/?next=%2Fcompose%2F%3Fto%3Da%2540b.example"

    @pytest.mark.parametrize("path", ["/compose/upload/"])
    def test_not_to_be_got(self, writer, path):
        assert writer.get(path).status_code == 405

    def test_not_to_be_put(self, writer):
        assert writer.client.put("/compose/").status_code == 405


@pytest.mark.parametrize(
    "do", ["save", "attach", "resume", "check", "plain", "rich", "sign:account", "nothing", "", "detach:x"]
)
def test_everything_typed_is_there_again(writer, do):
    form = opened(writer)
    answer = press(writer, form, do, priority="high", receipt="1", reply_to="svar@fjord.example", **TYPED)
    assert answer.status_code in (200, 400)
    again = shown(answer)
    for name, value in {
        **TYPED,
        "priority": "high",
        "receipt": "1",
        "reply_to": "svar@fjord.example",
    }.items():
        assert again.value(name).rstrip() == value.rstrip(), name
    assert again.value("message_id") == form.value("message_id")
    assert "<script>alert" not in answer.content.decode()


def test_an_unknown_button_is_a_bad_request(writer):
    assert press(writer, opened(writer), "explode", **TYPED).status_code == 400


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("message_id", ""),
        ("message_id", "a@b\r\nBcc: x@y"),
        ("message_id", "<a@b>"),
        ("draft", "{"),
        ("draft", '{"folder":"INBOX","uid_validity":"1","uid":2}'),
        ("draft", '{"folder":"INBOX\\r\\nA1 DELETE","uid_validity":1,"uid":2}'),
        ("origin", '{"kind":"steal","folder":"INBOX","uid_validity":1,"uid":1}'),
        ("attachment", "[1]"),
        ("attachment", '{"token":"x","filename":"a\\u0000","type":"text/plain","size":1}'),
        ("attachment", '{"token":"x","filename":"a","type":"text/plain","size":-1}'),
        ("attachment", "[" * 100_000),
    ],
)
def test_what_only_our_page_writes_is_checked(writer, name, value):
    answer = press(writer, opened(writer), "send", **{**TYPED, name: value})
    assert answer.status_code == 400
    assert shown(answer).value("text") == TYPED["text"]
    assert in_folder(writer, "Drafts") == []


class TestDrafts:
    def test_saved_and_taken_up_again(self, writer):
        answer = press(writer, opened(writer), "save", **TYPED)
        assert answer.status_code == 200
        assert re.search(r"Saved at \d\d:\d\d", answer.content.decode())
        again = press(writer, shown(answer), "save", subject="Annleis")
        assert again.status_code == 200
        (draft,) = in_folder(writer, "Drafts")
        assert b"Subject: Annleis" in draft
        listed = writer.get("/folder/Drafts/").content.decode()
        edit = re.search(r'href="(/message/Drafts/\d+/\d+/edit/)"', listed)
        form = opened(writer, edit[1])
        assert form.value("subject") == "Annleis"
        assert form.value("to") == TYPED["to"]
        assert form.value("bcc") == TYPED["bcc"]
        assert form.value("next") == "/folder/Drafts/"

    def test_for_a_script(self, writer):
        answer = press(writer, opened(writer), "save", headers={"Accept": "application/json"}, **TYPED)
        said = answer.json()
        assert said["words"].startswith("Saved at")
        assert '"folder":"Drafts"' in said["draft"]

    def test_leaving_keeps_what_was_written(self, writer):
        answer = press(writer, opened(writer), "leave", next="/folder/INBOX/", **TYPED)
        assert (answer.status_code, answer["Location"]) == (303, "/folder/INBOX/")
        assert "Kept in Drafts" in writer.get("/folder/INBOX/").content.decode()
        assert len(in_folder(writer, "Drafts")) == 1

    @pytest.mark.parametrize("path", ["/compose/", "reply/"])
    def test_leaving_what_was_only_looked_at(self, writer, path):
        form = opened(writer, path if path.startswith("/") else writer.message(1) + path)
        assert press(writer, form, "leave").status_code == 303
        assert in_folder(writer, "Drafts") == []

    def test_thrown_away_and_back(self, writer):
        saved = shown(press(writer, opened(writer), "save", **TYPED))
        assert press(writer, saved, "discard", next="/folder/INBOX/").status_code == 303
        assert in_folder(writer, "Drafts") == []
        page = writer.get("/folder/INBOX/").content.decode()
        undo = re.search(r'Thrown away\. <a href="([^"]+)"', page)
        form = opened(writer, unescape(undo[1]))
        assert form.value("text").strip() == TYPED["text"].strip()
        press(writer, form, "save")
        assert (len(in_folder(writer, "Drafts")), len(in_folder(writer, "Trash"))) == (1, 0)


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


class TestFiles:
    def file(self, name="notat.txt", content=b"innhald", kind="text/plain"):
        return SimpleUploadedFile(name, content, kind)

    def test_attached_and_taken_away(self, writer):
        answer = press(writer, opened(writer), "attach", file=[self.file(), self.file("b.txt")], **TYPED)
        form = shown(answer)
        assert [name for name, _ in form.fields].count("attachment") == 2
        assert "notat.txt" in answer.content.decode()
        token = re.search(r'value="detach:([^"]+)"', answer.content.decode())[1]
        answer = press(writer, form, f"detach:{token}")
        assert [name for name, _ in shown(answer).fields].count("attachment") == 1
        assert shown(answer).value("text") == TYPED["text"]

    def test_whichever_button_is_pressed(self, writer):
        press(writer, opened(writer), "save", file=self.file(), **TYPED)
        (draft,) = in_folder(writer, "Drafts")
        assert b"notat.txt" in draft

    def test_too_large(self, writer, settings, tmp_path):
        settings.ATTACHMENT_LIMIT = 1000
        answer = press(writer, opened(writer), "save", file=self.file(content=b"x" * 1001), **TYPED)
        assert answer.status_code == 413
        assert "notat.txt was not attached." in answer.content.decode()
        assert shown(answer).value("text") == TYPED["text"]
        assert not [path for path in (tmp_path / "uploads").rglob("*") if path.is_file()]

    def test_too_large_together(self, writer, settings):
        settings.ATTACHMENT_LIMIT = 1000
        form = shown(press(writer, opened(writer), "attach", file=self.file(content=b"x" * 600), **TYPED))
        answer = press(writer, form, "attach", file=self.file("b.txt", b"x" * 600))
        assert answer.status_code == 413
        assert [name for name, _ in shown(answer).fields].count("attachment") == 1

    def test_nothing_of_it_in_clear_on_the_disk(self, writer, tmp_path):
        press(writer, opened(writer), "attach", file=self.file(content=b"hemmeleg" * 100_000), **TYPED)
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert files
        assert not any(b"hemmeleg" in path.read_bytes() for path in files)

    def upload(
        self, writer, content=letters.PIXEL, kind="image/png", query="name=bilete.png&inline=1", **headers
    ):
        return writer.client.post(f"/compose/upload/?{query}", content, content_type=kind, headers=headers)

    def test_one_by_script(self, writer):
        answer = self.upload(writer)
        assert answer.status_code == 201
        markup = answer.content.decode()
        token = re.search(r'data-token="([^"]+)"', markup)[1]
        shown_file = writer.get(f"/compose/file/{token}/")
        assert shown_file["Content-Type"] == "image/png"
        assert shown_file["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert b"".join(shown_file.streaming_content) == letters.PIXEL

    def test_what_is_no_picture_is_never_shown(self, writer):
        answer = self.upload(writer, b"<script>alert(1)</script>", "image/png", "name=x.png")
        token = re.search(r'data-token="([^"]+)"', answer.content.decode())[1]
        kept = writer.get(f"/compose/file/{token}/")
        assert kept["Content-Type"] == "application/octet-stream"
        assert kept["Content-Disposition"].startswith("attachment")

    def test_hostile_names(self, writer):
        answer = self.upload(writer, query="name=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E.png%0d%0aX:1")
        assert answer.status_code == 201
        assert "<img src=x" not in answer.content.decode()

    def test_refused_by_script(self, writer, settings):
        settings.ATTACHMENT_LIMIT = 10
        answer = self.upload(writer)
        assert answer.status_code == 413
        assert "was not attached" in answer.json()["words"]
        assert self.upload(writer, b"x", query="name=a&beside=10").status_code == 413
        assert self.upload(writer, b"x", query="name=a&beside=-1").status_code == 400

    def test_not_somebody_elses(self, writer, dovecot):
        token = re.search(r'data-token="([^"]+)"', self.upload(writer).content.decode())[1]
        other = dovecot.user()
        writer.client.post("/sign-out/")
        assert self.upload(writer).status_code == 401
        writer.client.post("/sign-in/", {"username": other.name, "password": other.password})
        assert writer.get(f"/compose/file/{token}/").status_code == 404
        assert writer.get("/compose/file/x/").status_code == 404
        assert writer.get("/compose/file/in:1:1:2::INBOX/").status_code in (302, 404)


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
