"""What is read on the pages of the address book."""

from __future__ import annotations

import lxml.html


def page(answer):
    assert answer.status_code == 200, answer
    return lxml.html.document_fromstring(answer.content.decode())


def names(answer):
    return page(answer).xpath("//*[@class='who-name']/text()")


def text(answer):
    return " ".join(page(answer).text_content().split())


def person_form(tree):
    (form,) = tree.xpath("//form[contains(@class, 'person-form')]")
    return form


SOLVEIG = {
    "name": "Solveig Haugen",
    "organisation": "Fjord AS",
    "notes": "Likes skiing\r\nBirthday in May",
    "address": ["solveig@fjord.example", "", "sol@heime.example"],
    "label": ["Work", "", "Hytta"],
    "new_group": "Choir",
}
