"""A draft taken up again is what was put away, whoever put it there; nobody else can put words into it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mailbox.letters import letter, newsletter
from tests.mailbox.writing.conftest import NOW, built
from webmail.accounts.identities import SenderIdentity, save_identity
from webmail.accounts.models import Person
from webmail.mail.header_block import parse_headers
from webmail.mailbox import writing
from webmail.mailbox.errors import MessageNotFoundError
from webmail.mailbox.writing import Composition, Origin, draft_state


def again(access, composition):
    saved = writing.save_draft(access=access, composition=composition, now=NOW).composition
    place = saved.draft
    return saved, writing.edit(
        access=access, folder=place.folder, uid_validity=place.uid_validity, uid=place.uid
    )


def test_everything_is_as_it_was(plain):
    identity = save_identity(
        person=plain.person, identity=SenderIdentity(address="x@fjord.example", name="Ola")
    )
    written = Composition(
        message_id=writing.new(access=plain).message_id,
        identity=identity.key,
        to="Kari Næs <kari@fjord.example>, half an addr",
        cc="Per <per@fjord.example>;  Liv <liv@fjord.example>",
        bcc="secret@fjord.example",
        reply_to="other@fjord.example",
        subject="Blåbær",
        text="Hei\n\n> quoted\n>> deeper\nA line with an end  and spaces\n\n-- \nOla",
        priority="high",
        receipt=True,
        delivery_notice=True,
        in_reply_to="<1@x>",
        references="<0@x> <1@x>",
        origins=(Origin("reply", "INBOX", 5, 7),),
    )
    saved, found = again(plain, written)
    assert found == replace(written, html=found.html, draft=saved.draft)


def test_rich_text_with_its_pictures_and_files(access):
    picture = writing.upload(
        access=access, filename="a.png", type="image/png", chunks=[b"\x89PNG\r\n\x1a\n1"], inline=True
    )
    file = writing.upload(access=access, filename="b.pdf", type="application/pdf", chunks=[b"%PDF-1.4"])
    html = f'<p>Hei <b>du</b></p><img src="{writing.file_link(picture.token)}">'
    written = replace(writing.new(access=access), rich=True, html=html, attachments=(picture, file))
    _, found = again(access, written)
    assert found.rich
    assert "<b>du</b>" in found.html
    assert [(one.filename, one.inline) for one in found.attachments] == [("a.png", True), ("b.pdf", False)]
    assert writing.file_link(found.attachments[0].token) in found.html
    # And once more: what lay in the former draft is in the next.
    twice, once_more = again(access, found)
    assert [one.filename for one in once_more.attachments] == ["a.png", "b.pdf"]
    sent = built(access, twice)
    assert sent.get_body(("html",)).get_content().count("cid:") == 1
    (report,) = sent.iter_attachments()
    assert report.get_content() == b"%PDF-1.4"


def test_the_editor_may_still_name_a_picture_as_it_was_before_the_save(access):
    picture = writing.upload(
        access=access, filename="a.png", type="image/png", chunks=[b"\x89PNG\r\n\x1a\n1"], inline=True
    )
    html = f'<img src="{writing.file_link(picture.token)}">'
    _, found = again(
        access, replace(writing.new(access=access), rich=True, html=html, attachments=(picture,))
    )
    saved = writing.save_draft(access=access, composition=found, now=NOW).composition
    assert saved.attachments != found.attachments
    assert saved.html == found.html
    assert "cid:" in built(access, saved).get_body(("html",)).get_content()
    # A form that knows nothing of the save at all.
    stale = replace(found, draft=saved.draft)
    assert writing.save_draft(access=access, composition=stale, now=NOW).missing == ()


def test_another_programs_draft(access, mail_user, uid_validity):
    mail_user.deliver("Drafts", letter(3, body="Hei\r\nder", extra="X-Priority: 5\r\nBcc: b@x.example\r\n"))
    found = writing.edit(access=access, folder="Drafts", uid_validity=uid_validity("Drafts"), uid=1)
    assert (found.message_id, found.subject, found.text) == ("3@test.example", "Letter 3", "Hei\nder")
    assert (found.to, found.bcc, found.priority) == ("Ola <ola@fjord.example>", "b@x.example", "low")
    assert not found.rich


def test_what_another_program_changed_since_is_the_newer_word(plain, message, mail_user, uid_validity):
    saved, _ = again(plain, replace(writing.new(access=plain), to="a@fjord.example, half"))
    raw = message("Drafts").replace(b"To: a@fjord.example", b"To: b@fjord.example")
    mail_user.deliver("Drafts", raw)
    place = saved.draft
    found = writing.edit(access=plain, folder="Drafts", uid_validity=place.uid_validity, uid=place.uid + 1)
    assert found.to == "b@fjord.example"


def test_a_stranger_cannot_put_words_into_a_draft(access, mail_user, message, uid_validity):
    """The fields are signed for one person and one Message-ID; others' are as if they were not there."""
    composition = replace(
        writing.new(access=access), rich=False, bcc="spy@x.example", origins=(Origin("reply", "INBOX", 1, 1),)
    )
    for person in (Person(pk=access.person.pk + 1), access.person):
        (field,) = draft_state.written(person, composition)
        extra = f"{field[0]}: {field[1]}\r\nX-Ekorn-Draft: nonsense\r\n"
        mail_user.deliver("Drafts", letter(4, extra=extra))
    for uid in (1, 2):
        found = writing.edit(access=access, folder="Drafts", uid_validity=uid_validity("Drafts"), uid=uid)
        assert (found.bcc, found.origins) == ("", ())


@given(st.binary(max_size=200))
def test_any_field_of_that_name_is_read_without_harm(value):
    raw = b"X-Ekorn-Draft: " + value.replace(b"\r", b"").replace(b"\n", b"") + b"\r\n\r\n"
    assert draft_state.read(Person(pk=1), "a@b", parse_headers(raw)) == {}


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300), st.booleans(), st.integers(0, 40_000))
def test_what_was_put_away_is_taken_out(text, rich, more):
    composition = Composition(
        message_id="a@b", to=text, cc="x" * more, bcc=text[::-1], rich=rich, identity="3"
    )
    raw = "".join(f"{name}: {value}\r\n" for name, value in draft_state.written(Person(pk=1), composition))
    state = draft_state.read(Person(pk=1), "a@b", parse_headers(raw.encode("ascii")))
    assert (state["to"], state["bcc"], state["cc"], state["rich"]) == (text, text[::-1], "x" * more, rich)


def test_hostile_html_in_drafts(access, mail_user, uid_validity):
    mail_user.deliver(
        "Drafts", newsletter(1, html="<p>Hi<script>alert(1)</script><img src=x onerror=alert(1)>")
    )
    found = writing.edit(access=access, folder="Drafts", uid_validity=uid_validity("Drafts"), uid=1)
    assert "script" not in found.html
    assert "onerror" not in found.html


def test_as_new_is_a_message_of_its_own(access, mail_user, uid_validity):
    mail_user.deliver("Sent", letter(3, body="Hei", extra="In-Reply-To: <1@x>\r\nReferences: <1@x>\r\n"))
    found = writing.as_new(access=access, folder="Sent", uid_validity=uid_validity("Sent"), uid=1)
    assert (found.to, found.subject, found.text) == ("Ola <ola@fjord.example>", "Letter 3", "Hei")
    assert found.message_id not in ("", "3@test.example")
    assert (found.draft, found.origins, found.in_reply_to, found.references) == (None, (), "", "")


def test_a_draft_that_is_gone(access, uid_validity):
    with pytest.raises(MessageNotFoundError):
        writing.edit(access=access, folder="INBOX", uid_validity=uid_validity(), uid=9)


@pytest.mark.parametrize("name", ["FJORD\\ola", "ola nes", "ola", "é@x@y", "a" * 300])
def test_whatever_somebody_is_called_and_types_can_be_saved(plain, settings, name):
    settings.MAIL_DOMAIN = ""
    plain.person.username = name
    typed = "ø" * 20_000
    written = replace(writing.new(access=plain), to=typed, subject=typed, text=typed, in_reply_to=typed)
    _, found = again(plain, replace(written, in_reply_to="nonsense", references="x y z"))
    assert (found.to, found.subject, found.text) == (typed, typed, typed)


def test_what_was_thrown_away_and_opened_in_the_trash_is_a_draft_again(plain, count):
    place = writing.discard(access=plain, composition=replace(writing.new(access=plain), text="Hei"), now=NOW)
    found = writing.edit(access=plain, folder=place.folder, uid_validity=place.uid_validity, uid=place.uid)
    saved = writing.save_draft(access=plain, composition=replace(found, text="Ho"), now=NOW)
    assert (saved.composition.draft.folder, saved.conflict) == ("Drafts", False)
    assert (count("Drafts"), count("Trash")) == (1, 0)
