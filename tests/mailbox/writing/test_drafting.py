"""Drafts on a real server: saved, saved again, found by others, never lost."""

from dataclasses import replace
from email import message_from_bytes, policy

from tests.mailbox.writing.conftest import NOW
from webmail.mailbox import writing


def test_a_draft_is_saved_for_every_program_to_see(access, message, mail_user):
    written = replace(
        writing.new(access=access, to="Bo Ek <bo@fjord.example>"), rich=False, subject="Blåbær", text="Hei"
    )
    saved = writing.save_draft(access=access, composition=written, now=NOW)
    seen = message_from_bytes(message("Drafts"), policy=policy.default)
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


def test_the_next_save_replaces_the_former(tapped, count, message):
    access, tap, _ = tapped
    written = replace(writing.new(access=access), rich=False, subject="One")
    saved = writing.save_draft(access=access, composition=written, now=NOW)
    tap.settle()
    mark = tap.mark()
    again = writing.save_draft(access=access, composition=replace(saved.composition, subject="Two"), now=NOW)
    tap.settle()
    # The former one is only removed once the server has said that it has the new one.
    assert tap.since(mark).round_trips == 2
    assert count("Drafts") == 1
    assert b"Subject: Two" in message("Drafts")
    assert again.composition.draft.uid == saved.composition.draft.uid + 1
