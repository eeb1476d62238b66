import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.contacts.files.cards import CARDS
from webmail.contacts.files import table
from webmail.contacts.pages import Card, CardAddress


def cards(text):
    parsed = table.read(text)
    assert parsed is not None
    return [card for _, card in parsed.cards]


@given(st.lists(CARDS, max_size=4))
def test_what_is_written_reads_back_the_same(some):
    octets = b"".join(table.write_all(some, addresses=4))
    parsed = table.read(octets.decode("utf-8-sig"))
    assert parsed is not None
    assert [card for _, card in parsed.cards] == some
    assert parsed.problems == []


@given(st.lists(CARDS, min_size=1, max_size=4))
def test_no_cell_is_a_formula(some):
    octets = b"".join(table.write_all(some, addresses=4))
    for row in csv.reader(io.StringIO(octets.decode("utf-8-sig"), newline="")):
        assert not any(
            cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")) for cell in row
        )


@given(st.text() | st.lists(st.sampled_from(
    ["Name,E-mail\n", '"', ",", ";", "\t", "\r\n", "\r", "a@b.example", "\x00", "=1", "'", " ::: "]
)).map("".join))  # fmt: skip
def test_anything_can_be_read(text):
    for parsed in (table.read(text), table.read("Name,E-mail,Notes\n" + text)):
        for _, card in parsed.cards if parsed else ():
            assert card.display


KARI = Card(
    name="Kari Ann Nes",
    organisation="Fjord AS",
    notes="Line one\nLine two",
    addresses=(CardAddress("kari@fjord.example"), CardAddress("k@heime.example")),
)


@pytest.mark.parametrize(
    "text",
    [
        # Outlook, English
        (
            "First Name,Middle Name,Last Name,Company,E-mail Address,E-mail Type,E-mail 2 Address,Notes,Fax\r\n"
            'Kari,Ann,Nes,Fjord AS,kari@fjord.example,SMTP,k@heime.example,"Line one\r\nLine two",1\r\n'
        ),
        # Outlook, Norwegian, with semicolons as Excel saves it there
        (
            "\ufeffFornavn;Mellomnavn;Etternavn;Firma;E-postadresse;E-posttype;E-post 2-adresse;Notater\r\n"
            'Kari;Ann;Nes;Fjord AS;kari@fjord.example;SMTP;k@heime.example;"Line one\nLine two"\r\n'
        ),
        # Google, old
        (
            "Name,Given Name,Family Name,Notes,Group Membership,E-mail 1 - Type,E-mail 1 - Value,"
            "Organization 1 - Name\n"
            'Kari Ann Nes,Kari,Nes,"Line one\nLine two",* myContacts,* ,kari@fjord.example ::: k@heime.example,'
            "Fjord AS\n"
        ),
        # Google, new
        (
            "First Name,Middle Name,Last Name,Organization Name,Notes,Labels,E-mail 1 - Label,E-mail 1 - Value,"
            "E-mail 2 - Label,E-mail 2 - Value\n"
            'Kari,Ann,Nes,Fjord AS,"Line one\nLine two",* myContacts,,kari@fjord.example,,k@heime.example\n'
        ),
        # By hand
        (
            "navn\te-post\tsecondary email\tfirma\tmerknad\n"
            'Kari Ann Nes\tkari@fjord.example\tk@heime.example\tFjord AS\t"Line one\nLine two"\n'
        ),
    ],
    ids=["outlook", "outlook-nb", "google-old", "google-new", "by-hand"],
)
def test_headings(text):
    assert cards(text) == [KARI]


def test_labels_and_groups():
    google = (
        "Name,Labels,E-mail 1 - Label,E-mail 1 - Value\nA,Choir ::: * myContacts ::: a;b,* Home,a@x.example\n"
    )
    assert cards(google) == [
        Card("A", addresses=(CardAddress("a@x.example", "home"),), groups=("Choir", "a;b"))
    ]
    outlook = "Display Name,Categories,E-mail Address\nA,Choir;Board,a@x.example\n"
    assert cards(outlook)[0].groups == ("Choir", "Board")


def test_what_can_not_be_read_is_named_and_the_rest_is_kept():
    text = (
        "Name,E-mail\n\nA,a@x.example\n,\nB,not an address\n,not an address\n"
        '"C" x,c@x.example\nD,d@x.example,more,cells\nE\n"F,f@x.example\nG,g@x.example\n'
    )
    parsed = table.read(text)
    assert parsed is not None
    assert [card.name for _, card in parsed.cards] == ["A", "B", "D", "E"]
    assert [(problem.line, problem.code) for problem in parsed.problems] == [
        (5, "address"), (6, "address"), (6, "empty"), (7, "line"), (10, "quote"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text", ["", "\n\n", "hello world", "Colour,Size\nred,1\n", '"', "\x89PNG\r\n\x1a\n"]
)
def test_no_address_book(text):
    assert table.read(text) is None


def test_only_so_many_entries(monkeypatch):
    monkeypatch.setattr(table, "MOST_ENTRIES", 3)
    parsed = table.read("Name\n" + "A\n" * 5)
    assert parsed is not None
    assert len(parsed.cards) == 3
    assert [(problem.line, problem.code) for problem in parsed.problems] == [(5, "entries")]


@pytest.mark.parametrize(
    "piece", ['"', '""', ",", "a\n", '"\n', "\r", ":::", ";", "x" * 200_000 + "\n", '"a"b\n']
)
def test_hostile_files_cost_what_they_weigh(piece):
    """A reader that looks back again and again would not come to an end here."""
    for before in ("", "Name,E-mail,Labels\n", 'Name,Labels\nA,"'):
        table.read(before + piece * (500_000 // len(piece)))
