"""Folders made, renamed, deleted, subscribed to, put in order and folded, through the front door of every server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.front.odd import letter
from tests.front.visitor import Answer, Visitor
from tests.servers.courier import Courier
from webmail.accounts.models import Person
from webmail.demo.server import MailServer
from webmail.web.addresses import folder_address
from webmail.web.converters import encode_folder


@dataclass
class Desk:
    """Somebody signed in; `prefix` stands before every name on this server."""

    visitor: Visitor
    name: str
    prefix: str = ""
    delimiter: str = "/"

    def path(self, *labels: str) -> str:
        return self.prefix + self.delimiter.join(labels)

    def make(self, label: str, *above: str, role: str = "") -> Answer:
        parent = self.path(*above) if above else ""
        return self.visitor.post("/folders/", do="create", label=label, parent=parent, role=role)

    def do(self, name: str, do: str, **fields: str) -> Answer:
        return self.visitor.post(settings_of(name), do=do, **fields)

    def delete(self, name: str) -> Answer:
        asked = self.visitor.get(f"/folders/delete/{encode_folder(name)}/")
        assert asked.status == 200, asked.status
        (seal,) = asked.tree.xpath("//input[@name='seal']/@value")
        return self.visitor.post(f"/folders/delete/{encode_folder(name)}/", seal=seal)

    @property
    def names(self) -> list[str]:
        return [str(name) for name in self.visitor.get("/folders/").tree.xpath("//li/@data-folder")]

    @property
    def sidebar(self) -> list[str]:
        found = self.visitor.list().tree.xpath("//nav[@id='folders']//*[contains(@class, 'name')]")
        return [element.text_content() for element in found]

    @property
    def person(self) -> Person:
        return Person.objects.get(username=self.name)


def settings_of(name: str) -> str:
    return f"/folders/one/{encode_folder(name)}/"


@pytest.fixture(scope="module")
def demo() -> Iterator[MailServer]:
    with MailServer(mail={}) as server:
        yield server


@pytest.fixture(params=["dovecot", "courier", "demo"])
def desk(request: pytest.FixtureRequest, settings: Any, db: None, pool: None) -> Desk:
    visitor = Visitor()
    if request.param == "demo":
        server = request.getfixturevalue("demo")
        account = server.accounts[0]
        settings.IMAP_URL = server.imap_url
        assert visitor.post("/sign-in/", username=account.address, password=account.password).status == 302
        desk = Desk(visitor, account.address)
        for name in reversed([one for one in desk.names if one != "INBOX"]):
            if visitor.get(f"/folders/delete/{encode_folder(name)}/").status == 200:
                desk.delete(name)
        return desk
    server: Any = request.getfixturevalue(request.param)
    user = server.user()
    settings.IMAP_URL = server.url
    assert visitor.sign_in(user).status == 302
    return Desk(visitor, user.name, *(("INBOX.", ".") if isinstance(server, Courier) else ()))


@pytest.fixture
def kari_desk(kari: Visitor, mail_user: Any) -> Desk:
    return Desk(kari, mail_user.name)


class TestOnEveryServer:
    def test_made_with_one_inside_another(self, desk: Desk) -> None:
        assert desk.make("Kundar").location == "/folders/"
        assert desk.make("Vik & søner", "Kundar").status == 302
        assert {desk.path("Kundar"), desk.path("Kundar", "Vik & søner")} <= set(desk.names)
        assert {"Kundar", "Vik & søner"} <= set(desk.sidebar)
        assert desk.visitor.list(desk.path("Kundar", "Vik & søner")).status == 200

    def test_one_that_is_there_is_refused_and_what_was_typed_is_kept(self, desk: Desk) -> None:
        desk.make("Kundar")
        again = desk.make("Kundar")
        assert again.status == 422
        assert "There is a folder of that name already." in again.text
        assert again.tree.xpath("//main//input[@name='label']/@value") == ["Kundar"]

    def test_renamed_with_what_is_below_it_and_back(self, desk: Desk) -> None:
        desk.make("Kundar")
        desk.make("Vik", "Kundar")
        before, after = desk.path("Kundar"), desk.path("Gamle kundar")
        answer = desk.do(before, "rename", label="Gamle kundar", parent="")
        assert answer.location == settings_of(after).replace(" ", "%20")
        assert {after, desk.path("Gamle kundar", "Vik")} <= set(desk.names)
        assert before not in desk.names
        page = desk.visitor.follow(desk.do(after, "rename", label="Kundar", parent=""))
        undo = page.tree.xpath("//form[contains(@class, 'notice')]")[0]
        fields = {name: undo.xpath(f".//input[@name='{name}']/@value")[0] for name in ("label", "parent")}
        assert fields == {"label": "Gamle kundar", "parent": ""}
        assert desk.visitor.post(undo.get("action"), do="rename", **fields).status == 302
        assert after in desk.names

    def test_moved_below_another_and_not_below_itself(self, desk: Desk) -> None:
        desk.make("Kundar")
        desk.make("Vik")
        desk.do(desk.path("Vik"), "rename", label="Vik", parent=desk.path("Kundar"))
        assert desk.path("Kundar", "Vik") in desk.names
        refused = desk.do(desk.path("Kundar"), "rename", label="X", parent=desk.path("Kundar", "Vik"))
        assert refused.status == 422
        assert "into itself" in refused.text
        assert desk.path("Kundar", "Vik") in desk.names

    def test_deleted_with_what_is_below_it_after_asking(self, desk: Desk) -> None:
        desk.make("Kundar")
        desk.make("Vik", "Kundar")
        asked = desk.visitor.get(f"/folders/delete/{encode_folder(desk.path('Kundar'))}/")
        assert "1 subfolder" in asked.text
        assert "0 messages" in asked.text
        assert desk.visitor.follow(desk.delete(desk.path("Kundar"))).status == 200
        assert not any("Kundar" in name for name in desk.names)
        assert desk.visitor.list(desk.path("Kundar")).status == 404

    def test_the_inbox_stays(self, desk: Desk) -> None:
        for name in ("INBOX", "inbox"):
            assert desk.visitor.get(f"/folders/delete/{name}/").status == 302
            desk.visitor.post(f"/folders/delete/{name}/", seal="1-0-0")
            assert desk.do(name, "rename", label="X", parent="").status == 422
        assert "INBOX" in desk.names

    def test_subscriptions(self, desk: Desk) -> None:
        desk.make("Kundar")
        name = desk.path("Kundar")
        page = desk.visitor.follow(desk.do(name, "unsubscribe"))
        assert "You no longer subscribe" in page.text
        assert "You don't subscribe to this folder" in page.text
        assert "Kundar" in desk.sidebar
        desk.visitor.post("/folders/", do="only", only="true")
        assert "Kundar" not in desk.sidebar
        assert desk.visitor.list(name).status == 200
        desk.do(name, "subscribe")
        assert "Kundar" in desk.sidebar
        desk.visitor.post("/folders/", do="only", only="false")

    def test_bad_names(self, desk: Desk) -> None:
        before = desk.names
        for name in ("a\rb", "a\nb", "a\0b"):
            assert desk.make(name).status == 400
        for name in ("", "  ", f"a{desk.delimiter}b", "a" * 1001):
            refused = desk.make(name)
            assert refused.status == 422
            assert refused.tree.xpath("//main//input[@name='label']/@value") == [name]
        assert desk.names == before

    def test_a_folder_with_a_task_is_protected_until_another_has_it(self, desk: Desk) -> None:
        desk.make("Bos", role="trash")
        bos = desk.path("Bos")
        assert desk.person.folder_choices["roles"] == {bos: "trash"}
        assert "trash" in desk.visitor.list(bos).text.lower()
        assert desk.visitor.get(f"/folders/delete/{encode_folder(bos)}/").status == 302
        desk.make("Ny bos", role="trash")
        assert desk.delete(bos).status == 302
        assert bos not in desk.names

    def test_what_another_program_did_meanwhile(self, desk: Desk) -> None:
        answer = desk.visitor.follow(desk.do(desk.path("Borte"), "rename", label="X", parent=""))
        assert "The folder is not there any more" in answer.text
        assert desk.visitor.get(settings_of(desk.path("Borte"))).status == 404
        assert desk.visitor.get(f"/folders/delete/{encode_folder(desk.path('Borte'))}/").status == 404
        assert desk.make("X", "Borte").status == 422


class TestTasks:
    def test_what_is_deleted_goes_to_the_folder_that_the_person_chose(
        self, kari_desk: Desk, mail_user: Any
    ) -> None:
        mail_user.deliver("INBOX", letter(b"old news"))
        kari_desk.make("Bos")
        assert kari_desk.do("Bos", "role", role="trash").location == "/folders/one/Bos/"
        (message,) = kari_desk.visitor.list().rows
        uid_validity, uid = message.split("/")[-3:-1]
        kari_desk.visitor.post("/mark/INBOX/", do="trash", uid_validity=uid_validity, uid=uid)
        assert "old news" in kari_desk.visitor.list("Bos").text
        assert kari_desk.visitor.list("Trash").rows == []

    def test_the_server_s_own_can_be_for_nothing_special(self, kari_desk: Desk) -> None:
        kari_desk.do("Junk", "role", role="")
        assert kari_desk.person.folder_choices["roles"] == {"Junk": ""}
        assert kari_desk.visitor.list().tree.xpath("//nav[@id='folders']//a[@data-role='junk']") == []
        assert kari_desk.delete("Junk").status == 302

    def test_not_the_inbox_and_no_task_that_there_isn_t(self, kari_desk: Desk) -> None:
        answer = kari_desk.visitor.follow(kari_desk.do("INBOX", "role", role="trash"))
        assert "used for something" in answer.text
        assert kari_desk.do("Junk", "role", role="king").status == 400
        assert kari_desk.person.folder_choices == {}


class TestOrderAndFolding:
    def test_up_and_down_and_placed(self, kari_desk: Desk) -> None:
        for name in ("A", "B", "C"):
            kari_desk.make(name)

        def others() -> list[str]:
            return [name for name in kari_desk.names if len(name) == 1]

        assert others() == ["A", "B", "C"]
        kari_desk.visitor.post("/folders/", do="up", folder="C")
        assert others() == ["A", "C", "B"]
        kari_desk.visitor.post("/folders/", do="place", folder="A", before="")
        assert others() == ["C", "B", "A"]
        kari_desk.visitor.post("/folders/", do="down", folder="A")
        kari_desk.visitor.post("/folders/", do="place", folder="A", before="C")
        assert others() == ["A", "C", "B"]
        assert kari_desk.sidebar[-4:-1] == ["A", "C", "B"]
        kari_desk.do("C", "rename", label="D", parent="")
        assert others() == ["A", "D", "B"]

    def test_special_folders_have_an_order_of_their_own(self, kari_desk: Desk) -> None:
        first = kari_desk.names[:3]
        kari_desk.visitor.post("/folders/", do="down", folder=first[1])
        assert kari_desk.names[:3] == [first[0], first[2], first[1]]

    def test_folded_away_except_the_way_to_what_is_open(self, kari_desk: Desk, mail_user: Any) -> None:
        kari_desk.make("Kundar")
        kari_desk.make("Vik", "Kundar")
        kari_desk.make("Nes", "Kundar")
        mail_user.deliver("Kundar/Vik", letter(b"one"))
        visitor = kari_desk.visitor
        assert (
            visitor.post("/folders/fold/", fold="Kundar", next="/folder/INBOX/").location == "/folder/INBOX/"
        )
        assert "Vik" not in kari_desk.sidebar
        opened = visitor.list("Kundar/Vik").tree.xpath("//nav[@id='folders']")[0].text_content()
        assert "Vik" in opened
        assert "Nes" not in opened
        visitor.post("/folders/fold/", unfold="Kundar", next="https://elsewhere.example/")
        assert "Vik" in kari_desk.sidebar


class TestFaults:
    def test_what_was_shown_must_be_what_is_deleted(self, kari_desk: Desk, mail_user: Any) -> None:
        kari_desk.make("Kundar")
        asked = kari_desk.visitor.get("/folders/delete/Kundar/")
        (seal,) = asked.tree.xpath("//input[@name='seal']/@value")
        mail_user.deliver("Kundar", letter(b"just arrived"))
        again = kari_desk.visitor.post("/folders/delete/Kundar/", seal=seal)
        assert again.status == 409
        assert "Nothing was deleted" in again.text
        assert "1 message" in again.text
        assert "Kundar" in kari_desk.names

    def test_a_folder_that_another_session_has_open_is_deleted(self, kari_desk: Desk, mail_user: Any) -> None:
        kari_desk.make("Kundar")
        mail_user.deliver("Kundar", letter(b"one"))
        assert kari_desk.visitor.list("Kundar").status == 200
        kari_desk.delete("Kundar")
        assert kari_desk.visitor.list("Kundar").status == 404
        assert kari_desk.visitor.list().status == 200

    def test_deleted_by_another_program_while_it_is_open_here(self, kari_desk: Desk, mail_user: Any) -> None:
        kari_desk.make("Kundar")
        assert kari_desk.visitor.list("Kundar").status == 200
        with mail_user.imap() as client:
            client.delete("Kundar")
        assert kari_desk.visitor.get("/folders/").status == 200
        assert "Kundar" not in kari_desk.names
        assert kari_desk.make("Kundar").status == 302
        assert kari_desk.visitor.list("Kundar").status == 200

    def test_what_names_the_folder_goes_along(self, kari_desk: Desk) -> None:
        kari_desk.make("Kundar")
        kari_desk.make("Sende brev", "Kundar")
        person = kari_desk.person
        person.identities.create(address="kari@example.org", sent_folder="Kundar/Sende brev")
        person.threaded = ["Kundar"]
        person.save()
        kari_desk.do("Kundar", "rename", label="Gamle", parent="")
        assert person.identities.get().sent_folder == "Gamle/Sende brev"
        assert kari_desk.person.threaded == ["Gamle"]
        assert kari_desk.person.folder_choices["renamed"]["Kundar/Sende brev"] == "Gamle/Sende brev"
        asked = kari_desk.visitor.get("/folders/delete/Gamle/")
        assert "kari@example.org" in asked.text
        kari_desk.delete("Gamle")
        assert person.identities.get().sent_folder == ""

    def test_links_with_the_former_name_lead_to_the_folder(self, kari_desk: Desk, mail_user: Any) -> None:
        kari_desk.make("Kundar")
        mail_user.deliver("Kundar", letter(b"still found"))
        (message,) = kari_desk.visitor.list("Kundar").rows
        kari_desk.do("Kundar", "rename", label="Gamle kundar", parent="")
        answer = kari_desk.visitor.get("/folder/Kundar/?page=1")
        assert answer.location == f"{folder_address('Gamle kundar')}?page=1"
        assert "still found" in kari_desk.visitor.follow(kari_desk.visitor.get(message)).text
        kari_desk.make("Kundar")
        assert kari_desk.visitor.list("Kundar").status == 200
        kari_desk.delete("Kundar")
        assert kari_desk.visitor.list("Kundar").status == 404

    def test_nothing_is_done_by_get_or_without_the_token(self, kari_desk: Desk) -> None:
        kari_desk.make("Kundar")
        assert kari_desk.visitor.get("/folders/fold/?fold=Kundar").status == 405
        kari_desk.visitor.get("/folders/delete/Kundar/?seal=1-0-0")
        assert "Kundar" in kari_desk.names
        for fields in ({}, {"do": "x"}, {"do": "up"}, {"do": "create", "label": "x", "role": "king"}):
            assert kari_desk.visitor.post("/folders/", **fields).status == 400


def test_the_list_is_not_slowed_down(kari_desk: Desk) -> None:
    """The link is there, and nothing was asked of the server for it."""
    assert "/folders/" in kari_desk.visitor.list().links()
    assert folder_address("INBOX") in kari_desk.visitor.list().links()
