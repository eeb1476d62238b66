"""The compose form: what a browser sends of it as a Composition, and a Composition as the form's hidden fields.

Whatever a person typed comes through as they typed it, save what no field of a message can hold: line breaks in a
field of one line become spaces (in a list of people, commas), other control characters are gone. What only our own
page writes (`message_id`, `draft`, …) is checked, for anybody can send anything.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from django.http import QueryDict

from webmail.mailbox.reading.summary import Place
from webmail.mailbox.writing import Attached, Composition, Origin

PRIORITIES = ("high", "normal", "low")
PEOPLE = ("to", "cc", "bcc", "reply_to")
MOST_ATTACHMENTS = 200
MOST_ORIGINS = 100

_BREAKS = re.compile(r"[,;]?[ \t]*[\r\n\v\f\x85\u2028\u2029]\s*")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_MESSAGE_ID = re.compile(r"[^\s<>@\x00-\x1f\x7f]{1,120}@[^\s<>@\x00-\x1f\x7f]{1,120}", re.ASCII)
_LARGEST = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Sent:
    """What came with a POST. `broken`: a field that only our page writes was not as our page writes it; what was
    typed is in `composition` all the same."""

    composition: Composition
    broken: bool = False


@dataclass(slots=True)
class _Reader:
    data: QueryDict
    broken: bool = field(default=False)

    def line(self, name: str) -> str:
        return _CONTROLS.sub("", _BREAKS.sub(" ", self.data.get(name, "")).strip())

    def people(self, name: str) -> str:
        return typed_people(self.data, name)

    def text(self, name: str) -> str:
        """As typed, with the line ends of Python; a browser's are CRLF."""
        return _CONTROLS.sub("", self.data.get(name, "").replace("\r\n", "\n").replace("\r", "\n"))

    def values(self, name: str, most: int) -> list[Any]:
        """The field's JSON values; what is none is left out."""
        found = []
        for text in self.data.getlist(name):
            try:
                found.append(json.loads(text))
            except (ValueError, RecursionError):
                self.broken = True
        self.broken = self.broken or len(found) > most
        return found[:most]


def typed_people(data: QueryDict, name: str) -> str:
    """A field of addresses, those of several lines apart by commas."""
    return _CONTROLS.sub("", _BREAKS.sub(", ", data.get(name, "").strip()))


def is_message_id(text: str) -> bool:
    """Without brackets, as the form has it."""
    return _MESSAGE_ID.fullmatch(text) is not None


def sent_form(data: QueryDict, *, fresh_id: str) -> Sent:
    """`fresh_id` stands in where the form brought no Message-ID that can be one."""
    read = _Reader(data)
    message_id = data.get("message_id", "")
    if not is_message_id(message_id):
        read.broken, message_id = True, fresh_id
    drafts = read.values("draft", 1)
    composition = Composition(
        message_id=message_id,
        identity=read.line("identity")[:40],
        **{name: read.people(name) for name in PEOPLE},
        subject=read.line("subject"),
        text=read.text("text"),
        html=read.text("html"),
        rich=data.get("rich") == "1",
        attachments=tuple(_made(read, _attached, read.values("attachment", MOST_ATTACHMENTS))),
        priority=next((one for one in PRIORITIES if one == data.get("priority")), "normal"),
        receipt=data.get("receipt") == "1",
        delivery_notice=data.get("delivery_notice") == "1",
        in_reply_to=read.line("in_reply_to"),
        references=read.line("references"),
        origins=tuple(_made(read, _origin, read.values("origin", MOST_ORIGINS))),
        draft=next(iter(_made(read, _place, drafts)), None),
    )
    return Sent(composition, broken=read.broken)


def _made(read: _Reader, make: Any, values: Iterable[Any]) -> list[Any]:
    made = []
    for value in values:
        try:
            made.append(make(value))
        except (KeyError, TypeError, ValueError):
            read.broken = True
    return made


def _attached(value: Mapping[str, Any]) -> Attached:
    return Attached(
        token=_word(value["token"], 2000),
        filename=_word(value["filename"], 1000),
        type=_word(value["type"], 200),
        size=_count(value["size"]),
        inline=value.get("inline") is True,
    )


def _origin(value: Mapping[str, Any]) -> Origin:
    if value["kind"] not in {"reply", "forward"}:
        raise ValueError("not a kind")
    place = _place(value)
    return Origin(value["kind"], place.folder, place.uid_validity, place.uid)


def _place(value: Mapping[str, Any]) -> Place:
    return Place(_word(value["folder"], 1000), _count(value["uid_validity"]), _count(value["uid"]))


def _word(value: object, longest: int) -> str:
    if not isinstance(value, str) or len(value) > longest or _CONTROLS.search(value) or _BREAKS.search(value):
        raise ValueError("not a word")
    return value


def _count(value: object) -> int:
    if type(value) is not int or not 0 <= value <= _LARGEST:
        raise ValueError("not a count")
    return value


def hidden_fields(composition: Composition) -> list[tuple[str, str]]:
    """What the page carries along unseen, by name."""
    one = composition
    return [
        ("message_id", one.message_id),
        ("in_reply_to", one.in_reply_to),
        ("references", one.references),
        *(("origin", _json(origin)) for origin in one.origins),
        *((("draft", _json(one.draft)),) if one.draft else ()),
    ]


def attachment_value(attached: Attached) -> str:
    return _json(attached)


def all_fields(composition: Composition) -> list[tuple[str, str]]:
    """The whole form as fields, for a page that holds it while something else comes first (signing in)."""
    one = composition
    return [
        *hidden_fields(one),
        *(
            (name, str(getattr(one, name)))
            for name in (*PEOPLE, "identity", "subject", "text", "html", "priority")
        ),
        *((name, "1") for name in ("rich", "receipt", "delivery_notice") if getattr(one, name)),
        *(("attachment", attachment_value(attached)) for attached in one.attachments),
    ]


def _json(value: Any) -> str:
    return json.dumps(asdict(value), ensure_ascii=False, separators=(",", ":"))


def place_value(place: Place) -> str:
    return _json(place)


def place_sent(text: str) -> Place | None:
    """The inverse, None for what it never gave."""
    try:
        return _place(json.loads(text))
    except (KeyError, TypeError, ValueError, RecursionError):
        return None


def digest(composition: Composition) -> str:
    """The same as long as nothing of it was changed in a form without script, where all is plain text."""
    one = composition
    typed = (
        *(getattr(one, name).strip() for name in (*PEOPLE, "subject", "text")),
        one.identity,
        one.priority,
    )
    said = json.dumps([*typed, one.receipt, one.delivery_notice, [file.filename for file in one.attachments]])
    return hashlib.sha256(said.encode("utf_8", "surrogatepass")).hexdigest()[:32]
