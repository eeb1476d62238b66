"""Searching, filtering and sorting through the front door, on a real Dovecot."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import quote

import pytest

HOSTILE = "<img src=x onerror=alert(1)>'&"
LIST = "/folder/INBOX/"


def subjects(response) -> list[str]:
    rows = re.findall(r'<span class="subject">(.*?)</span>', response.content.decode())
    return [unescape(re.sub(r"</?mark>", "", row)) for row in rows]


def search(visitor, text: str, more: str = ""):
    return visitor.get(f"{LIST}?q={quote(text)}{more}")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("subject:fjorden", ["Nytt frå fjorden"]),
        ("emne:frå", ["Nytt frå fjorden"]),
        ("from:fjordposten", ["Nytt frå fjorden"]),
        ("Designa", ["Nytt frå fjorden"]),
        ('"Sjå vedlegga"', ["Vedlegg"]),
        ("has:attachment", ["Vidaresend", "Vedlegg"]),
        (
            "-has:attachment -subject:fjorden",
            [f"Møtereferat {HOSTILE[:-2].replace('=alert(1)', chr(61) + chr(34) + 'alert(1)' + chr(34))}"],
        ),
        ("filename:BILETE", ["Vedlegg"]),
        ("filename:nothing OR subject:fjorden", ["Nytt frå fjorden"]),
        ("subject:fjorden OR subject:vedlegg", ["Vedlegg", "Nytt frå fjorden"]),
        ("nowhere", []),
    ],
)
def test_a_search(visitor, text, found):
    answer = search(visitor, text)
    assert answer.status_code == 200
    assert subjects(answer) == found


def test_what_is_found_is_marked_and_the_search_goes_along(visitor):
    page = search(visitor, "subject:fjorden").content.decode()
    assert "Nytt frå <mark>fjorden</mark>" in page
    assert re.search(r'href="/message/INBOX/\d+/2/\?q=subject%3Afjorden"', page)
    assert 'value="subject:fjorden"' in page


def test_chips_take_a_term_away(visitor):
    page = search(visitor, "subject:fjorden from:fjordposten").content.decode()
    assert 'href="/folder/INBOX/?q=from%3Afjordposten"' in page
    assert 'href="/folder/INBOX/?q=subject%3Afjorden"' in page


def test_filters_and_sort(visitor):
    page = visitor.get(LIST).content.decode()
    assert 'href="/folder/INBOX/?only=unread"' in page
    assert len(subjects(visitor.get(f"{LIST}?only=unread"))) == 4
    assert subjects(visitor.get(f"{LIST}?only=attachment")) == ["Vidaresend", "Vedlegg"]
    assert subjects(visitor.get(f"{LIST}?only=starred")) == []
    sorted_ = subjects(visitor.get(f"{LIST}?sort=subject"))
    assert sorted_[1:] == ["Nytt frå fjorden", "Vedlegg", "Vidaresend"]
    assert subjects(visitor.get(f"{LIST}?sort=-subject")) == sorted_[::-1]


def test_the_form_builds_the_same_search(visitor):
    answer = visitor.get(f"{LIST}?build=1&subject=Nytt+fr%C3%A5&without=zebra+lama&attachment=&in=&is=unread")
    assert answer.status_code == 302
    assert (
        answer["Location"]
        == f"{LIST}?q={quote('subject:', safe='')}%22Nytt+fr%C3%A5%22+is%3Aunread+-zebra+-lama"
    )
    page = visitor.get(answer["Location"])
    assert subjects(page) == ["Nytt frå fjorden"]
    assert 'name="without" value="zebra lama"' in page.content.decode()


@pytest.mark.parametrize(
    ("field", "value"), [("cc", "kari"), ("smaller", "20M"), ("label", "rekning"), ("filename", "tilbod.pdf")]
)
def test_the_form_shows_what_was_built(visitor, field, value):
    page = visitor.get(visitor.get(f"{LIST}?build=1&{field}={value}")["Location"]).content.decode()
    assert f'name="{field}" value="{value}"' in page


def test_nothing_found_says_what_else(visitor):
    page = search(visitor, "zebra").content.decode()
    assert "No messages match zebra in Inbox" in page
    assert 'class="button quiet" href="/folder/INBOX/"' in page
    filtered = search(visitor, "zebra", "&only=unread").content.decode()
    assert 'class="button quiet" href="/folder/INBOX/?q=zebra"' in filtered
    assert "No such messages in Inbox" in visitor.get(f"{LIST}?only=starred").content.decode()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('a "b', "A quotation mark is opened and not closed: &quot;b"),
        ("form:kari", "form: is not known. Did you mean from:?"),
        ("after:2026-02-31", "2026-02-31 is not a date."),
        ("is:purple", "is:purple is not known."),
    ],
)
def test_what_is_wrong_is_said_and_the_text_kept(visitor, text, said):
    answer = search(visitor, text)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert said in page
    assert f'value="{text.replace(chr(34), "&quot;")}"' in page


@pytest.mark.parametrize("text", ["a" * 10_001, "a " * 1001, "a\r\nA1 LOGOUT", "a\0"])
def test_too_much_and_control_characters_are_refused(visitor, text):
    answer = search(visitor, text)
    assert answer.status_code == 400
    assert "<h1>" in answer.content.decode()


@pytest.mark.parametrize("more", ["in=moon", "sort=x", "only=purple", "threads=2", "q=%ff"])
def test_other_nonsense_is_refused(visitor, more):
    assert visitor.get(f"{LIST}?{more}").status_code == 400


@pytest.mark.parametrize("text", [HOSTILE, f'"{HOSTILE}"', f"subject:{HOSTILE}", f"({HOSTILE}"])
@pytest.mark.parametrize("field", ["q", "build=1&words", "build=1&subject", "only"])
def test_markup_in_a_search_stays_text(visitor, text, field):
    answer = visitor.client.get(f"{LIST}?{field}={quote(text)}", follow=True)
    page = answer.content.decode()
    assert "<img src=x" not in page
    assert answer.status_code in (200, 400)


@pytest.mark.parametrize(
    "text", ['" LOGOUT "', "{5}", "a{10+}", "\\", '\\"', "*", "%", "æøå", "日本", "\x80"]
)
def test_what_an_imap_server_might_take_for_syntax_is_text(visitor, text):
    for operator in ("subject:", "from:", ""):
        answer = search(visitor, f'{operator}"{text.replace(chr(34), "")}"')
        assert answer.status_code == 200
    assert len(subjects(visitor.get(LIST))) == 4


def test_marking_keeps_the_search(visitor):
    page = search(visitor, "subject:fjorden").content.decode()
    assert 'name="view" value="q=subject%3Afjorden"' in page
    state = {"uid_validity": visitor.uid_validity, "view": "q=subject%3Afjorden", "star": "2"}
    answer = visitor.post("/mark/INBOX/", state)
    assert answer["Location"] == f"{LIST}?q=subject%3Afjorden"
    part = visitor.post("/mark/INBOX/", state, **{"HX-Request": "true", "HX-Target": "messages"})
    assert subjects(part) == ["Nytt frå fjorden"]
    assert visitor.post("/mark/INBOX/", {**state, "view": "sort=x"}).status_code == 400


def test_the_message_knows_the_way_back(visitor):
    page = visitor.get(f"{visitor.message(2)}?q=fjorden&sort=subject&page=2").content.decode()
    assert 'href="/folder/INBOX/?q=fjorden&amp;sort=subject&amp;page=2" data-back' in page
    assert 'value="fjorden"' in page
    assert "?q=fjorden&amp;sort=subject&amp;page=2&amp;view=text" in page
    assert visitor.get(f"{visitor.message(2)}?sort=x").status_code == 400


def test_hits_are_marked_in_the_open_message(visitor):
    page = visitor.get(f"{visitor.message(1)}?q=kari+from:ola+subject:referat").content.decode()
    plain = visitor.get(visitor.message(1)).content.decode()
    assert "<mark>" not in plain
    assert "<mark>" in page
    assert (
        re.sub(r"</?mark>", "", page.partition('<div class="letter')[2].partition("answers-below")[0])
        == (plain.partition('<div class="letter')[2].partition("answers-below")[0])
    )


def test_hits_are_marked_in_the_frame(visitor):
    page = visitor.get(f"{visitor.message(2)}?q=designa").content.decode()
    assert f'src="{visitor.message(2)}body/?q=designa"' in page
    visitor.get(visitor.message(2))
    frame = visitor.get(f"{visitor.message(2)}body/?q=designa")
    assert re.search(r'<mark style="[^"<>]+">Designa</mark>', frame.content.decode())
    bare = visitor.get(f"{visitor.message(2)}body/")
    assert "<mark" not in bare.content.decode()
    assert frame["Content-Security-Policy"] == bare["Content-Security-Policy"]
    assert visitor.get(f"{visitor.message(2)}body/?q=%00").status_code == 400


def test_neighbours_are_those_of_the_list(visitor):
    page = visitor.get(f"{visitor.message(3)}?sort=-subject").content.decode()
    assert re.search(r'href="/message/INBOX/\d+/4/\?sort=-subject" data-open="newer"', page)
    assert re.search(r'href="/message/INBOX/\d+/2/\?sort=-subject" data-open="older"', page)
    assert "Previous message" in page
    alone = visitor.get(f"{visitor.message(3)}?q=subject:vedlegg&page=9").content.decode()
    assert "data-open" not in alone
    assert 'href="/folder/INBOX/?q=subject%3Avedlegg" data-back' in alone


def test_a_page_for_htmx_is_the_rows(visitor):
    answer = visitor.get(f"{LIST}?q=subject%3Afjorden", **{"HX-Request": "true", "HX-Target": "messages"})
    page = answer.content.decode()
    assert "<!doctype" not in page
    assert subjects(answer) == ["Nytt frå fjorden"]
