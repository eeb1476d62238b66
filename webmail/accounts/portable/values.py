"""JSON that somebody else may have written: each value looked at, and where it stood remembered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

LONGEST_NAME: Final = 1_000
"""Of a folder, in characters."""


class PortableError(Exception):
    """Nothing was changed. `reason` is "file" (not one of ours), "large", "version" (of a newer program), "type" (a
    list where a text belongs, or the like), "value" (not one that is offered here), "double" or "many"; `where` is
    the path of what is at fault, as "labels[2].colour"."""

    def __init__(self, reason: str, where: str = "") -> None:
        super().__init__(f"{where}: {reason}")
        self.reason, self.where = reason, where


class Fields:
    """An object of the file. What nobody asked for is `unknown` in the end."""

    def __init__(self, value: Any, where: str = "") -> None:
        if not isinstance(value, dict):
            raise PortableError("type", where)
        self._value, self._where = value, where
        self._asked: set[str] = set()

    def __contains__(self, name: str) -> bool:
        return name in self._value

    def path(self, name: str) -> str:
        return f"{self._where}.{name}" if self._where else name

    def get(self, name: str) -> Any:
        self._asked.add(name)
        return self._value.get(name)

    def text(self, name: str) -> str:
        return text(self._value.get(self._ask(name), ""), self.path(name))

    def flag(self, name: str) -> bool:
        value = self._value.get(self._ask(name), False)
        if not isinstance(value, bool):
            raise PortableError("type", self.path(name))
        return value

    def items(self, name: str, *, most: int) -> Iterator[tuple[str, Any]]:
        """The path and the value of each of a list."""
        value = self._value.get(self._ask(name), [])
        if not isinstance(value, list):
            raise PortableError("type", self.path(name))
        if len(value) > most:
            raise PortableError("many", self.path(name))
        for number, one in enumerate(value):
            yield f"{self.path(name)}[{number}]", one

    def names(self, name: str, *, most: int) -> tuple[str, ...]:
        """Names of folders, each once."""
        return tuple(dict.fromkeys(folder(one, where) for where, one in self.items(name, most=most)))

    def pairs(self, name: str, *, most: int) -> Iterator[tuple[str, str, str]]:
        """The path, key and value of each of an object of texts."""
        value = self._value.get(self._ask(name), {})
        if not isinstance(value, dict):
            raise PortableError("type", self.path(name))
        if len(value) > most:
            raise PortableError("many", self.path(name))
        for key, one in value.items():
            where = f"{self.path(name)}[{_shown(key)}]"
            yield where, folder(key, where), text(one, where)

    def unknown(self) -> list[str]:
        return [self.path(_shown(name)) for name in self._value if name not in self._asked]

    def _ask(self, name: str) -> str:
        self._asked.add(name)
        return name


def text(value: Any, where: str) -> str:
    """Without NUL and halves of characters, which no database takes."""
    if not isinstance(value, str):
        raise PortableError("type", where)
    if any(one == "\0" or "\ud800" <= one <= "\udfff" for one in value):
        raise PortableError("value", where)
    return value


def folder(value: Any, where: str) -> str:
    name = text(value, where)
    if not 0 < len(name) <= LONGEST_NAME or not is_plain(name):
        raise PortableError("value", where)
    return name


def is_plain(line: str) -> bool:
    """Without line breaks and other control characters."""
    return not any(one < " " or one == "\x7f" for one in line)


def _shown(name: str) -> str:
    """Of a key of the file's, for a page."""
    return "".join(one if one.isprintable() else "?" for one in name[:40])
