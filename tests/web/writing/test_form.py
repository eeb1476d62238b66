"""The form without script: what it holds, and what it refuses."""

from __future__ import annotations

import pytest

from tests.web.compose import TYPED, Form, in_folder, opened, press, shown


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
