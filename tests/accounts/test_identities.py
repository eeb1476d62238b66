"""Who a person writes as: at least one, in order, one of them the default, only what the rule allows."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from webmail.accounts import identities
from webmail.accounts.identities import (
    ACCOUNT,
    SenderIdentity,
    UnknownIdentityError,
    delete_identity,
    identities_of,
    identity_for,
    identity_named,
    is_own,
    move_identity,
    own_addresses,
    save_identity,
    without_detail,
)
from webmail.accounts.identity_fields import FIELDS, IdentityError
from webmail.accounts.models import Identity, Person
from webmail.accounts.senders import canonical, is_address, may_send_as
from webmail.mail.compose.wire_address import wire_address


@pytest.fixture
def kari(db) -> Person:
    return Person.objects.create(username="kari@fjord.example")


def save(person: Person, address: str, **fields: object) -> SenderIdentity:
    return save_identity(person=person, identity=SenderIdentity(address=address, **fields))  # type: ignore[arg-type]


def addresses(person: Person) -> list[str]:
    return [identity.address for identity in identities_of(person=person)]


def default(person: Person) -> list[str]:
    return [identity.address for identity in identities_of(person=person) if identity.is_default]


def test_everybody_has_one(kari, settings):
    (only,) = identities_of(person=kari)
    assert (only.key, only.address, only.is_default, only.allowed) == (
        ACCOUNT,
        "kari@fjord.example",
        True,
        True,
    )
    assert Identity.objects.count() == 0
    ola = Person(username="ola")
    ola.save()
    assert addresses(ola) == ["ola"]
    settings.MAIL_DOMAIN = "fjord.example"
    assert addresses(ola) == ["ola@fjord.example"]


def test_the_first_new_one_stands_beside_the_accounts_own(kari):
    saved = save(kari, "post@fjord.example", name="Posten")
    assert addresses(kari) == ["kari@fjord.example", "post@fjord.example"]
    assert default(kari) == ["kari@fjord.example"]
    assert identity_named(person=kari, key=saved.key).name == "Posten"
    assert identity_named(person=kari, key=ACCOUNT).address == "kari@fjord.example"


def test_the_accounts_own_can_be_changed(kari):
    named = replace(identities_of(person=kari)[0], name="Kari Nes", signature_plain="Helsing\r\nKari\n\n")
    saved = save_identity(person=kari, identity=named)
    assert identities_of(person=kari) == (saved,)
    assert saved.signature_plain == "Helsing\nKari"
    again = save_identity(person=kari, identity=replace(named, name="Kari"))
    assert again.key == saved.key
    assert len(identities_of(person=kari)) == 1


def test_one_is_the_default(kari):
    post = save(kari, "post@fjord.example", is_default=True)
    assert default(kari) == ["post@fjord.example"]
    assert identity_named(person=kari, key="") == post
    with pytest.raises(IntegrityError), transaction.atomic():
        Identity.objects.create(person=kari, address="x@fjord.example", is_default=True)
    delete_identity(person=kari, key=post.key)
    assert default(kari) == ["kari@fjord.example"]


def test_delete_and_take_back(kari):
    post = save(kari, "post@fjord.example", name="Posten", signature_rich="<b>Hei</b>", is_default=True)
    former = delete_identity(person=kari, key=post.key)
    assert addresses(kari) == ["kari@fjord.example"]
    back = save_identity(person=kari, identity=replace(former, key=""))
    assert replace(back, key=post.key) == post
    for identity in identities_of(person=kari):
        delete_identity(person=kari, key=identity.key)
    assert addresses(kari) == ["kari@fjord.example"]
    with pytest.raises(UnknownIdentityError):
        delete_identity(person=kari, key=ACCOUNT)


def test_order(kari):
    for name in "abc":
        save(kari, f"{name}@fjord.example")
    move_identity(person=kari, key=identities_of(person=kari)[3].key, by=-2)
    assert [address[0] for address in addresses(kari)] == ["k", "c", "a", "b"]
    move_identity(person=kari, key=identities_of(person=kari)[0].key, by=-1)
    move_identity(person=kari, key=identities_of(person=kari)[3].key, by=1)
    assert [address[0] for address in addresses(kari)] == ["k", "c", "a", "b"]


def test_nobody_reaches_anothers(kari):
    ola = Person.objects.create(username="ola@fjord.example")
    post = save(kari, "post@fjord.example")
    for use in (
        lambda: identity_named(person=ola, key=post.key),
        lambda: delete_identity(person=ola, key=post.key),
        lambda: move_identity(person=ola, key=post.key, by=1),
        lambda: save_identity(person=ola, identity=replace(post, address="ola@fjord.example")),
    ):
        with pytest.raises(UnknownIdentityError):
            use()
    assert addresses(kari)[1] == "post@fjord.example"


@pytest.mark.parametrize("key", ["0", "-1", "x", "1\0", "9" * 400, "٣"])
def test_unknown_keys(kari, key):
    with pytest.raises(UnknownIdentityError):
        identity_named(person=kari, key=key)


def test_no_more_than_fifty(kari, monkeypatch):
    monkeypatch.setattr(identities, "MOST", 2)
    save(kari, "a@fjord.example")
    with pytest.raises(IdentityError) as refused:
        save(kari, "b@fjord.example")
    assert refused.value.reason == "many"


@pytest.mark.parametrize(
    ("sent_to", "answered_as"),
    [
        (["ola@a.example", "POST@Fjord.example"], "post@fjord.example"),
        (["post+liste@fjord.example", "kari@fjord.example"], "post@fjord.example"),
        (["post+eiga@fjord.example"], "post+eiga@fjord.example"),
        (["stranger@a.example"], "kari@fjord.example"),
        ([], "kari@fjord.example"),
        (["", "@", "+@x", "kari+@fjord.example"], "kari@fjord.example"),
    ],
)
def test_the_right_one_for_a_reply(kari, sent_to, answered_as):
    save(kari, "post@fjord.example")
    save(kari, "post+eiga@fjord.example")
    assert identity_for(person=kari, addresses=sent_to).address == answered_as


def test_two_of_one_address_answer_as_the_default(kari):
    save(kari, "kari@fjord.example", name="Kari, styreleiar")
    assert identity_for(person=kari, addresses=["kari@fjord.example"]).name == ""
    save(kari, "kari@fjord.example", name="Kari privat", is_default=True)
    assert identity_for(person=kari, addresses=["kari@fjord.example"]).name == "Kari privat"


def test_ones_own(kari):
    save(kari, "Post@Fjord.example")
    assert own_addresses(person=kari) == {"kari@fjord.example", "post@fjord.example"}
    assert is_own(person=kari, address="KARI+x@fjord.example")
    assert not is_own(person=kari, address="ola@fjord.example")


LINES = [field for field in FIELDS if not field.startswith("signature")]


@pytest.mark.parametrize("field", LINES)
@pytest.mark.parametrize("control", ["\r\nBcc: x@y.example", "\n", "\r", "\0", "\x1b", "\x85", "\u2028"])
def test_line_breaks_and_the_like_never_get_in(kari, field, control):
    good = {"address": "post@fjord.example"}
    with pytest.raises(IdentityError) as refused:
        save(kari, **good | {field: f"{good.get(field, 'x')}{control}"})
    assert (refused.value.field, refused.value.reason) == (field, "control")
    assert Identity.objects.count() == 0


@pytest.mark.parametrize(
    ("fields", "field", "reason"),
    [
        ({"address": ""}, "address", "empty"),
        ({"address": "nobody"}, "address", "address"),
        ({"address": "a@fjord.example, b@fjord.example"}, "address", "address"),
        ({"address": "Kari <kari@fjord.example>"}, "address", "address"),
        ({"address": "a b@fjord.example"}, "address", "address"),
        ({"address": "a" * 65 + "@fjord.example"}, "address", "address"),
        ({"address": "boss@elsewhere.example"}, "address", "forbidden"),
        ({"name": "x" * 201}, "name", "long"),
        ({"reply_to": "post@fjord.example, nobody"}, "reply_to", "address"),
        ({"bcc": "undisclosed-recipients:;"}, "bcc", "address"),
        ({"sent_folder": "x" * 1001}, "sent_folder", "long"),
        ({"signature_plain": "a\0b"}, "signature_plain", "control"),
        ({"signature_plain": "x" * 10_001}, "signature_plain", "long"),
        ({"signature_rich": "a\0b"}, "signature_rich", "control"),
        ({"signature_rich": "<div>" * 2_000}, "signature_rich", "markup"),
    ],
)
def test_what_can_not_be_saved(kari, fields, field, reason):
    with pytest.raises(IdentityError) as refused:
        save(kari, **{"address": "post@fjord.example"} | fields)
    assert (refused.value.field, refused.value.reason) == (field, reason)
    assert Identity.objects.count() == 0


def test_a_formatted_signature_is_safe(kari):
    saved = save(
        kari,
        "post@fjord.example",
        signature_rich="<p style=color:red><b>Kari</b> Nes<script>pwn()</script><img src=x onerror=pwn()>"
        "<a href='https://kari.example/'><img src='https://kari.example/logo.png' width=40></a></p>",
    )
    assert "<b>Kari</b> Nes" in saved.signature_rich
    assert "https://kari.example/logo.png" in saved.signature_rich
    assert "pwn" not in saved.signature_rich
    assert saved.text_signature == "Kari Nes"
    again = save_identity(person=kari, identity=saved)
    assert again == saved
    plain = save(kari, "b@fjord.example", signature_plain="<Kari>\nNes")
    assert plain.html_signature == "&lt;Kari&gt;<br>Nes"


CASES = [
    # policy, listed, address, allowed
    ("account", [], "kari@fjord.example", True),
    ("account", [], "KARI@FJORD.example", True),
    ("account", [], "post@fjord.example", False),
    ("domain", [], "post@fjord.example", True),
    ("domain", [], "post@FJORD.example", True),
    ("domain", [], "post@sub.fjord.example", False),
    ("domain", [], "post@notfjord.example", False),
    ("domain", [], "post@fjord.example.evil.example", False),
    ("domain", [], "post@evil.example@fjord.example", False),
    ("domain", [], "post", False),
    ("domain", [], "@fjord.example", False),
    ("any", [], "post@elsewhere.example", True),
    ("any", [], "not an address", False),
    ("any", [], "a@b.example\r\nBcc: c@d.example", False),
    ("listed", [], "kari@fjord.example", True),
    ("listed", [], "post@fjord.example", False),
    ("listed", ["post@fjord.example"], "Post@fjord.example", True),
    ("listed", ["kari@fjord.example:sal@fjord.example"], "sal@fjord.example", True),
    ("listed", ["ola@fjord.example:sal@fjord.example"], "sal@fjord.example", False),
    ("listed", ["kari@fjord.example:@kari.example"], "hei@kari.example", True),
    ("listed", ["@kari.example"], "hei@sub.kari.example", False),
    ("listed", [""], "", False),
    ("listed", ["kari@fjord.example:"], "@", False),
    ("no such rule", [], "post@fjord.example", False),
]


@pytest.mark.parametrize(("policy", "listed", "address", "allowed"), CASES)
def test_the_administrators_rule(settings, policy, listed, address, allowed):
    settings.SENDER_POLICY, settings.SENDER_ADDRESSES = policy, listed
    assert may_send_as(person=Person(username="kari@fjord.example"), address=address) is allowed


def test_no_domain_is_nobodys_domain(settings):
    """Without MAIL_DOMAIN a bare sign-in name shares a domain with nobody."""
    ola = Person(username="ola")
    assert may_send_as(person=ola, address="ola")
    assert not may_send_as(person=ola, address="ola@fjord.example")
    settings.MAIL_DOMAIN = "fjord.example"
    assert may_send_as(person=ola, address="post@fjord.example")


def test_a_bare_name_can_not_be_written_as(db, settings):
    ola = Person.objects.create(username="ola")
    saved = save_identity(person=ola, identity=replace(identities_of(person=ola)[0], name="Ola"))
    assert not saved.allowed
    assert identity_named(person=ola, key="") == saved
    settings.MAIL_DOMAIN = "fjord.example"
    named = identity_for(person=ola, addresses=["ola@fjord.example"])
    assert (named.key, named.name, named.allowed) == (saved.key, "Ola", True)
    assert own_addresses(person=ola) == {"ola", "ola@fjord.example"}


def test_look_alikes_are_others():
    person = Person(username="strasse@fass.example")
    assert not may_send_as(person=person, address="x@faß.example")
    assert canonical("straße@fass.example") != canonical("strasse@fass.example")
    assert canonical("A@BLÅBÆR.example") == canonical("a@xn--blbr-roah.example")


def test_what_the_rule_no_longer_allows_is_shown_and_not_used(kari, settings):
    post = save(kari, "post@fjord.example", is_default=True)
    settings.SENDER_POLICY = "account"
    assert [identity.allowed for identity in identities_of(person=kari)] == [True, False]
    assert identity_named(person=kari, key="").address == "kari@fjord.example"
    assert identity_for(person=kari, addresses=["post@fjord.example"]).address == "kari@fjord.example"
    assert not identity_named(person=kari, key=post.key).allowed
    with pytest.raises(IdentityError):
        save_identity(person=kari, identity=post)
    delete_identity(person=kari, key=identities_of(person=kari)[0].key)
    assert identity_named(person=kari, key="").key == ACCOUNT


def test_the_former_version_can_still_add_people(db):
    """Its INSERT names only the columns that it knows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_person (password, is_superuser, username, is_staff, is_active, date_joined,"
            " language, time_zone, theme, density, page_size, prefer, keys)"
            " VALUES ('!', false, 'old', false, true, '2026-11-25', '', '', 'auto', 'comfortable', 50, 'html', true)"
        )
    old = Person.objects.get(username="old")
    assert (old.compose, old.undo_seconds, old.quote, old.quote_position) == ("rich", 5, True, "above")
    assert (old.save_sent, old.request_receipts, old.answer_receipts) == (True, False, "ask")


@given(st.text(max_size=80))
def test_what_is_an_address_can_go_on_the_wire(text):
    if is_address(text):
        wire = wire_address(text)
        assert "@" in wire
        assert not any(unicodedata.category(character) == "Cc" for character in wire)
    assert canonical(canonical(text)) == canonical(text)
    without_detail(text)


@given(st.emails())
def test_every_spelling_is_one(address):
    assert is_address(address)
    assert (
        canonical(address)
        == canonical(address.swapcase())
        == canonical(f" {wire_address(address)}").replace('"', "")
    )
