from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mail.work import is_linear
from webmail.mail.address import Mailbox
from webmail.mail.hints import ReplyTo, hints, speaks_of_attachment
from webmail.mail.reply import original_of, reply_to_all, reply_to_sender


@pytest.mark.parametrize(
    "text",
    [
        "See the attached file.",
        "I've attached it",
        "ATTACHMENT: one",
        "Please find enclosed",
        "Vedlagt finn du referatet",
        "Sjå vedlegg.",
        "Eg legg ved ei fil",
        "Jeg legger ved rapporten",
        "Se vedlegget",
        "Eg legg\nved det",
        "Bilag 3 følger",
        "Se vedhæftet fil",
        "Jag bifogar protokollen",
        "Anbei die Rechnung",
        "Siehe Anhang",
        "In der Anlage finden Sie",
        "Zie bijlage",
        "Veuillez trouver ci-joint le contrat",
        "en pièce jointe",
        "le fichier attaché",
        "Adjunto el informe",
        "In allegato trova",
        "Segue em anexo",
        "W załączniku faktura",
        "v příloze",
        "Во вложении",
        "請見附件",
        "資料を添付します",
        "Re\u0301sume\u0301 en pie\u0300ce jointe",
        "(attached)",
        "> old\nattached\n> older",
    ],
)
def test_speaks_of_an_attachment(text: str) -> None:
    assert speaks_of_attachment(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The unattached house",
        "She is detached",
        "https://x.example/attachment/1 and attached@x.example",
        "/var/attached/x",
        "> see the attached file\nThanks!",
        "Hi\n-- \nAnn\nSee the attached file",
        "FYI\n\n-------- Forwarded message --------\nFrom: x\n\nSee the attached file",
        "Anlagenbau, die Anlage läuft",
        "disadjunto, malallegato",
        "Kabel og bilagsskap",
        "vedleggsfri",
        "Legg ved sida av",
    ],
)
def test_does_not(text: str) -> None:
    assert not speaks_of_attachment(text)


def test_an_ordinary_letter_has_none() -> None:
    assert (
        hints(subject="Hi", text="See the attached file", attachments=1, to=(Mailbox("", "a@b.example"),))
        == ()
    )


def test_all_at_once() -> None:
    people = [Mailbox("", f"a{number}@b.example") for number in range(16)]
    original = original_of(b"From: a@b.example\nReply-To: e@evil.example\nList-Id: <l.b.example>")
    assert hints(
        subject=" ",
        text="attached",
        attachments=0,
        to=(*people, Mailbox("", "e@evil.example")),
        reply="all",
        original=original,
    ) == ("attachment", "subject", "many-visible", "list-all", "reply-elsewhere")


def test_the_same_person_twice_is_one() -> None:
    people = [Mailbox("", "a@b.example"), Mailbox("A", "A@B.example")]
    assert hints(subject="x", text="", attachments=0, to=people, many=1) == ()
    assert hints(subject="x", text="", attachments=0, to=people, cc=[Mailbox("", "c@d")], many=1) == (
        "many-visible",
    )


@pytest.mark.parametrize(
    ("header", "reply", "elsewhere"),
    [
        ("From: a@shop.example\nReply-To: b@evil.example", "sender", True),
        ("From: a@shop.example\nReply-To: help@shop.example", "sender", False),
        ("From: a@shop.example\nReply-To: help@mail.shop.example", "sender", False),
        ("From: a@mail.shop.example\nReply-To: help@shop.example", "sender", False),
        ("From: a@shop.example\nReply-To: help@notshop.example", "sender", True),
        ("From: a@shop.example\nReply-To: b@evil.example\nTo: b@evil.example", "sender", False),
        ("From: a@shop.example", "sender", False),
        ("From: a@x.example\nMail-Followup-To: b@evil.example", "all", True),
        ("From: a@x.example\nList-Post: <mailto:l@l.example>\nReply-To: l@l.example", "all", False),
        ("From: me@example.org\nReply-To: b@evil.example\nTo: c@x.example", "sender", False),
    ],
)
def test_a_reply_that_goes_elsewhere(header: str, reply: ReplyTo, elsewhere: bool) -> None:
    original = original_of(header.encode())
    make = reply_to_all if reply == "all" else reply_to_sender
    found = hints(
        subject="x",
        text="",
        attachments=0,
        to=make(original, ["me@example.org"]).to,
        reply=reply,
        original=original,
    )
    assert ("reply-elsewhere" in found) is elsewhere


@given(st.text(max_size=200))
def test_never_raises(text: str) -> None:
    speaks_of_attachment(text)


@pytest.mark.parametrize(
    "unit", ["attach ", "a", "> ", "-", "---- ", "-- \n", "@", "://", "x://", "legg ", "é"]
)
def test_is_linear(unit: str) -> None:
    assert is_linear(lambda n: speaks_of_attachment(unit * n), 8_000)
