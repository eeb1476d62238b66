"""Drafts on a real server: saved, saved again, found by others, never lost."""

from dataclasses import replace

import pytest

from tests.mailbox.letters import letter
from tests.mailbox.writing.conftest import NOW, built, parsed
from webmail.accounts import connections
from webmail.imap.commands.append import Append
from webmail.imap.session import Session
from webmail.mailbox import reading, writing
from webmail.mailbox.errors import MailServerError, QuotaError, SignInEndedError
from webmail.mailbox.writing import Received


@pytest.fixture
def written(plain):
    return replace(writing.new(access=plain, to="Bo Ek <bo@fjord.example>"), subject="Blåbær", text="Hei")


@pytest.fixture
def save(plain):
    def save_it(composition, **changes):
        return writing.save_draft(access=plain, composition=replace(composition, **changes), now=NOW)

    return save_it


def test_a_draft_is_there_for_every_program_to_see(written, save, message, mail_user):
    saved = save(written)
    seen = parsed(message("Drafts"))
    assert seen["to"] == "Bo Ek <bo@fjord.example>"
    assert seen["subject"] == "Blåbær"
    assert seen.get_content() == "Hei\r\n"
    assert seen["message-id"] == f"<{written.message_id}>"
    assert (saved.at, saved.conflict, saved.missing) == (NOW, False, ())
    assert saved.composition.draft.folder == "Drafts"
    with mail_user.imap() as client:
        client.select("Drafts")
        flags = client.fetch("1", "(FLAGS)")[1][0]
    assert b"\\Draft" in flags
    assert b"\\Seen" in flags


def test_the_next_save_replaces_the_former(tapped, written, save, count, message):
    tap = tapped[1]
    saved = save(written, subject="One")
    tap.settle()
    mark = tap.mark()
    again = save(saved.composition, subject="Two")
    tap.settle()
    # The former one is only removed once the server has said that it has the new one.
    assert tap.since(mark).round_trips == 2
    assert count("Drafts") == 1
    assert b"Subject: Two" in message("Drafts")
    assert again.composition.draft.uid == saved.composition.draft.uid + 1
    assert not again.conflict


def test_what_others_have_marked_as_deleted_stays(written, save, count, mail_user):
    mail_user.deliver("Drafts", letter(1))
    with mail_user.imap() as client:
        client.select("Drafts")
        client.store("1", "+FLAGS", "(\\Deleted)")
    save(save(written).composition)
    assert count("Drafts") == 2


def test_two_tabs_on_one_draft_keep_both_texts_and_are_told(written, save, count, message):
    first = save(written, text="As it was").composition
    other = save(first, text="In the other tab")
    mine = save(first, text="In this tab")
    assert (other.conflict, mine.conflict) == (False, True)
    assert count("Drafts") == 2
    assert {parsed(message("Drafts", n)).get_content() for n in (1, 2)} == {
        "In the other tab\r\n",
        "In this tab\r\n",
    }
    # From then on each goes on with its own.
    assert not save(mine.composition, text="From this tab, again").conflict
    assert not save(other.composition, text="From the other tab, again").conflict
    assert count("Drafts") == 2


def test_a_draft_that_another_program_has_removed_is_saved_again(written, save, count, mail_user):
    saved = save(written).composition
    with mail_user.imap() as client:
        client.select("Drafts")
        client.store("1", "+FLAGS", "(\\Deleted)")
        client.expunge()
    assert not save(saved).conflict
    assert count("Drafts") == 1


def test_a_message_that_took_the_drafts_place_is_not_removed(written, save, count):
    """Whatever a form says of where its draft is: only what has its Message-ID goes."""
    saved = save(written).composition
    other = writing.Composition(message_id="somebody@else.example", text="x", draft=saved.draft)
    save(other)
    assert count("Drafts") == 2


def test_a_renumbered_folder_costs_no_message(written, save, count):
    saved = save(written).composition
    changed = replace(saved.draft, uid_validity=saved.draft.uid_validity + 1)
    again = save(saved, draft=changed, text="Changed")
    assert again.conflict
    assert count("Drafts") == 2
    assert again.composition.draft.uid_validity == saved.draft.uid_validity


@pytest.mark.parametrize(
    "options", [{"special_use": False}, {"special_use": False, "prefix": "INBOX.", "separator": "."}]
)
def test_no_drafts_folder(elsewhere, written, options):
    access, user = elsewhere(**options)
    name = options.get("prefix", "") + "Drafts"
    saved = writing.save_draft(access=access, composition=written, now=NOW).composition
    assert saved.draft.folder == name
    with user.imap() as client:
        assert any(name.encode() in line for line in client.lsub()[1])
        # When it goes while we have it open, Dovecot says goodbye; nothing is lost and the next save makes it anew.
        client.delete(name)
    with pytest.raises(MailServerError):
        writing.save_draft(access=access, composition=saved, now=NOW)
    again = writing.save_draft(access=access, composition=saved, now=NOW).composition
    assert again.draft.folder == name
    with user.imap() as client:
        assert client.select(name)[1] == [b"1"]


def test_a_full_mailbox_is_told_and_costs_nothing(elsewhere, written):
    access, user = elsewhere(quota=True)
    user.limit_storage(100)
    saved = writing.save_draft(access=access, composition=written, now=NOW).composition
    with pytest.raises(QuotaError):
        writing.save_draft(access=access, composition=replace(saved, text="x\n" * 100_000), now=NOW)
    with user.imap() as client:
        assert client.select("Drafts")[1] == [b"1"]
    assert writing.save_draft(access=access, composition=saved, now=NOW).composition.draft.uid == 2


def test_a_server_that_is_gone_is_told(written, save, dovecot, tapped, count):
    saved = save(written).composition
    tapped[1].cut_after(1)
    with pytest.raises(MailServerError):
        save(saved)
    assert count("Drafts") >= 1
    assert save(saved).composition.draft is not None


def test_a_sign_in_that_ended_is_told(written, plain, mail_user):
    connections.close_pool()
    mail_user.change_password()
    with pytest.raises(SignInEndedError):
        writing.save_draft(access=plain, composition=written, now=NOW)


def test_files_are_in_the_draft(written, save, plain, message):
    file = writing.upload(access=plain, filename="Året.pdf", type="application/pdf", chunks=[b"%PDF-1.4"])
    save(written, attachments=(file,))
    (found,) = parsed(message("Drafts")).iter_attachments()
    assert (found.get_filename(), found.get_content()) == ("Året.pdf", b"%PDF-1.4")


def test_what_has_vanished_is_told_and_the_text_is_saved(
    written, save, plain, mail_user, uid_validity, message
):
    mail_user.deliver("INBOX", letter(1))
    gone = Received(reading.summary.Place("INBOX", uid_validity(), 99), "")
    renumbered = Received(reading.summary.Place("INBOX", uid_validity() + 1, 1), "")
    swept = "A" * 32
    files = tuple(
        writing.Attached(token, f"{number}.eml", "message/rfc822", 10)
        for number, token in enumerate((gone.token, renumbered.token, swept))
    )
    saved = save(written, attachments=files, text="Still here")
    assert saved.missing == files
    assert saved.composition.attachments == files
    assert parsed(message("Drafts")).get_content() == "Still here\r\n"


def test_what_only_we_understand_is_never_in_sent_mail(plain, written):
    assert built(plain, written, "draft")["x-ekorn-draft"]
    assert not any(
        name.lower().startswith("x-") for name in (*built(plain, written), *built(plain, written, "sent"))
    )


def test_a_second_click_is_no_other_version(written, save, count):
    first = save(written).composition
    once, twice = save(first, text="More"), save(first, text="More")
    assert not once.conflict
    assert not twice.conflict
    assert count("Drafts") == 1
    assert twice.composition.draft.uid > once.composition.draft.uid


def test_an_answer_that_never_came_leaves_no_double(written, save, count):
    lost = save(written)
    again = save(written)
    assert (lost.conflict, again.conflict) == (False, False)
    assert count("Drafts") == 1


def test_files_that_are_too_large_are_told_and_the_text_is_saved(
    written, save, plain, mail_user, uid_validity, settings, message
):
    mail_user.deliver("INBOX", letter(1, body="x" * 3000))
    settings.ATTACHMENT_LIMIT = 2000
    token = Received(reading.summary.Place("INBOX", uid_validity(), 1), "").token
    large = writing.Attached(token, "a.eml", "message/rfc822", 3000)
    small = writing.upload(access=plain, filename="b.txt", type="text/plain", chunks=[b"b"])
    saved = save(written, attachments=(large, small), text="Still here")
    assert saved.missing == (large,)
    assert saved.composition.attachments == (large, small)
    assert [part.get_filename() for part in parsed(message("Drafts")).iter_attachments()] == ["b.txt"]


def test_a_former_folder_that_is_gone_is_no_reason_not_to_save(written, save, count):
    place = reading.summary.Place("No such folder", 1, 1)
    assert not save(written, draft=place).conflict
    assert count("Drafts") == 1


@pytest.fixture
def without_uidplus(monkeypatch):
    """As servers are that neither say where a message went nor remove some messages alone."""
    has = Session.has
    monkeypatch.setattr(Append, "complete", lambda _self, _tagged: None)
    monkeypatch.setattr(Session, "has", lambda self, name: name != "UIDPLUS" and has(self, name))


@pytest.mark.usefixtures("without_uidplus")
def test_a_server_that_tells_nothing(written, save, count):
    saved = save(written).composition
    for number in range(3):
        again = save(saved, text=f"{number}")
        assert not again.conflict
        assert again.composition.draft.uid == saved.draft.uid + 1
        saved = again.composition
    assert count("Drafts") == 1


@pytest.mark.usefixtures("without_uidplus")
def test_there_nothing_of_others_is_expunged_either(written, save, count, mail_user):
    mail_user.deliver("Drafts", letter(1))
    with mail_user.imap() as client:
        client.select("Drafts")
        client.store("1", "+FLAGS", "(\\Deleted)")
    first = save(written).composition
    saved = save(first, text="More").composition
    # The former one could only be marked; it is no other version all the same.
    assert count("Drafts") == 3
    assert not save(saved, text="Still more").conflict
