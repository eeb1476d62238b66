"""The signature in a new message: formatted and plain, and a picture in it that nobody fetches while writing."""

from __future__ import annotations

from webmail.accounts.identities import SenderIdentity, save_identity
from webmail.mailbox import writing
from webmail.mailbox.writing.rich import blocked, markup_for_mail

LOGO = '<img src="https://kari.example/logo.png?a=1&amp;b=2" width="40">'


def signed(access, **signature):
    identity = SenderIdentity(address="post@fjord.example", is_default=True, **signature)
    save_identity(person=access.person, identity=identity)
    return writing.new(access=access)


def test_a_picture_from_elsewhere_comes_back_when_it_is_sent(access):
    written = signed(access, signature_rich=f"<b>Kari</b> {LOGO}")
    assert "kari.example/logo.png?" not in written.html
    assert f'src="{blocked()}#' in written.html
    assert "<b>Kari</b>" in written.html
    assert 'src="https://kari.example/logo.png?a=1&amp;b=2"' in markup_for_mail(access, written).html
    assert written.text.endswith("-- \nKari")


def test_a_plain_signature_is_marked_up(access):
    written = signed(access, signature_plain="Kari <Nes>\nLeiar & kasserar")
    assert "Kari &lt;Nes&gt;<br>Leiar &amp; kasserar" in written.html
    assert written.text.endswith("-- \nKari <Nes>\nLeiar & kasserar")


def test_no_signature_leaves_no_mark(access):
    written = signed(access)
    assert "--" not in written.text + written.html
