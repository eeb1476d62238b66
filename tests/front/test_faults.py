"""What goes wrong around a person: the mail server goes, folders and messages change meanwhile."""

from __future__ import annotations

import re

import pytest

from tests.front.odd import letter
from tests.front.visitor import Answer, Visitor
from tests.servers.dovecot import Dovecot, MailUser
from tests.servers.tap import Tap

LIST = "/folder/INBOX/"


class TestTheMailServerIsGone:
    def test_pages_say_so_and_work_again_afterwards(
        self, kari: Visitor, message: str, dovecot: Dovecot
    ) -> None:
        session = kari.cookie("session")
        dovecot.stop()
        try:
            for address in (f"{LIST}?page=2", message, f"{message}body/", f"{message}source/"):
                gone = kari.get(address)
                assert gone.status == 503
                assert gone.headers["Retry-After"]
                assert "still signed in" in gone.text
                assert address in gone.links()
            pressed = kari.post("/mark/INBOX/", uid_validity="1", uid="1", do="star")
            assert pressed.status == 503
            assert "Try again" not in pressed.text
        finally:
            dovecot.start()
        assert kari.get(LIST).rows == [message]
        assert kari.get(message).status == 200
        assert kari.cookie("session") == session

    def test_a_broken_connection_is_not_noticed(
        self, visitor: Visitor, mail_user: MailUser, dovecot: Dovecot, tap: Tap, settings
    ) -> None:
        settings.IMAP_URL = tap.url
        mail_user.deliver("INBOX", letter(b"still there"))
        visitor.sign_in(mail_user)
        (address,) = visitor.list().rows
        tap.cut()
        assert visitor.get(address).status == 200
        dovecot.kill_connections(mail_user)
        assert "still there" in visitor.list().text

    def test_a_server_that_says_nothing(
        self, visitor: Visitor, mail_user: MailUser, dovecot: Dovecot, settings
    ) -> None:
        settings.IMAP_TIMEOUT = 0.5
        visitor.sign_in(mail_user)
        assert visitor.list().status == 200
        with dovecot.frozen():
            late = visitor.list()
        assert late.status == 503
        assert "did not answer in time" in late.text
        assert visitor.list().status == 200

    def test_signing_in_meanwhile(self, visitor: Visitor, mail_user: MailUser, dovecot: Dovecot) -> None:
        dovecot.stop()
        try:
            refused = visitor.sign_in(mail_user, next="/preferences/")
        finally:
            dovecot.start()
        assert refused.status == 503
        assert "mail server is not answering" in refused.text
        assert_form_is_kept(refused, mail_user, "/preferences/")
        assert visitor.cookie("session") == visitor.cookie("key") == ""
        assert visitor.sign_in(mail_user, next="/preferences/").location == "/preferences/"

    def test_no_mail_server_was_named(self, visitor: Visitor, mail_user: MailUser, settings) -> None:
        settings.IMAP_URL = ""
        assert visitor.get("/sign-in/").status == 200
        assert visitor.sign_in(mail_user).status == 503


class TestTls:
    def test_a_certificate_that_nobody_vouches_for(
        self, visitor: Visitor, mail_user: MailUser, dovecot: Dovecot, settings
    ) -> None:
        settings.IMAP_URL = dovecot.tls_url
        refused = visitor.sign_in(mail_user)
        assert refused.status == 503
        assert "secure connection" in refused.text
        assert "password was not sent" in refused.text
        assert_form_is_kept(refused, mail_user)

    def test_a_server_without_tls(
        self, visitor: Visitor, mail_user: MailUser, dovecot: Dovecot, settings
    ) -> None:
        settings.IMAP_URL = f"imaps://127.0.0.1:{dovecot.port}"
        refused = visitor.sign_in(mail_user)
        assert refused.status == 503
        assert "secure connection" in refused.text

    def test_the_name_in_the_certificate_must_be_right(
        self, visitor: Visitor, mail_user: MailUser, dovecot: Dovecot, settings
    ) -> None:
        settings.MAIL_CA_FILE = str(dovecot.ca_file)
        settings.IMAP_URL = f"imaps://127.0.0.3:{dovecot.tls_port}"
        assert visitor.sign_in(mail_user).status == 503
        settings.IMAP_URL = dovecot.tls_url
        assert visitor.sign_in(mail_user).status == 302


def assert_form_is_kept(answer: Answer, user: MailUser, leads_to: str = "") -> None:
    assert user.password not in answer.markup
    (field,) = answer.tree.xpath("//input[@name='username']")
    assert field.get("value") == user.name
    assert [each.get("value") for each in answer.tree.xpath("//form//input[@name='next']")][:1] == (
        [leads_to] if leads_to else []
    )


class TestWhatIsNotThere:
    def test_unknown_addresses_are_pages_too(self, kari: Visitor, message: str) -> None:
        wrong = [
            "/folder/Nowhere/",
            "/folder/INBOX/below/",
            "/folder/..%2f..%2fetc/",
            "/folder/%0d%0aA1%20LOGOUT/",
            "/folder/~0d~0aA1 LOGOUT/",
            "/folder/*/",
            "/folder/%25/",
            "/nowhere/",
            f"{message}nowhere/",
            re.sub(r"/\d+/$", "/999/", message),
            re.sub(r"/\d+/$", "/4294967295/", message),
            re.sub(r"/\d+/$", "/4294967296/", message),
            re.sub(r"/\d+/$", "/0/", message),
            f"{message}part/9/",
            f"{message}part/1.1.1/",
            f"{message}part/1/?index=3",
            f"{message}nested/1/",
            f"{message}nested/7.7/",
            f"{message}headers/?section=9",
            f"{message}source/?section=9",
            f"{message}message.eml?section=1",
            f"{message}parts.zip",
            f"{message}body/",
            "/picture/abc/",
        ]
        statuses = {address: kari.get(address).status for address in wrong}
        assert {address: status for address, status in statuses.items() if status != 404} == {}
        assert kari.get(message).status == 200

    @pytest.mark.parametrize(
        "query", ["?view=nonsense", "headers/?section=x", "part/1/?index=-1", "part/1/?index=x", "?page=x"]
    )
    def test_questions_that_make_no_sense(self, kari: Visitor, message: str, query: str) -> None:
        assert kari.get(message + query).status == 400

    @pytest.mark.parametrize(
        ("asked", "shown"), [("2", "2"), ("3", "3"), ("4", "3"), ("999999999999999", "3"), ("0", "1")]
    )
    def test_a_page_out_of_range(self, kari: Visitor, mail_user: MailUser, asked: str, shown: str) -> None:
        mail_user.bulk("INBOX", (letter(b"number %d" % n) for n in range(120)))
        answer = kari.get(f"{LIST}?page={asked}")
        assert answer.status == 200
        (current,) = answer.tree.xpath("//nav[contains(@class, 'pages')]//a[@aria-current='page']")
        assert current.text_content().split()[-1] == shown
        assert len(answer.rows) == {"1": 50, "2": 50, "3": 20}[shown]

    def test_the_folder_was_renumbered(self, kari: Visitor, message: str) -> None:
        _, _, folder, validity, uid, _ = message.split("/")
        for tail in ("", "body/", "source/", "part/1/", "print/"):
            answer = kari.get(f"/message/{folder}/{int(validity) + 1}/{uid}/{tail}")
            assert answer.location == LIST
            followed = kari.follow(answer)
            assert "renumbered" in followed.text
            assert followed.rows == [message]
        pressed = kari.post("/mark/INBOX/", uid_validity=str(int(validity) + 1), uid=uid, do="star")
        assert pressed.location == LIST
        assert "starred" not in kari.list().tree.xpath("//li[contains(@class, 'row')]")[0].get("class")

    def test_a_message_was_expunged_meanwhile(self, kari: Visitor, mail_user: MailUser) -> None:
        mail_user.bulk("INBOX", (letter(b"number %d" % n) for n in range(1, 4)))
        newest, middle, oldest = kari.list().rows
        with mail_user.imap() as client:
            client.select("INBOX")
            client.uid("STORE", "2", "+FLAGS", "(\\Deleted)")
            client.expunge()
        assert kari.get(middle).status == 404
        assert kari.get(f"{middle}source/").status == 404
        assert kari.list().rows == [newest, oldest]
        page = kari.get(newest)
        assert oldest in page.links()
        assert middle not in page.links()
        assert "number 1" in kari.get(oldest).text

    def test_a_folder_was_deleted_meanwhile(self, kari: Visitor, mail_user: MailUser) -> None:
        mail_user.deliver("Work", letter(b"at work"))
        (address,) = kari.list("Work").rows
        with mail_user.imap() as client:
            client.delete("Work")
        assert kari.list("Work").status == 404
        assert kari.get(address).status in (404, 302)
        assert "/folder/Work/" not in kari.list().links()
