"""Thrown away and taken back."""

from dataclasses import replace

import pytest

from tests.mailbox.writing.conftest import NOW
from webmail.mailbox import writing
from webmail.mailbox.errors import MessageNotFoundError
from webmail.mailbox.reading.summary import Place


def test_what_is_thrown_away_is_in_the_trash_as_it_is_now(plain, count, message):
    written = replace(writing.new(access=plain), text="Then")
    saved = writing.save_draft(access=plain, composition=written, now=NOW).composition
    place = writing.discard(access=plain, composition=replace(saved, text="Now"), now=NOW)
    assert (count("Drafts"), count("Trash")) == (0, 1)
    assert b"Now" in message("Trash")
    found = writing.take_back(access=plain, place=place, message_id=saved.message_id)
    assert (found.text, found.message_id, found.draft.folder) == ("Now", saved.message_id, "Drafts")
    assert (count("Drafts"), count("Trash")) == (1, 0)
    # A second click on "Undo".
    assert writing.take_back(access=plain, place=place, message_id=saved.message_id).draft == found.draft


def test_what_was_cleared_out_meanwhile_cannot_be_taken_back(plain, uid_validity):
    with pytest.raises(MessageNotFoundError):
        writing.take_back(
            access=plain, place=Place("Trash", uid_validity("Trash"), 1), message_id="gone@x.example"
        )


def test_what_was_never_saved_can_be_taken_back_too(plain, count):
    written = replace(writing.new(access=plain), text="Now")
    place = writing.discard(access=plain, composition=written, now=NOW)
    assert writing.take_back(access=plain, place=place, message_id=written.message_id).text == "Now"


def test_nothing_was_typed(plain, count):
    empty = replace(writing.new(access=plain), text="", html="")
    assert writing.discard(access=plain, composition=empty, now=NOW) is None
    gone = replace(empty, draft=Place("Drafts", 1, 1))
    assert writing.discard(access=plain, composition=gone, now=NOW) is None
    assert (count("Drafts"), count("Trash")) == (0, 0)


def test_a_full_mailbox_lets_go_of_what_was_saved(elsewhere):
    access, user = elsewhere(quota=True)
    user.limit_storage(100)
    written = replace(writing.new(access=access), text="Then")
    saved = writing.save_draft(access=access, composition=written, now=NOW).composition
    writing.discard(access=access, composition=replace(saved, text="x\n" * 100_000), now=NOW)
    with user.imap() as client:
        assert client.select("Drafts")[1] == [b"0"]
