from __future__ import annotations

from itertools import count

import pytest

from webmail.mail.part import Part
from webmail.mail.parts import attachments, choose_body, has_attachment


def part(type_: str, *children: Part, section: str = "", **fields: object) -> Part:
    fields.setdefault("size", 0 if children else 100)
    return Part(section, type_, children=children, **fields)  # type: ignore[arg-type]  # names are Part's own


def numbered(root: Part) -> Part:
    """The same tree with a section of its own for every part: p1, p2, … depth first."""
    numbers = count(1)

    def number(node: Part) -> Part:
        section = f"p{next(numbers)}"
        return part(
            node.type,
            *(number(child) for child in node.children),
            section=section,
            **{
                name: getattr(node, name)
                for name in ("size", "disposition", "filename", "content_id", "params")
            },
        )

    return number(root)


PLAIN, HTML = part("text/plain"), part("text/html")
PDF = part("application/pdf", filename="a.pdf", disposition="attachment")
LOGO = part("image/png", content_id="logo")
SIGNATURE = part("application/pgp-signature", filename="signature.asc")
MESSAGE = part("message/rfc822", part("multipart/mixed", PLAIN, PDF), size=500)
ALTERNATIVE = part("multipart/alternative", PLAIN, HTML)
REPORT = part("message/delivery-status")

CASES = {
    "plain": (PLAIN, ["text/plain"], [], []),
    "html": (HTML, ["text/html"], ["text/html"], []),
    "alternative": (ALTERNATIVE, ["text/plain"], ["text/html"], []),
    "html first": (part("multipart/alternative", HTML, PLAIN), ["text/plain"], ["text/html"], []),
    "empty plain": (
        part("multipart/alternative", part("text/plain", size=2), HTML),
        ["text/html"],
        ["text/html"],
        [],
    ),
    "amp": (
        part("multipart/alternative", PLAIN, part("text/x-amp-html"), HTML),
        ["text/plain"],
        ["text/html"],
        [],
    ),
    "mixed": (part("multipart/mixed", ALTERNATIVE, PDF), ["text/plain"], ["text/html"], ["application/pdf"]),
    "texts in order": (
        part("multipart/mixed", PLAIN, PDF, PLAIN),
        ["text/plain", "text/plain"],
        [],
        ["application/pdf"],
    ),
    "apple": (
        part("multipart/alternative", PLAIN, part("multipart/mixed", HTML, PDF, HTML)),
        ["text/plain"],
        ["text/html", "text/html"],
        ["application/pdf"],
    ),
    "list footer": (
        part("multipart/mixed", ALTERNATIVE, PLAIN),
        ["text/plain", "text/plain"],
        ["text/html", "text/plain"],
        [],
    ),
    "related": (part("multipart/related", HTML, LOGO), ["text/html"], ["text/html"], []),
    "alternative in related": (
        part("multipart/related", ALTERNATIVE, LOGO),
        ["text/plain"],
        ["text/html"],
        [],
    ),
    "related in alternative": (
        part("multipart/alternative", PLAIN, part("multipart/related", HTML, LOGO)),
        ["text/plain"],
        ["text/html"],
        [],
    ),
    "related start": (
        part("multipart/related", LOGO, part("text/html", content_id="main"), params=(("start", "<main>"),)),
        ["text/html"],
        ["text/html"],
        [],
    ),
    "related, picture first": (part("multipart/related", LOGO, HTML), ["text/html"], ["text/html"], []),
    "related without an id": (
        part("multipart/related", HTML, part("image/png")),
        ["text/html"],
        ["text/html"],
        ["image/png"],
    ),
    "signed": (part("multipart/signed", ALTERNATIVE, SIGNATURE), ["text/plain"], ["text/html"], []),
    "report": (
        part("multipart/report", PLAIN, REPORT, MESSAGE),
        ["text/plain", "message/delivery-status"],
        [],
        ["message/rfc822"],
    ),
    "encrypted": (
        part("multipart/encrypted", part("application/pgp-encrypted"), part("application/octet-stream")),
        [],
        [],
        ["application/octet-stream"],
    ),
    "forwarded": (part("multipart/mixed", PLAIN, MESSAGE), ["text/plain"], [], ["message/rfc822"]),
    "only a message": (MESSAGE, [], [], ["message/rfc822"]),
    "named text is a file": (
        part("multipart/mixed", PLAIN, part("text/plain", filename="log.txt")),
        ["text/plain"],
        [],
        ["text/plain"],
    ),
    "a named text alone is read": (part("text/plain", filename="letter.txt"), ["text/plain"], [], []),
    "attached text is a file": (part("text/plain", disposition="attachment"), [], [], ["text/plain"]),
    "calendar": (
        part("multipart/alternative", PLAIN, HTML, part("text/calendar")),
        ["text/plain"],
        ["text/html"],
        [],
    ),
    "calendar file": (
        part("multipart/mixed", PLAIN, part("text/calendar", filename="invite.ics")),
        ["text/plain"],
        [],
        ["text/calendar"],
    ),
    "appledouble": (
        part("multipart/mixed", PLAIN, part("multipart/appledouble", part("application/applefile"), PDF)),
        ["text/plain"],
        [],
        ["application/pdf"],
    ),
    "boundless": (part("multipart/mixed", size=30), ["multipart/mixed"], [], []),
    "no children": (part("multipart/mixed", size=0), [], [], []),
    "external": (part("message/external-body"), [], [], ["message/external-body"]),
    "digest": (part("multipart/digest", MESSAGE, MESSAGE), [], [], ["message/rfc822", "message/rfc822"]),
    "enriched": (part("multipart/alternative", PLAIN, part("text/enriched")), ["text/plain"], [], []),
    "empty parts": (
        part("multipart/alternative", part("multipart/mixed", size=0), HTML),
        ["text/html"],
        ["text/html"],
        [],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_shown_and_what_is_beside(name: str) -> None:
    tree, text, html, files = CASES[name]
    root = numbered(tree)
    body = choose_body(root)
    assert [leaf.type for leaf in body.text_view] == text
    assert [leaf.type for leaf in body.html_view] == html
    assert [leaf.type for leaf in attachments(root, body)] == files


def test_follows_the_preference_where_there_is_a_choice() -> None:
    root = numbered(ALTERNATIVE)
    assert [leaf.type for leaf in choose_body(root, "html").shown] == ["text/html"]
    assert [leaf.type for leaf in choose_body(root, "text").shown] == ["text/plain"]
    assert [leaf.type for leaf in choose_body(numbered(HTML), "text").shown] == ["text/html"]
    assert [leaf.type for leaf in choose_body(numbered(PLAIN), "html").shown] == ["text/plain"]


def test_a_picture_that_is_not_referred_to_is_a_file() -> None:
    root = numbered(part("multipart/related", HTML, LOGO))
    body = choose_body(root)
    assert [leaf.content_id for leaf in attachments(root, body, set())] == ["logo"]
    assert attachments(root, body, {"logo"}) == ()


@pytest.mark.parametrize(
    ("tree", "notes"),
    [
        (part("multipart/signed", PLAIN, SIGNATURE), ("signed",)),
        (part("multipart/encrypted", part("application/pgp-encrypted")), ("encrypted",)),
        (part("application/pkcs7-mime", params=(("smime-type", "enveloped-data"),)), ("encrypted",)),
        (part("application/pkcs7-mime", params=(("smime-type", "signed-data"),)), ("signed",)),
        (part("multipart/report", PLAIN, REPORT), ("report",)),
        (part("message/external-body"), ("external",)),
        (part("message/partial"), ("partial",)),
    ],
)
def test_notes(tree: Part, notes: tuple[str, ...]) -> None:
    assert choose_body(numbered(tree)).notes == notes


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (ALTERNATIVE, False),
        (part("multipart/related", HTML, LOGO), False),
        (part("multipart/signed", PLAIN, SIGNATURE), False),
        (part("multipart/mixed", PLAIN, PDF), True),
        (part("multipart/mixed", PLAIN, MESSAGE), True),
        (PDF, True),
        (part("multipart/mixed", PLAIN, part("image/jpeg")), True),
    ],
)
def test_the_mark_in_a_list(tree: Part, expected: bool) -> None:
    assert has_attachment(numbered(tree)) is expected


def test_depth_is_the_senders_choice() -> None:
    root = part("text/plain", section="1")
    for _ in range(5_000):
        root = Part("", "multipart/mixed", children=(root,))
    body = choose_body(root)
    assert body.shown == ()
    assert len(attachments(root, body)) == 1
