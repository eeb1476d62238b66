"""A message while it is written: what the form holds, as values. Whatever was typed is kept as it was typed."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any, Self

from ..reading.summary import Place

RECEIVED = "in"


@dataclass(frozen=True, slots=True)
class Origin:
    """The message that is answered ("reply") or passed on ("forward"), to be marked once this one is sent.

    Or what was said to an invitation (one of ANSWERS), or to a request for a receipt ("receipt").
    """

    kind: str
    folder: str
    uid_validity: int
    uid: int


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that goes along. `size` is in octets as decoded, about right for one that is still in the mailbox.

    `token` names an upload, or (`in:…`, see `Received`) a part of a received message that becomes an upload with
    the first save. `inline`: a picture within the rich text, which names it as `/compose/file/<token>/`.
    """

    token: str
    filename: str
    type: str
    size: int
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Received:
    """A part of a message in the mailbox: `section` "" is the message itself, `index` a file within the part."""

    place: Place
    section: str = ""
    index: int | None = None

    @property
    def token(self) -> str:
        index = "" if self.index is None else self.index
        place = self.place
        return f"{RECEIVED}:{place.uid_validity}:{place.uid}:{self.section}:{index}:{place.folder}"

    @classmethod
    def of(cls, token: str) -> Self | None:
        """The inverse; None for an upload's token. Raises ValueError for what `token` never gives."""
        kind, *rest = token.split(":", 5)
        if kind != RECEIVED:
            return None
        uid_validity, uid, section, index, folder = rest
        found = cls(Place(folder, int(uid_validity), int(uid)), section, int(index) if index else None)
        if found.token != token:
            raise ValueError("not a token")
        return found


@dataclass(frozen=True, slots=True)
class Composition:
    """`message_id` (without brackets) is made when the form is first shown and stays: drafts, the outbox and the
    sent message have it, which is how one message is sent once.

    `identity` is the key of a SenderIdentity. `text` is what is typed plainly; with `rich` it is `html`, as the
    editor gives it. `draft` is where the last saved draft lies.
    """

    message_id: str
    identity: str = ""
    to: str = ""
    cc: str = ""
    bcc: str = ""
    reply_to: str = ""
    subject: str = ""
    text: str = ""
    html: str = ""
    rich: bool = False
    attachments: tuple[Attached, ...] = ()
    priority: str = "normal"
    receipt: bool = False
    delivery_notice: bool = False
    in_reply_to: str = ""
    references: str = ""
    origins: tuple[Origin, ...] = ()
    draft: Place | None = None

    @property
    def empty(self) -> bool:
        """Nothing was typed or attached: not worth a draft."""
        typed = self.to, self.cc, self.bcc, self.subject, self.text, self.html
        return not self.attachments and not any(value.strip() for value in typed)

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Self:
        values: dict[str, Any] = json.loads(text)
        return cls(
            **values
            | {
                "attachments": tuple(Attached(**one) for one in values["attachments"]),
                "origins": tuple(Origin(**one) for one in values["origins"]),
                "draft": Place(**values["draft"]) if values["draft"] else None,
            }
        )
