"""What is kept, said and logged of a password; whose buttons may be pressed."""

from __future__ import annotations

import base64
import logging
import re

import pytest
from django.db import connection

from tests.front.visitor import Answer, Visitor
from tests.servers.dovecot import MailUser
from webmail.signins.models import Session

LIST = "/folder/INBOX/"


class TestForms:
    FORMS = (
        ("/sign-in/", {"username": "kari", "password": "secret"}),
        ("/sign-out/", {}),
        ("/mark/INBOX/", {"uid_validity": "1", "uid": "1", "do": "star"}),
        ("/trust/", {"address": "a@example.org"}),
        ("/preferences/", {"theme": "dark"}),
        ("/outbox/1/cancel/", {}),
        ("/outbox/1/undo/", {}),
    )

    @pytest.mark.parametrize(("address", "fields"), FORMS)
    def test_another_site_cannot_press_our_buttons(
        self, visitor: Visitor, mail_user: MailUser, address: str, fields: dict[str, str]
    ) -> None:
        strict = Visitor(csrf=True)
        visitor.sign_in(mail_user)
        strict.client.cookies = visitor.client.cookies
        refused = strict.post(address, **fields)
        assert refused.status == 403
        assert "too old" in refused.text
        assert strict.list().status == 200

    def test_our_own_forms_work(self, mail_user: MailUser, visitor: Visitor) -> None:
        strict = Visitor(csrf=True)

        def token(answer: Answer) -> str:
            return str(answer.tree.xpath("//input[@name='csrfmiddlewaretoken']/@value")[0])

        form = strict.get("/sign-in/")
        assert strict.sign_in(mail_user, csrfmiddlewaretoken=token(form)).status == 302
        page = strict.list()
        assert strict.post("/preferences/", theme="dark", csrfmiddlewaretoken=token(page)).status == 302
        assert strict.post("/sign-out/", csrfmiddlewaretoken=token(page)).status == 302

    @pytest.mark.parametrize("address", ["/sign-out/", "/mark/INBOX/", "/trust/"])
    def test_looking_changes_nothing(self, kari: Visitor, address: str) -> None:
        assert kari.get(address).status == 405
        assert kari.list().status == 200

    @pytest.mark.parametrize("tail", ["", "body/", "source/", "part/1/", "parts.zip", "headers/", "print/"])
    def test_pages_take_no_post(self, kari: Visitor, message: str, tail: str) -> None:
        assert kari.post(message + tail).status == 405
        assert kari.post(LIST).status == 405

    @pytest.mark.parametrize(
        "fields",
        [
            {},
            {"uid_validity": "1"},
            {"uid_validity": "x", "uid": "1", "do": "star"},
            {"uid_validity": "1", "uid": "1:*", "do": "star"},
            {"uid_validity": "1", "uid": "1 +FLAGS (\\Deleted)", "do": "seen"},
            {"uid_validity": "1", "uid": "1", "do": "delete"},
            {"uid_validity": "1", "uid": [str(n) for n in range(1, 1500)], "do": "seen"},
        ],
    )
    def test_forms_of_nonsense(self, kari: Visitor, message: str, fields: dict[str, str]) -> None:
        assert kari.post("/mark/INBOX/", **fields).status == 400
        assert kari.get(LIST).rows == [message]


class TestSecrets:
    def test_the_password_is_nowhere_at_rest(
        self, kari: Visitor, mail_user: MailUser, message: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        kari.get(message)
        kari.sign_in(mail_user)
        kari.post("/sign-in/", username=mail_user.name, password=f"{mail_user.password}-wrong")
        stored = everything_stored()
        assert mail_user.name in stored
        assert mail_user.password not in stored
        assert "the only one" not in stored
        half = kari.cookie("key")
        assert half
        assert half not in stored
        assert mail_user.password not in caplog.text
        assert "the only one" not in caplog.text

    def test_no_page_holds_it(self, kari: Visitor, mail_user: MailUser, message: str) -> None:
        for address in (LIST, message, f"{message}headers/", "/preferences/", "/folder/Nowhere/"):
            assert mail_user.password not in kari.get(address).markup

    def test_cookies_are_out_of_reach_of_script(self, kari: Visitor) -> None:
        for name in ("session", "key"):
            cookie = kari.client.cookies[name]
            assert cookie["httponly"]
            assert cookie["samesite"] in ("Lax", "Strict")

    def test_a_broken_page_tells_nothing(
        self, kari: Visitor, mail_user: MailUser, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def breaks(**_: object) -> None:
            raise RuntimeError("insides of the program")

        monkeypatch.setattr("webmail.mailbox.finding.list_view", breaks)
        answer = kari.list()
        assert answer.status == 500
        assert "insides" not in answer.markup
        assert mail_user.password not in answer.markup


def everything_stored() -> str:
    """Every value of every row, with sessions taken out of their packing and sealed things out of base64."""
    found = [str(session.get_decoded()) for session in Session.objects.all()]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found += (str(value) for row in cursor.fetchall() for value in row)
    text = "\n".join(found)
    packed = re.findall(r"(?:[A-Za-z0-9+/]{4}){5,}", text)
    return "\n".join([text, *(base64.b64decode(piece).decode("latin-1") for piece in packed)])
