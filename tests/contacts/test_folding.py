import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webmail.contacts.folding import (
    SORT_OCTETS,
    address_key,
    fold,
    letter_of,
    sort_octets,
    tokens_of,
    words_of,
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Åse ØDEGÅRD", "ase odegard"),
        ("Æsop", "aesop"),
        ("José Müller", "jose muller"),
        ("Straße", "strasse"),
        ("Łukasz", "lukasz"),
        ("ΣΊΣΥΦΟΣ", "σισυφοσ"),
        ("Ёлка", "елка"),
        ("山田", "山田"),
        ("Ａｄａ", "ada"),
    ],
)
def test_without_case_and_accents(text, folded):
    assert fold(text) == folded


@given(st.text(max_size=50))
def test_every_spelling_is_found_by_every_other(text):
    assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text))
    assert fold(fold(text)) == fold(text)
    assert fold(text) == fold(text.casefold())


@given(st.text(alphabet=st.characters(categories=["L", "N"]), min_size=1, max_size=30))
def test_a_name_is_found_by_its_own_letters(name):
    words = words_of(name)
    assert all(f" {token}" in words for token in tokens_of(name))


@pytest.mark.parametrize(
    "query", ["sol", "SOLVEIG haug", "haugen, sol", "as", "solveig@fj", "fjord.ex", "@fjord", "<solveig"]
)
def test_beginnings_of_words_find(query):
    words = words_of("Solveig Haugen", "Fjord AS", "solveig@fjord.example")
    tokens = tokens_of(query)
    assert tokens
    assert all(f" {token}" in words for token in tokens)


@pytest.mark.parametrize("query", ["", "  ", "@", "<>,;", "\x00"])
def test_nothing_to_look_for(query):
    assert tokens_of(query) == ()


def test_one_address_in_two_spellings():
    assert address_key("Kari@Fjord.EXAMPLE ") == address_key("kari@fjord.example")
    assert address_key("a@bücher.example") == address_key("a@xn--bcher-kva.example")
    assert address_key("a@fjord.example") != address_key("b@fjord.example")


@pytest.mark.parametrize(
    ("name", "letter"),
    [
        ("åse", "Å"),
        ("A\u030ase", "Å"),
        ("Øyvind", "Ø"),
        ("Ärla", "Æ"),
        ("Émile", "E"),
        ("“Quoted”", "Q"),
        ("Жанна", "Ж"),
        ("山田", "#"),
        ("4H", "#"),
        ("", "#"),
        ("!!", "#"),
    ],
)
def test_letters(name, letter):
    assert letter_of(name) == letter


def test_the_norwegian_alphabet():
    names = ["Aud", "Bø", "Bå", "Eva", "Émile", "Zoe", "Ærlig", "Øyvind", "Åse", "Жанна", "4H", ""]
    assert sorted(names, key=sort_octets) == [
        "Aud", "Bø", "Bå", "Émile", "Eva", "Zoe", "Ærlig", "Øyvind", "Åse", "Жанна", "", "4H",
    ]  # fmt: skip


@given(st.text(max_size=300))
def test_any_name_can_be_filed(name):
    assert len(sort_octets(name)) <= SORT_OCTETS
    assert 1 <= len(letter_of(name)) <= 4
