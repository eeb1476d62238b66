"""The compose form as a browser without script fills it in and sends it."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

TYPED = {
    "to": "Ola Nes <ola@fjord.example>",
    "cc": "Per <per@fjord.example>",
    "bcc": "loynd@fjord.example",
    "subject": 'Fisketur <b>"på" laurdag',
    "text": "Hei!\n\n</textarea><script>alert(1)</script>\n",
}


@dataclass
class Form(HTMLParser):
    """The first form with this id; `fields` are what a browser would send of it, as (name, value) in order."""

    page: str
    name: str = "compose"
    fields: list[tuple[str, str]] = field(default_factory=list)
    _inside: bool = False
    _area: str | None = None
    _select: str | None = None

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.page)

    def handle_starttag(self, tag, attrs):
        values = {name: value or "" for name, value in attrs}
        if tag == "form" and values.get("id") == self.name:
            self._inside = True
        if not self._inside or not (values.get("name") or tag == "option"):
            return
        if tag == "textarea":
            self._area = ""
            self.fields.append((values["name"], ""))
        elif tag == "select":
            self._select = values["name"]
        elif tag == "option" and self._select and "selected" in values:
            self.fields.append((self._select, values["value"]))
        elif tag == "input":
            kind = values.get("type", "text")
            if kind == "file" or (kind in ("checkbox", "radio") and "checked" not in values):
                return
            self.fields.append((values["name"], values.get("value", "")))

    def handle_data(self, data):
        if self._area is not None:
            self._area += data

    def handle_endtag(self, tag):
        if tag == "textarea" and self._area is not None:
            self.fields[-1] = (self.fields[-1][0], self._area.removeprefix("\n"))
            self._area = None
        elif tag == "select":
            self._select = None
        elif tag == "form":
            self._inside = False

    def value(self, name: str) -> str:
        return dict(self.fields).get(name, "")

    def filled(self, **changed: object) -> dict[str, object]:
        """For Django's client: every field, those named here changed."""
        data: dict[str, object] = {}
        for name, value in self.fields:
            data.setdefault(name, [])
            data[name].append(value)
        return data | changed


def opened(writer, path="/compose/") -> Form:
    answer = writer.get(path)
    assert answer.status_code == 200
    return Form(answer.content.decode())


def press(writer, form: Form, do: str, **changed):
    headers = changed.pop("headers", {})
    return writer.post("/compose/", form.filled(**{"do": do, **changed}), **headers)


def shown(answer) -> Form:
    return Form(answer.content.decode())


def in_folder(writer, folder: str) -> list[bytes]:
    with writer.user.imap() as client:
        answer, count = client.select(f'"{folder}"', readonly=True)
        if answer != "OK" or count == [b"0"]:
            return []
        found = client.fetch("1:*", "(BODY.PEEK[])")[1]
        return [part[1] for part in found if isinstance(part, tuple)]
