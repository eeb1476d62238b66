"""Identities through requests: the list and its changes, one and what is refused, whose they are."""

from __future__ import annotations

import re

import lxml.html
import pytest
from django.test import Client

from webmail.accounts import connections
from webmail.accounts.identities import SenderIdentity, identities_of, save_identity
from webmail.accounts.models import Identity, Person

LIST = "/preferences/identities/"


@pytest.fixture
def person(visitor, settings, tmp_path) -> Person:
    """The visitor, who may write as everybody at fjord.example, where the editor is installed."""
    settings.EDITOR_DIR = tmp_path
    settings.SENDER_POLICY, settings.SENDER_ADDRESSES = "listed", ["@fjord.example"]
    return Person.objects.get(username=visitor.user.name)


@pytest.fixture
def post(person) -> SenderIdentity:
    identity = SenderIdentity(address="post@fjord.example", name="Posten", signature_rich="<b>Hei</b>")
    return save_identity(person=person, identity=identity)


def tree(answer) -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring(answer.content.decode())


def addresses(person: Person) -> list[str]:
    return [identity.address.partition("@")[0] for identity in identities_of(person=person)]


def change(visitor, what: str, key: str = ""):
    return visitor.post(LIST, {"change": what, "key": key})


def test_everybody_sees_one_and_can_name_it(visitor, person):
    page = tree(visitor.get(LIST))
    (link,) = page.xpath("//ol[@class='identities']//a/@href")
    assert link == f"{LIST}account/"
    assert page.xpath("//*[@name='change']") == []
    (form,) = tree(visitor.get(link)).xpath("//main//form[@method='post']")
    assert form.action == link
    fields = {**form.fields, "name": "Kari Nes", "signature_plain": "Helsing\r\nKari"}
    fields.pop("csrfmiddlewaretoken", None)
    answer = visitor.post(link, {name: value or "" for name, value in fields.items()})
    assert answer["Location"] == LIST
    (identity,) = identities_of(person=person)
    assert (identity.name, identity.signature_plain) == ("Kari Nes", "Helsing\nKari")
    page = visitor.get(LIST).content.decode()
    assert "Kari Nes" in page
    assert "Saved." in page


def test_a_new_one(visitor, person):
    assert visitor.get(f"{LIST}new/").status_code == 200
    data = {"name": "Posten", "address": "post@fjord.example", "is_default": ["false", "true"]}
    assert visitor.post(f"{LIST}new/", data)["Location"] == LIST
    own, post = identities_of(person=person)
    assert (own.is_default, post.is_default, post.name) == (False, True, "Posten")
    assert tree(visitor.get(LIST)).xpath("//li[contains(., 'Posten')]//*[@class='badge']/text()") == [
        "Default"
    ]


def test_only_what_was_sent_is_changed(visitor, person, post):
    visitor.post(f"{LIST}{post.key}/", {"organisation": "Fjord AS"})
    saved = identities_of(person=person)[1]
    assert (saved.name, saved.organisation, saved.signature_rich) == ("Posten", "Fjord AS", "<b>Hei</b>")


def test_order_default_delete_and_undo(visitor, person, post):
    own = identities_of(person=person)[0]
    assert change(visitor, "up", post.key)["Location"] == LIST
    assert addresses(person)[0] == "post"
    change(visitor, "default", post.key)
    assert [one.is_default for one in identities_of(person=person)] == [True, False]
    gone = change(visitor, "delete", post.key)
    assert gone["Location"] == f"{LIST}?deleted=1"
    assert [one.key for one in identities_of(person=person)] == [own.key]
    page = tree(visitor.get(gone["Location"]))
    (notice,) = page.xpath("//div[@id='notices']//form")
    assert "Posten was deleted." in notice.text_content()
    assert notice.xpath(".//button/@value") == ["restore"]
    assert change(visitor, "restore")["Location"] == LIST
    back = identities_of(person=person)[0]
    assert (back.name, back.signature_rich, back.is_default) == ("Posten", "<b>Hei</b>", True)
    # Pressed twice, it is taken back once.
    change(visitor, "restore")
    assert len(identities_of(person=person)) == 2
    assert "was deleted" not in visitor.get(gone["Location"]).content.decode()


def test_undo_can_no_longer_be_allowed(visitor, person, post, settings):
    change(visitor, "delete", post.key)
    settings.SENDER_POLICY = "account"
    change(visitor, "restore")
    assert "does not let you write as this address" in visitor.get(LIST).content.decode()
    assert len(identities_of(person=person)) == 1


@pytest.mark.parametrize("data", [{}, {"change": "explode"}, {"change": ""}])
def test_no_such_change(visitor, person, data):
    assert visitor.post(LIST, data).status_code == 400


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("address", "", "Fill in an address."),
        ("address", "nobody", "not an e-mail address"),
        ("address", "kari@elsewhere.example", "does not let you write as this"),
        ("address", "a@fjord.example\r\nBcc: b@c.example", "character in it that can&#x27;t be seen"),
        ("name", "Kari\r\nBcc: b@c.example", "character in it"),
        ("name", "Kari\0", "character in it"),
        ("organisation", "x\ny", "character in it"),
        ("reply_to", "a@b.example\rBcc: c@d.example", "character in it"),
        ("reply_to", "nobody", "not an e-mail address"),
        ("bcc", "a@b.example\n", "character in it"),
        ("sent_folder", "Sent\0", "character in it"),
        ("signature_plain", "a\0", "character in it"),
        ("signature_plain", "x" * 10_001, "too long"),
        ("signature_rich", "a\0", "character in it"),
        ("signature_rich", "<div>" * 2_000, "too intricate"),
    ],
)
def test_what_is_refused_is_kept_on_the_page(visitor, person, field, value, words):
    data = {"name": "Eit namn", "address": "post@fjord.example", "signature_plain": "Kjær helsing"} | {
        field: value
    }
    answer = visitor.post(f"{LIST}new/", data)
    assert answer.status_code == 422
    markup = answer.content.decode()
    assert words in markup
    page = tree(answer) if "\0" not in value else None
    if page is not None:
        assert page.xpath("//*[@aria-invalid]/@name") == [field] or field == "sent_folder"
        (described,) = page.xpath("//*[@aria-invalid]/@aria-describedby") or [f"{field}-wrong"]
        assert page.get_element_by_id(described.split()[0], None) is not None
    assert ("Eit namn" in markup) or field == "name"
    assert ("Kjær helsing" in markup) or field == "signature_plain"
    assert Identity.objects.count() == 0


def test_what_the_rule_forbids_now_is_said(visitor, person, post, settings):
    settings.SENDER_POLICY = "account"
    page = tree(visitor.get(LIST))
    (row,) = page.xpath("//ol[@class='identities']/li[contains(., 'Posten')]")
    assert "does not let you write as it any more" in row.text_content()
    assert "default" not in row.xpath(".//button/@value")


def test_folders_to_choose_from(visitor, person, post):
    options = tree(visitor.get(f"{LIST}{post.key}/")).xpath("//select[@name='sent_folder']/option/@value")
    assert options[:2] == ["", "INBOX"]
    visitor.post(f"{LIST}{post.key}/", {"sent_folder": "Gone/Away"})
    chosen = tree(visitor.get(f"{LIST}{post.key}/")).xpath(
        "//select[@name='sent_folder']/option[@selected]/@value"
    )
    assert chosen == ["Gone/Away"]


def test_settings_need_no_mail_server(visitor, person, post, settings):
    connections.close_pool()
    settings.IMAP_URL = "imap://127.0.0.1:1"
    assert visitor.get(LIST).status_code == 200
    assert visitor.get("/preferences/writing/").status_code == 200
    assert visitor.get(f"{LIST}{post.key}/").status_code == 200
    assert visitor.post(f"{LIST}{post.key}/", {"name": "Nytt"}).status_code == 302


def test_anothers_is_not_there(visitor, person, dovecot):
    other = Person.objects.create(username="other@fjord.example")
    theirs = save_identity(
        person=other,
        identity=SenderIdentity(address="secret@fjord.example", name="Løyndom", signature_rich="<i>x</i>"),
    )
    for address in (f"{LIST}{theirs.key}/", f"{LIST}{theirs.key}/signature/", f"{LIST}0/", f"{LIST}x/"):
        answer = visitor.get(address)
        assert answer.status_code == 404
        assert "Løyndom" not in answer.content.decode()
    assert visitor.post(f"{LIST}{theirs.key}/", {"name": "Mine"}).status_code == 404
    for what in ("up", "down", "default", "delete"):
        assert change(visitor, what, theirs.key).status_code == 404
    assert identities_of(person=other)[1] == theirs


def test_one_must_be_signed_in(db):
    client = Client()
    for address in (LIST, f"{LIST}new/", f"{LIST}1/signature/", "/preferences/writing/"):
        assert client.get(address)["Location"].startswith("/sign-in/?next=")
    assert client.post(LIST, {"change": "delete", "key": "1"})["Location"] == "/sign-in/"
    assert client.post("/preferences/writing/", {"quote": "false"})["Location"] == "/sign-in/"


def test_a_picture_survives_the_editor(visitor, person, post):
    logo = '<img src="https://fjord.example/logo.png?a=1&amp;b=2">'
    visitor.post(f"{LIST}{post.key}/", {"signature_rich": f"<i>Fjord</i> {logo}"})
    (form,) = tree(visitor.get(f"{LIST}{post.key}/")).xpath("//main//form[@method='post']")
    given = form.get("data-signature")
    assert "https://fjord.example/logo.png" not in given
    visitor.post(f"{LIST}{post.key}/", {"signature_rich": f"<div>{given}</div>"})
    saved = identities_of(person=person)[1].signature_rich
    assert saved == f"<div><i>Fjord</i> {logo}</div>"
    visitor.post(f"{LIST}{post.key}/", {"signature_rich": "<div><br></div>"})
    assert identities_of(person=person)[1].signature_rich == ""


def test_the_signature_is_shown_in_a_frame_that_can_do_nothing(visitor, person, post):
    (frame,) = tree(visitor.get(f"{LIST}{post.key}/")).xpath("//iframe")
    assert frame.get("sandbox") == ""
    answer = visitor.get(frame.get("src"))
    assert "<b>Hei</b>" in answer.content.decode()
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert re.search(r"sandbox(?!.*allow-scripts)", policy)
