"""The same on servers that know less: pymap as it comes, the demo's, and Courier with its prefix."""

from dataclasses import replace
from io import BytesIO

import pytest

from tests.imap.test_pymap import courier, demo, pymap
from tests.mailbox.letters import letter
from tests.mailbox.writing.conftest import NOW, WORDS
from webmail.accounts.access import Access, holder_of
from webmail.accounts.connections import borrowed
from webmail.accounts.models import Person
from webmail.imap import commands as imap
from webmail.imap.commands import criteria
from webmail.mailbox import writing
from webmail.mailbox.writing import Origin


@pytest.fixture(scope="module", params=[pymap, demo, courier], ids=lambda start: start.__name__)
def place(request):
    with request.param() as running:
        yield running


@pytest.fixture
def poor(place, settings, db, pool):
    settings.IMAP_URL = place.url
    user, password = place.credentials.user, place.credentials.password
    person = Person.objects.create(username=user, compose="plain")
    return Access(person, holder_of(person, login=user, password=password))


@pytest.fixture
def having(poor):
    """How many messages in the folder have this Message-ID."""

    def ask(folder, message_id):
        key = criteria.header("Message-ID", message_id) & criteria.UNDELETED
        with borrowed(poor.holder) as session:
            _, found = session.run(imap.select(folder), imap.search(key))
            return len(found.numbers)

    return ask


def test_drafts_are_saved_again_and_again(poor, place, having):
    written = replace(writing.new(access=poor, to="a@b.example"), text="One")
    saved = writing.save_draft(access=poor, composition=written, now=NOW)
    assert saved.composition.draft is not None
    assert saved.composition.draft.folder == f"{place.prefix}Drafts"
    for number in range(3):
        saved = writing.save_draft(
            access=poor, composition=replace(saved.composition, text=f"{number}"), now=NOW
        )
        assert not saved.conflict
    assert having(f"{place.prefix}Drafts", written.message_id) == 1
    draft = saved.composition.draft
    found = writing.edit(access=poor, folder=draft.folder, uid_validity=draft.uid_validity, uid=draft.uid)
    assert (found.text, found.to, found.draft) == ("2", "a@b.example", draft)
    for _ in range(2):
        writing.remove_draft(access=poor, draft=draft, message_id=written.message_id)
    assert having(draft.folder, written.message_id) == 0


def test_two_tabs(poor, place, having):
    written = replace(writing.new(access=poor, to="a@b.example"), text="One")
    first = writing.save_draft(access=poor, composition=written, now=NOW).composition
    writing.save_draft(access=poor, composition=replace(first, text="Two"), now=NOW)
    assert writing.save_draft(access=poor, composition=replace(first, text="Three"), now=NOW).conflict
    assert having(f"{place.prefix}Drafts", written.message_id) == 2


def test_sent_once(poor, place, having):
    raw = letter(81)
    for _ in range(2):
        writing.file_in_sent(
            access=poor, message=BytesIO(raw), size=len(raw), message_id="81@test.example", maybe_there=True
        )
    assert having(f"{place.prefix}Sent", "81@test.example") == 1


def test_answered_and_forwarded(poor, place):
    with borrowed(poor.holder) as session:
        session.run(imap.append("INBOX", letter(82, sender="Liv <liv@x.example>")))
        selected, found = session.run(
            imap.select("INBOX"), imap.search(criteria.header("Message-ID", "82@test.example"))
        )
    where = {"access": poor, "folder": "INBOX", "uid_validity": selected.uid_validity, "words": WORDS}
    uid = max(found.numbers)
    answered = writing.reply(**where, uid=uid, scope="all")
    assert (answered.to, answered.in_reply_to) == (
        "Liv <liv@x.example>, Ola <ola@fjord.example>",
        "<82@test.example>",
    )
    assert "> Hei!" in answered.text
    passed_on = writing.forward(**where, uids=[uid], inline=False)
    settled = writing.settle(access=poor, composition=passed_on)
    octets = b"".join(writing.open_upload(access=poor, token=settled.attachments[0].token).chunks)
    assert octets == letter(82, sender="Liv <liv@x.example>")
    writing.mark_origins(
        access=poor, origins=[*answered.origins, *passed_on.origins, Origin("reply", "Gone", 1, 1)]
    )
    with borrowed(poor.holder) as session:
        _, (data,) = session.run(imap.select("INBOX"), imap.fetch([uid], [imap.FLAGS]))
    assert "\\Answered" in data.flags


def test_thrown_away_and_taken_back(poor, place, having):
    written = replace(writing.new(access=poor, to="a@b.example"), text="One")
    trashed = writing.discard(access=poor, composition=written, now=NOW)
    assert having(f"{place.prefix}Drafts", written.message_id) == 0
    found = writing.take_back(access=poor, place=trashed, message_id=written.message_id)
    assert (found.text, found.draft.folder) == ("One", f"{place.prefix}Drafts")


def test_templates(poor):
    assert writing.templates(access=poor) == ()
    written = replace(writing.new(access=poor), subject="Offer", text="One")
    writing.save_template(access=poor, composition=written, now=NOW)
    (listed,) = writing.templates(access=poor)
    assert writing.template(access=poor, place=listed.place).text == "One"
