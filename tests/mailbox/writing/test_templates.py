"""Texts to begin with, kept in a folder of the person's."""

from dataclasses import replace

import pytest

from tests.mailbox.writing.conftest import NOW, built
from webmail.mailbox import writing
from webmail.mailbox.errors import MessageNotFoundError
from webmail.mailbox.writing import Origin


@pytest.mark.parametrize("options", [{}, {"prefix": "INBOX.", "separator": "."}])
def test_saved_listed_and_inserted(elsewhere, options):
    access, _ = elsewhere(**options)
    assert writing.templates(access=access) == ()
    file = writing.upload(access=access, filename="map.pdf", type="application/pdf", chunks=[b"%PDF-1.4"])
    written = replace(
        writing.new(access=access, to="a@b.example"),
        subject="Ærend",
        text="Hei",
        attachments=(file,),
        origins=(Origin("reply", "INBOX", 1, 1),),
    )
    writing.save_template(access=access, composition=written, now=NOW)
    writing.save_template(access=access, composition=replace(written, subject="another"), now=NOW)
    listed = writing.templates(access=access)
    assert [one.name for one in listed] == ["another", "Ærend"]
    found = writing.template(access=access, place=listed[1].place)
    assert (found.subject, found.text, found.to) == ("Ærend", "Hei", "a@b.example")
    assert found.message_id != written.message_id
    assert (found.draft, found.origins) == (None, ())
    sent = built(access, writing.settle(access=access, composition=found))
    (attached,) = sent.iter_attachments()
    assert attached.get_content() == b"%PDF-1.4"


def test_one_that_is_gone(plain):
    writing.save_template(access=plain, composition=writing.new(access=plain, to="a@b.example"), now=NOW)
    (listed,) = writing.templates(access=plain)
    with pytest.raises(MessageNotFoundError):
        writing.template(access=plain, place=replace(listed.place, uid=99))
