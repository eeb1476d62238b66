"""The octets that leave: the same each time, nobody's Bcc, nothing that was typed in the wrong place."""

from dataclasses import replace
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.mailbox.writing.conftest import NOW, built
from webmail.accounts.identities import SenderIdentity, save_identity
from webmail.mail.compose import ComposeError
from webmail.mail.mailto import parse_mailto
from webmail.mailbox import writing


def octets(access, composition, **more):
    target = BytesIO()
    written = writing.build(access=access, composition=composition, target=target, now=NOW, **more)
    assert written.size == len(target.getvalue())
    return target.getvalue()


@pytest.fixture
def written(plain):
    return replace(
        writing.new(access=plain, to="a@fjord.example"),
        cc="b@fjord.example",
        bcc="secret@fjord.example",
        text="Hei",
    )


def test_bcc_is_in_the_draft_and_the_own_copy_alone(plain, written):
    assert b"secret" not in octets(plain, written, for_="wire")
    assert built(plain, written, "draft")["bcc"] == "secret@fjord.example"
    assert built(plain, written, "sent")["bcc"] == "secret@fjord.example"


def test_the_same_octets_each_time(access):
    picture = writing.upload(
        access=access, filename="a.png", type="image/png", chunks=[b"\x89PNG"], inline=True
    )
    html = f'<p>Hei</p><img src="{writing.file_link(picture.token)}">'
    composition = replace(writing.new(access=access, to="a@b.example"), html=html, attachments=(picture,))
    assert octets(access, composition, for_="sent") == octets(access, composition, for_="sent")


def test_what_a_formatted_message_consists_of(access):
    picture = writing.upload(
        access=access, filename="a.png", type="image/png", chunks=[b"\x89PNG"], inline=True
    )
    unused = writing.upload(
        access=access, filename="b.png", type="image/png", chunks=[b"\x89PNG"], inline=True
    )
    html = f'<p>Hei <b>du</b></p><img src="https://mail.example{writing.file_link(picture.token)}"><script>1</script>'
    composition = replace(writing.new(access=access), html=html, rich=True, attachments=(picture, unused))
    sent = built(access, composition)
    assert [part.get_content_type() for part in sent.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
        "image/png",
    ]
    assert "Hei" in sent.get_body(("plain",)).get_content()
    assert "script" not in sent.get_body(("html",)).get_content()


def test_headers_say_no_more_than_the_administrator_wants(plain, written, settings):
    assert b"192.0.2.1" not in octets(plain, written, for_="wire", client_address="192.0.2.1")
    assert b"User-Agent" not in octets(plain, written, for_="wire")
    settings.CLIENT_ADDRESS_IN_HEADERS = settings.USER_AGENT_IN_HEADERS = True
    assert b"X-Originating-IP: [192.0.2.1]" in octets(plain, written, for_="wire", client_address="192.0.2.1")
    assert b"User-Agent: Ekorn" in octets(plain, written, for_="wire")


def test_from_reply_to_and_organisation_are_the_identitys(plain, written):
    identity = save_identity(
        person=plain.person,
        identity=SenderIdentity(address="kari@fjord.example", name="Kari Næs", organisation="Fjord AS"),
    )
    sent = built(
        plain, replace(written, identity=identity.key, reply_to="Desk <desk@fjord.example>", receipt=True)
    )
    assert sent["from"] == "Kari Næs <kari@fjord.example>"
    assert sent["reply-to"] == "Desk <desk@fjord.example>"
    assert sent["organization"] == "Fjord AS"
    assert sent["disposition-notification-to"] == "Kari Næs <kari@fjord.example>"


def test_an_answer_is_in_its_thread(plain, written):
    sent = built(plain, replace(written, in_reply_to="<1@x>", references="<0@x> <1@x>", priority="high"))
    assert (sent["in-reply-to"], sent["references"], sent["x-priority"]) == (
        "<1@x>",
        "<0@x> <1@x>",
        "1 (Highest)",
    )


LINE = st.text(st.sampled_from('a@,;<>"\\:\r\n\0\u2028é \t.=?%'), max_size=60)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LINE, LINE, LINE, LINE)
def test_nothing_typed_becomes_a_header_of_its_own(plain, to, subject, references, text):
    marked = [f"{value}\r\nX-Evil: 1" for value in (to, subject, references)]
    composition = writing.Composition(
        message_id="a@b.example", to=marked[0], subject=marked[1], references=marked[2], text=text
    )
    raw = octets(plain, composition, for_="draft")
    header = raw.partition(b"\r\n\r\n")[0]
    assert b"\nX-Evil" not in header
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\0" not in raw


@pytest.mark.parametrize("message_id", ["", "a b@c", "a@b\r\nX-Evil: 1"])
def test_a_message_id_that_is_none_is_refused(plain, message_id):
    with pytest.raises(ComposeError):
        octets(plain, writing.Composition(message_id=message_id), for_="wire")


def test_a_mailto_link_fills_fields_and_nothing_else(plain):
    save_identity(
        person=plain.person,
        identity=SenderIdentity(
            address="x@fjord.example", bcc="me@fjord.example", signature_plain="X", is_default=True
        ),
    )
    link = parse_mailto(
        "mailto:a@b.example?cc=c@d.example&bcc=e@f.example&subject=Hei&body=One%0ATwo&attach=/etc/passwd"
    )
    found = writing.new(access=plain, mailto=link)
    assert (found.to, found.cc, found.bcc) == ("a@b.example", "c@d.example", "e@f.example, me@fjord.example")
    assert (found.subject, found.text) == ("Hei", "One\nTwo\n\n-- \nX")
    assert found.html.startswith("<p>One</p><p>Two</p>")
    assert found.attachments == ()


def test_each_new_message_has_its_own_id(plain):
    ids = {writing.new(access=plain).message_id for _ in range(20)}
    assert len(ids) == 20
    assert all(one.endswith("@fjord.example") for one in ids)
