"""Signing in, sessions that end or are stolen, and two people beside each other."""

from __future__ import annotations

import base64
import re
from urllib.parse import urlsplit

import pytest

from tests.front.odd import of
from tests.front.visitor import Visitor
from tests.servers.dovecot import Dovecot, MailUser
from tests.servers.tap import Tap

LIST = "/folder/INBOX/"


class TestSigningIn:
    def test_every_wrong_answer_is_the_same(self, visitor: Visitor, mail_user: MailUser) -> None:
        def said(name: str, password: str) -> str:
            answer = visitor.post("/sign-in/", username=name, password=password)
            assert answer.status == 422
            token = r'name="csrfmiddlewaretoken" value="[^"]*"'
            return re.sub(token, "", answer.markup).replace(name, "NAME")

        wrong = said(mail_user.name, "not-it")
        assert said("nobody-at-all", "not-it") == wrong
        assert said(mail_user.name, f"{mail_user.password} ") == wrong
        visitor.sign_in(mail_user)
        visitor.post("/sign-out/")
        assert said(mail_user.name, "not-it") == wrong

    @pytest.mark.parametrize("name", ["", " ", "a\r\nb", "a\0b", "x" * 300])
    def test_names_that_no_server_is_asked_about(
        self, visitor: Visitor, tap: Tap, name: str, settings
    ) -> None:
        settings.IMAP_URL = tap.url
        assert visitor.post("/sign-in/", username=name, password="secret").status == 422
        assert tap.since(0).connections == 0

    @pytest.mark.parametrize("password", ['"quoted" \\ back', "blåbær", "{3}", " ends with a space ", "%s"])
    def test_passwords_of_any_kind(self, visitor: Visitor, dovecot: Dovecot, password: str) -> None:
        user = dovecot.user(password=password)
        assert visitor.sign_in(user).status == 302
        assert visitor.list().status == 200

    def test_the_session_gets_a_new_id(self, visitor: Visitor, mail_user: MailUser) -> None:
        visitor.sign_in(mail_user)
        first = visitor.cookie("session"), visitor.cookie("key")
        visitor.sign_in(mail_user)
        second = visitor.cookie("session"), visitor.cookie("key")
        assert not set(first) & set(second)
        visitor.client.cookies["session"], visitor.client.cookies["key"] = first
        assert visitor.list().leads_back_to == LIST

    def test_a_session_that_was_given_is_not_used(self, visitor: Visitor, mail_user: MailUser) -> None:
        visitor.client.cookies["session"] = "a" * 32
        visitor.sign_in(mail_user)
        assert visitor.cookie("session") != "a" * 32

    @pytest.mark.parametrize(
        "target",
        [
            "//evil.example",
            "///evil.example",
            "https:evil.example",
            "https://evil.example/folder/INBOX/",
            "http:///evil.example",
            "\\\\evil.example",
            "/\\evil.example",
            "\t//evil.example",
            "/\t/evil.example",
            " //evil.example",
            "javascript:alert(1)",
            "evil.example",
            "/sign-out/",
            "\r\nLocation: https://evil.example",
            "/" * 5000,
        ],
    )
    def test_nobody_is_led_astray(self, visitor: Visitor, mail_user: MailUser, target: str) -> None:
        assert visitor.sign_in(mail_user, next=target).location == LIST
        assert visitor.client.get("/sign-in/", {"next": target}).headers["Location"] == LIST
        assert visitor.post("/preferences/", theme="dark", next=target).location == "/preferences/"
        assert visitor.post("/trust/", address="a@example.org", next=target).location == LIST

    def test_good_addresses_lead_back(self, visitor: Visitor, mail_user: MailUser) -> None:
        target = "/folder/Kundar/%C3%85%20b/?page=2"
        assert visitor.sign_in(mail_user, next=target).location == target


class TestTheSessionEnds:
    def test_it_comes_back_to_where_it_was(self, kari: Visitor, mail_user: MailUser, message: str) -> None:
        for address in (f"{LIST}?page=1", f"{message}?view=text", f"{message}headers/"):
            del kari.client.cookies["key"]
            asked = kari.get(address).leads_back_to
            assert asked == address
            form = kari.get(f"/sign-in/?next={asked}")
            (field,) = form.tree.xpath("//form[@action='/sign-in/']//input[@name='next']")
            assert kari.sign_in(mail_user, next=field.get("value")).location == address

    def test_a_stolen_session_opens_nothing(self, kari: Visitor, message: str) -> None:
        thief = Visitor()
        thief.client.cookies["session"] = kari.cookie("session")
        for address in (LIST, message, f"{message}body/", f"{message}source/", "/preferences/"):
            assert thief.get(address).leads_back_to == address
        thief.client.cookies["key"] = base64.urlsafe_b64encode(bytes(32)).decode().rstrip("=")
        assert thief.get(LIST).leads_back_to == LIST
        thief.client.cookies["key"] = "not a key"
        assert thief.get(LIST).leads_back_to == LIST
        only_key = Visitor()
        only_key.client.cookies["key"] = kari.cookie("key")
        assert only_key.get(LIST).leads_back_to == LIST

    def test_signing_out_ends_everything(
        self, kari: Visitor, mail_user: MailUser, message: str, dovecot: Dovecot
    ) -> None:
        cookies = kari.cookie("session"), kari.cookie("key")
        out = kari.post("/sign-out/")
        assert urlsplit(out.location).path == "/sign-in/"
        assert "cache" in out.headers["Clear-Site-Data"]
        assert kari.cookie("key") == ""
        assert kari.get(message).leads_back_to == message
        kari.client.cookies["session"], kari.client.cookies["key"] = cookies
        assert kari.get(message).leads_back_to == message

    def test_a_password_changed_elsewhere(
        self, kari: Visitor, mail_user: MailUser, message: str, dovecot: Dovecot
    ) -> None:
        changed = mail_user.change_password()
        dovecot.kill_connections(mail_user)
        assert kari.get(message).leads_back_to == message
        assert kari.sign_in(changed, next=message).location == message
        assert kari.get(message).status == 200

    def test_nobody_is_signed_in(self, visitor: Visitor) -> None:
        for address in (LIST, "/preferences/", "/message/INBOX/1/1/part/1/", "/picture/abc/"):
            assert visitor.get(address).leads_back_to == address
        assert urlsplit(visitor.get("/").location).path == "/sign-in/"


class TestTwoPeople:
    SECRET = b"Content-Type: text/plain\r\nContent-Disposition: inline; filename=secret.txt\r\n\r\n%b\r\n"

    @pytest.fixture
    def both(self, visitor: Visitor, dovecot: Dovecot) -> tuple[MailUser, MailUser]:
        people = dovecot.user(), dovecot.user()
        for user, name in zip(people, (b"Kari", b"Ola"), strict=True):
            picture = b'<p>%b<img src="https://pictures.example/%b.png">' % (name, name)
            body = b"Content-Type: text/html\r\n\r\n" + picture
            user.deliver(
                "INBOX", of(b"for " + name + b" alone", b"mixed", body, self.SECRET % (b"of " + name))
            )
        return people

    def test_in_one_browser(self, visitor: Visitor, both: tuple[MailUser, MailUser]) -> None:
        kari, ola = both
        visitor.sign_in(kari)
        (hers,) = visitor.list().rows
        assert "for Kari alone" in visitor.get(hers).text
        visitor.sign_in(ola)
        assert "for Ola alone" in visitor.list().text
        for address in (hers, f"{hers}body/", f"{hers}part/2/", f"{hers}source/", f"{hers}print/"):
            answer = visitor.get(address)
            assert b"Kari alone" not in answer.data
            assert b"of Kari" not in answer.data
        visitor.post("/sign-out/")
        visitor.sign_in(kari)
        assert "Ola" not in visitor.list().text

    def test_at_the_same_time(self, visitor: Visitor, both: tuple[MailUser, MailUser]) -> None:
        hers, his = Visitor(), Visitor()
        hers.sign_in(both[0])
        his.sign_in(both[1])
        for _ in range(3):
            assert "for Kari alone" in hers.list().text
            assert "for Ola alone" in his.list().text
            assert b"of Kari" in hers.get(f"{hers.list().rows[0]}part/2/").data
            assert b"of Ola" in his.get(f"{his.list().rows[0]}part/2/").data
        hers.post("/sign-out/")
        assert "for Ola alone" in his.list().text

    def test_a_picture_is_nobody_elses(self, visitor: Visitor, both: tuple[MailUser, MailUser]) -> None:
        hers, his = Visitor(), Visitor()
        hers.sign_in(both[0])
        his.sign_in(both[1])
        body = hers.get(f"{hers.list().rows[0]}body/?remote=1")
        (token,) = re.findall(r'src="(/picture/[^"]+)"', body.markup)
        assert his.get(token).status == 404
        middle = len(token) // 2
        assert (
            hers.get(token[:middle] + ("A" if token[middle] != "A" else "B") + token[middle + 1 :]).status
            == 404
        )

    def test_what_may_be_kept_by_whom(self, visitor: Visitor, both: tuple[MailUser, MailUser]) -> None:
        visitor.sign_in(both[0])
        (address,) = visitor.list().rows
        for tail in (
            "",
            "body/",
            "part/2/",
            "part/2/?inline=1",
            "source/",
            "headers/",
            "print/",
            "parts.zip",
        ):
            kept = visitor.get(address + tail).headers["Cache-Control"]
            assert "private" in kept or "no-store" in kept
            assert "public" not in kept
