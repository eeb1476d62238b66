import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.contacts.files.cards import CARDS
from webmail.contacts.files import vcard
from webmail.contacts.files.vcard_lines import fold_line
from webmail.contacts.pages import Card, CardAddress


def cards(text):
    return [card for _, card in vcard.read(text).cards]


def problems(text):
    return [(problem.line, problem.code) for problem in vcard.read(text).problems]


@given(st.lists(CARDS, max_size=4), st.sampled_from(vcard.VERSIONS))
def test_what_is_written_reads_back_the_same(some, version):
    octets = b"".join(vcard.write_all(iter(some), version=version))
    parsed = vcard.read(octets.decode())
    assert [card for _, card in parsed.cards] == some
    assert parsed.problems == []
    assert all(len(line) <= 75 for line in octets.split(b"\r\n"))


@given(st.text())
def test_folded_lines_are_short_and_whole(text):
    text = text.replace("\r", "").replace("\n", "").encode("utf-8", "replace").decode()
    folded = fold_line(text)
    assert all(len(line) <= 75 for line in folded.split(b"\r\n"))
    for line in folded.split(b"\r\n"):
        line.decode()
    assert folded[:-2].replace(b"\r\n ", b"").decode() == text


@given(st.text() | st.lists(st.sampled_from(
    ["BEGIN:VCARD\r\n", "END:VCARD\n", "VERSION:2.1\n", "FN:a\n", "N;CHARSET=x;QUOTED-PRINTABLE:=\n", " ", "=C3=\n",
     "EMAIL;TYPE=a,b;PREF=1:a@b.c\n", ";", ":", '"', "=", "item1.X-ABLabel:x\n", "\x00", "NOTE:\\", "KIND:group\n"]
)).map("".join))  # fmt: skip
def test_anything_can_be_read(text):
    parsed = vcard.read(text)
    for _, card in parsed.cards:
        assert card.display
        assert "\n" not in card.name


def test_a_phones_vcard_2_1():
    text = (
        "BEGIN:VCARD\r\nVERSION:2.1\r\n"
        "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C3=98deg=C3=A5rd;Solveig;;;\r\n"
        "FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Solveig =C3=98deg=\r\n=C3=A5rd\r\n"
        "TEL;CELL;PREF:+4799999999\r\n"
        "EMAIL;HOME:sol@heime.example\r\nEMAIL;PREF;WORK;INTERNET:solveig@fjord.example\r\n"
        "NOTE;QUOTED-PRINTABLE;CHARSET=ISO-8859-1:l=F8p=0D=0Aog C:\\\r\n"
        "PHOTO;ENCODING=BASE64;JPEG:/9j/4AAQ\r\n SkZJRg==\r\n\r\n"
        "END:VCARD\r\n"
    )
    parsed = vcard.read(text)
    assert [card for _, card in parsed.cards] == [
        Card(
            name="Solveig Ødegård",
            notes="løp\nog C:\\",
            addresses=(
                CardAddress("solveig@fjord.example", "work"),
                CardAddress("sol@heime.example", "home"),
            ),
        )
    ]
    assert dict(parsed.left_out) == {"TEL": 1, "PHOTO": 1}
    assert parsed.problems == []


def test_an_apple_card_with_labels_and_groups():
    text = (
        "BEGIN:VCARD\nVERSION:3.0\nN:Nes;Kari;Ann;Dr.;\nFN:\nORG:Fjord\\, AS;Sales\n"
        "item1.EMAIL;type=INTERNET;type=pref:kari@fjord.example\nitem1.X-ABLabel:Hytta\n"
        "item2.EMAIL;type=INTERNET:k@x.example\nitem2.X-ABLabel:_$!<Home>!$_\n"
        'EMAIL;TYPE="work,pref":w@x.example\n'
        "CATEGORIES:Choir,a\\,b,myContacts\nUID:urn:uuid:ABC\nEND:VCARD\n"
        "BEGIN:VCARD\nVERSION:3.0\nFN:Neighbours\nX-ADDRESSBOOKSERVER-KIND:group\n"
        "X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:abc\nX-ADDRESSBOOKSERVER-MEMBER:urn:uuid:nobody\nEND:VCARD\n"
    )
    assert cards(text) == [
        Card(
            name="Dr. Kari Ann Nes",
            organisation="Fjord, AS, Sales",
            addresses=(
                CardAddress("kari@fjord.example", "Hytta"),
                CardAddress("w@x.example", "work"),
                CardAddress("k@x.example", "home"),
            ),
            groups=("Choir", "a,b", "Neighbours"),
        )
    ]


def test_the_fourth_versions_preferences():
    text = (
        "BEGIN:VCARD\nVERSION:4.0\nFN:A\nEMAIL;PREF=50:b@x.example\nEMAIL:c@x.example\n"
        "EMAIL;PREF=1;TYPE=home:mailto:a@x.example\nKIND:individual\nEND:VCARD"
    )
    (card,) = cards(text)
    assert [(one.address, one.label) for one in card.addresses] == [
        ("a@x.example", "home"), ("b@x.example", ""), ("c@x.example", ""),
    ]  # fmt: skip


def test_what_can_not_be_read_is_named_and_the_rest_is_kept():
    text = (
        "rubbish\nBEGIN:VCARD\nFN:One\nno colon here\nEMAIL:not an address\nEMAIL:one@x.example\nEND:VCARD\n"
        "BEGIN:VCARD\nEND:VCARD\n"
        "BEGIN:VCARD\nFN:Two\n"
        "BEGIN:VCARD\nFN:Three\nEMAIL:a@b.example\r\n bcc:x@y.example\n"
    )
    assert [card.name for card in cards(text)] == ["One", "Two", "Three"]
    assert problems(text) == [
        (1, "line"), (4, "line"), (5, "address"), (8, "empty"), (10, "end"), (12, "end"), (14, "address"),
    ]  # fmt: skip


def test_what_is_too_much_is_cut_and_told():
    text = "BEGIN:VCARD\nFN:" + "x" * 1000 + "\nNOTE:" + "y" * 20_000 + "\n"
    text += "".join(f"EMAIL:{number}@x.example\n" for number in range(60)) + "END:VCARD\n"
    (card,) = cards(text)
    assert (len(card.name), len(card.notes), len(card.addresses)) == (200, 10_000, 50)
    assert {code for _, code in problems(text)} == {"long", "many"}


def test_only_so_many_entries(monkeypatch):
    monkeypatch.setattr(vcard, "MOST_ENTRIES", 3)
    text = "BEGIN:VCARD\nFN:A\nEND:VCARD\n" * 5
    assert len(cards(text)) == 3
    assert problems(text) == [(10, "entries")]


@pytest.mark.parametrize(
    "piece",
    ["BEGIN:VCARD\n", "FN;x=y", "FN\n a", ";", '"', ':"', "EMAIL;QUOTED-PRINTABLE:=\n", "=\n", "\\", "\\,", "a.", "\n",
     "EMAIL:a@b.example\n", "CATEGORIES:" + "a," * 500 + "\n"],
)  # fmt: skip
def test_hostile_files_cost_what_they_weigh(piece):
    """A reader that looks back again and again would not come to an end here."""
    for before in ("", "BEGIN:VCARD\nFN", "BEGIN:VCARD\nNOTE;QUOTED-PRINTABLE:"):
        vcard.read(before + piece * (500_000 // len(piece)))
