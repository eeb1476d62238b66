"""Odd mail through the front door: all of it lists and opens, and everything a page leads to answers."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings

from tests.corpora import corpora_dir
from tests.front.odd import ODD, Odd
from tests.front.visitor import Answer, Visitor, squeezed
from tests.servers.dovecot import Dovecot, MailUser

FOLDER = "Odd"
SAMPLE = 3
"""One file in this many of the large collection, by the hash of its name; the others are `slow`."""
MOST_LINKS = 40
needs_corpora = pytest.mark.skipif(corpora_dir() is None, reason="no corpora on this machine")


@dataclass
class Seen:
    """What a visitor found behind one message's address."""

    page: Answer
    text: Answer
    html: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    @property
    def sizes(self) -> set[int]:
        return {len(data) for data in self.files.values()}


def look_at(visitor: Visitor, address: str) -> Seen:
    """Opens a message and everything its pages lead to; what does not answer as it should is in `failures`."""
    seen = Seen(visitor.get(address), visitor.get(f"{address}?view=text"))

    def expect(answer: Answer, where: str, *statuses: int) -> Answer:
        if answer.status not in statuses:
            seen.failures.append(f"{where} {answer.status}")
        return answer

    expect(seen.page, "page", 200)
    expect(seen.text, "text", 200)
    rich = expect(visitor.get(f"{address}?view=html"), "html", 200)
    body = expect(visitor.get(f"{address}body/"), "body", 200, 404)
    if body.status == 200:
        seen.html = body.text
    elif "<iframe" in rich.markup:
        seen.failures.append("a frame without a body")
    for name in ("source/", "message.eml", "headers/", "print/"):
        expect(visitor.get(address + name), name, 200)
    expect(visitor.get(f"{address}parts.zip"), "parts.zip", 200, 404)
    links = list(dict.fromkeys([*seen.page.links(address), *seen.text.links(address), *rich.links(address)]))
    if len(links) > MOST_LINKS:
        links = links[: MOST_LINKS // 2] + links[-MOST_LINKS // 2 :]
    for link in links:
        answer = expect(visitor.arrive(link), link.removeprefix(address), 200)
        if f"{address}part/" in link:
            seen.files[link] = answer.data
        if f"{address}nested/" in link:
            for inner in answer.links(address)[:MOST_LINKS]:
                if inner not in links:
                    expect(visitor.get(inner), f"nested {inner.removeprefix(address)}", 200)
    return seen


@dataclass(frozen=True)
class Box:
    """A mailbox of odd mail; `addresses` by the key each message was given."""

    user: MailUser
    addresses: dict[str, str]


def filled(dovecot: Dovecot, messages: dict[str, bytes]) -> Box:
    """Delivers, signs in once, and reads all pages of the list."""
    user = dovecot.user()
    assert user.bulk(FOLDER, messages.values()) == len(messages)
    visitor = Visitor()
    visitor.sign_in(user)
    by_uid = {int(address.rstrip("/").rpartition("/")[2]): address for address in visitor.whole_list(FOLDER)}
    assert sorted(by_uid) == list(range(1, len(messages) + 1))
    return Box(user, {key: by_uid[uid] for uid, key in enumerate(messages, 1)})


@pytest.fixture(scope="module")
def box_of(dovecot: Dovecot, django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """`box_of("name", messages)`: a mailbox filled once for the module."""
    boxes: dict[str, Box] = {}
    before = django_settings.IMAP_URL
    django_settings.IMAP_URL = dovecot.url

    def box(name: str, messages: dict[str, bytes]) -> Box:
        if name not in boxes:
            with django_db_blocker.unblock():
                boxes[name] = filled(dovecot, messages)
        return boxes[name]

    yield box
    django_settings.IMAP_URL = before


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: odd.name)
def test_ours(odd: Odd, box_of: Any, visitor: Visitor) -> None:
    box = box_of("ours", {odd.name: odd.raw for odd in ODD})
    visitor.sign_in(box.user)
    seen = look_at(visitor, box.addresses[odd.name])
    assert seen.failures == []
    assert odd.subject in seen.page.text
    assert odd.sender in seen.page.text
    assert odd.text in seen.text.text
    assert odd.html in seen.html
    for name in odd.files:
        assert name in seen.page.text


@dataclass(frozen=True)
class Expected:
    """A row of EXPECT.jsonl."""

    file: str
    row: dict[str, Any]


def expectations() -> list[Expected]:
    corpora = corpora_dir()
    if corpora is None:
        return []
    lines = (corpora / "mime-synth" / "EXPECT.jsonl").read_text(encoding="utf-8").splitlines()
    return [Expected(row["file"], row) for row in map(json.loads, lines)]


@needs_corpora
@pytest.mark.parametrize("expected", expectations(), ids=lambda expected: expected.file)
def test_torture(expected: Expected, box_of: Any, visitor: Visitor) -> None:
    place = corpora_dir() / "mime-synth"
    box = box_of("torture", {each.file: (place / each.file).read_bytes() for each in expectations()})
    visitor.sign_in(box.user)
    seen, row = look_at(visitor, box.addresses[expected.file]), expected.row
    assert seen.failures == []
    assert squeezed(row.get("subject", "")) in seen.page.text
    assert squeezed(row.get("from_name", "")) in seen.page.text
    assert shown_address(row.get("from_addr", "")) in seen.page.markup
    assert squeezed(row.get("text_contains", "")) in seen.text.text
    assert squeezed(row.get("html_contains", "")) in seen.html
    for file in row.get("attachments", ()):
        assert file["name"] in seen.page.text
        assert file["size"] in seen.sizes


def shown_address(address: str) -> str:
    """A domain that was written in ASCII may be shown in its own letters."""
    local, at, domain = address.rpartition("@")
    return local + at + (domain.encode().decode("idna") if domain.startswith("xn--") else domain)


def collection() -> dict[str, list[Path]]:
    """The files of `mime/`, by the program they come from."""
    corpora = corpora_dir()
    found: dict[str, list[Path]] = defaultdict(list)
    for path in sorted((corpora / "mime").rglob("*")) if corpora else ():
        if path.is_file() and path.name != "MANIFEST.jsonl":
            found[path.relative_to(corpora / "mime").parts[0]].append(path)
    return found


def sampled(path: Path) -> bool:
    return hashlib.sha256(path.name.encode()).digest()[0] % SAMPLE == 0


def everything_answers(source: str, paths: list[Path], box_of: Any, visitor: Visitor, *, name: str) -> None:
    box = box_of(name, {str(path): path.read_bytes() for path in paths})
    visitor.sign_in(box.user)
    failures = {path: look_at(visitor, address).failures for path, address in box.addresses.items()}
    assert {path: found for path, found in failures.items() if found} == {}


@needs_corpora
@pytest.mark.parametrize("source", collection())
def test_the_mail_of_other_programs(source: str, box_of: Any, visitor: Visitor) -> None:
    paths = [path for path in collection()[source] if sampled(path)] or collection()[source][:1]
    everything_answers(source, paths, box_of, visitor, name=f"{source} sample")


@pytest.mark.slow
@needs_corpora
@pytest.mark.parametrize("source", collection())
def test_all_the_mail_of_other_programs(source: str, box_of: Any, visitor: Visitor) -> None:
    everything_answers(source, collection()[source], box_of, visitor, name=source)
