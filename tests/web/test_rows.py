"""The rows are made of strings by hand: what a hostile mail says must never become markup."""

from datetime import UTC, datetime
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from webmail.mail.address import Mailbox
from webmail.mailbox.pages import Folder, ListPage, Row
from webmail.web.rows import render_rows
from webmail.web.tree import render_folders

HOSTILE = st.text("<>\"'&/= {}%abonerrimgscpt\u202e\x00å", max_size=40)
TAGS = {
    "li",
    "label",
    "input",
    "span",
    "a",
    "button",
    "svg",
    "use",
    "time",
    "ul",
    "h2",
    "path",
    "polyline",
    "rect",
}


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag, attrs):
        assert len({name for name, _ in attrs}) == len(attrs)
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


def read(markup: str) -> Reader:
    reader = Reader()
    reader.feed(markup)
    reader.close()
    return reader


def page_of(row: Row, folder: str = "INBOX", *, outgoing: bool = False) -> ListPage:
    shown = Folder(folder, folder)
    return ListPage(shown, (shown,), 7, (row,), 1, 1, 1, 0, 1, 1, outgoing=outgoing)


def row_of(**values) -> Row:
    fields = {
        "uid": 5,
        "people": (Mailbox("Kari", "kari@fjord.example"),),
        "subject": "Hei",
        "snippet": "",
        "date": datetime(2026, 11, 20, 9, 41, tzinfo=UTC),
        "size": 100,
        "unread": False,
        "starred": False,
        "answered": False,
        "forwarded": False,
        "attachment": False,
    }
    return Row(**{**fields, **values})


@given(HOSTILE, HOSTILE, HOSTILE, HOSTILE, st.booleans())
def test_nothing_of_a_mail_becomes_markup(name, address, subject, snippet, flag):
    row = row_of(
        people=(Mailbox(name, address), Mailbox(address, name), Mailbox(subject, "c")),
        subject=subject,
        snippet=snippet,
        unread=flag,
        starred=not flag,
        answered=flag,
        attachment=flag,
    )
    reader = read(render_rows(page_of(row, folder=f"x{name}", outgoing=flag)))
    assert [tag for tag, _ in reader.tags if tag not in TAGS] == []
    assert all(not attribute.startswith("on") for _, attributes in reader.tags for attribute in attributes)
    assert {"li": 1, "a": 1, "button": 1, "input": 1}.items() <= _counted(reader).items()
    if snippet.strip() and "\x00" not in snippet:
        assert snippet in reader.text


@given(HOSTILE)
def test_nothing_of_a_folders_name_becomes_markup(name):
    folder = Folder(f"x{name}", name, unseen=3)
    reader = read(render_folders([folder, Folder("y", name, selectable=False)], folder))
    assert [tag for tag, _ in reader.tags if tag not in TAGS | {"path"}] == []
    assert _counted(reader)["a"] == 1


def test_what_a_row_says():
    markup = render_rows(
        page_of(row_of(unread=True, starred=True, answered=True, attachment=True, snippet="Kort sagt")),
        selected={5},
    )
    assert 'class="row unread starred"' in markup
    assert 'href="/message/INBOX/7/5/"' in markup
    assert 'name="unstar" value="5"' in markup
    assert " checked" in markup
    for words in ("Unread", "Answered", "Has attachments", "Kort sagt", "Kari", "Remove star: Hei"):
        assert words in markup


def test_what_is_missing_has_a_word():
    markup = render_rows(page_of(row_of(people=(), subject="", date=None)))
    assert "(unknown sender)" in markup
    assert "(no subject)" in markup
    assert "<time" not in markup
    assert "(no recipient)" in render_rows(page_of(row_of(people=()), outgoing=True))


def _counted(reader: Reader) -> dict[str, int]:
    counts: dict[str, int] = {}
    for tag, _ in reader.tags:
        counts[tag] = counts.get(tag, 0) + 1
    return counts
