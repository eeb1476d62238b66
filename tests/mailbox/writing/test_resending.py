"""Sent on as it is."""

from dataclasses import replace
from io import BytesIO

import pytest

from tests.mailbox.letters import letter
from tests.mailbox.writing.conftest import NOW, parsed
from webmail.mailbox import writing
from webmail.mailbox.errors import MessageNotFoundError, UnsendableError


def test_the_message_goes_on_unchanged_below_who_resent_it(access, mail_user, uid_validity):
    raw = letter(1, extra="Bcc: secret@x.example\r\nDKIM-Signature: v=1\r\n")
    mail_user.deliver("INBOX", raw)
    target = BytesIO()
    place = {
        "access": access,
        "folder": "INBOX",
        "uid_validity": uid_validity(),
        "target": target,
        "now": NOW,
    }
    found = writing.resend(**place, uid=1, to="Per <per@x.example>, liv@x.example")
    octets = target.getvalue()
    assert found.size == len(octets)
    assert [one.address for one in found.recipients] == ["per@x.example", "liv@x.example"]
    assert found.sender.address == f"{access.person.username}@fjord.example"
    assert octets.endswith(raw.replace(b"Bcc: secret@x.example\r\n", b""))
    seen = parsed(octets)
    assert seen["resent-to"] == "Per <per@x.example>, liv@x.example"
    assert seen["resent-message-id"] == f"<{found.message_id}>"
    assert seen["message-id"] == "<1@test.example>"
    with pytest.raises(UnsendableError) as error:
        writing.resend(**place, uid=1, to="nobody, per@x.example")
    assert error.value.pieces == ("nobody",)
    with pytest.raises(MessageNotFoundError):
        writing.resend(**place, uid=9, to="per@x.example")


def test_a_draft_that_is_sent_on_keeps_to_itself_whom_it_was_for(plain):
    written = replace(writing.new(access=plain, to="a@b.example"), bcc="secret@x.example")
    draft = writing.save_draft(access=plain, composition=written, now=NOW).composition.draft
    target = BytesIO()
    writing.resend(
        access=plain,
        folder=draft.folder,
        uid_validity=draft.uid_validity,
        uid=draft.uid,
        to="per@x.example",
        target=target,
        now=NOW,
    )
    assert b"X-Ekorn" not in target.getvalue()
    assert b"secret" not in target.getvalue()
