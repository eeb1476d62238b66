"""Who a person means by what they typed or pasted in a To field, and what of it is no address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from webmail.mail.address import MAX_ADDRESSES, Mailbox
from webmail.mail.compose.fields import one_line
from webmail.mail.compose.wire_address import Code, is_utf8, problem, wire_address

MAX_TEXT = 1_048_576
MAX_PIECE = 1_000

# An escaped quote opens nothing, so that only one in a line is looked for its end in vain.
_TOKEN = re.compile(
    r'"(?>(?:[^"\\\r\n]++|\\[^\r\n])*)"'  # quoted string; a quote that is not closed is a character
    r"|\\[^\r\n]"
    r"|\((?>[^()\r\n]*)\)"  # comment
    r"|<[^<>\r\n]*+>"
    r"|\[[^\[\]\r\n]*+\]"
    r"|[,;:，；、\t\r\n]"
    r'|[^",;:，；、()<>\[\t\r\n\\]++'
    r"|."
)
_QUOTED = re.compile(r'"((?>(?:[^"\\]++|\\.)*))"')
_ESCAPE = re.compile(r"\\(.)")
_UNSEEN = re.compile("[\xad\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_SIMPLE_NAME = re.compile(r"[^\W_](?:[\w '’.&/+-]*[\w.])?")
_DECORATION = " \t‘’“”„«»·•"
# These may begin an address, and only decorate it in pairs.
_PAIRED = "'`*|"
_EDGES = _DECORATION + _PAIRED


@dataclass(frozen=True, slots=True)
class Problem:
    """`piece` as it was typed (cut at 100 characters); `code` says what is wrong with it."""

    piece: str
    code: Code

    @property
    def is_hint(self) -> bool:
        """The address is among the mailboxes all the same."""
        return self.code == "no-dot"


@dataclass(frozen=True, slots=True)
class Recipients:
    """`mailboxes` in order, each address once."""

    mailboxes: tuple[Mailbox, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that stop a sending."""
        return tuple(found for found in self.problems if not found.is_hint)


def parse_recipients(text: str) -> Recipients:
    """Addresses with or without names, apart by commas, semicolons, lines or cells; groups are opened.

    Domains come out in A-labels. At most 5,000, the rest is one "too-many". Never raises; linear.
    """
    found: dict[str, Mailbox] = {}
    problems: list[Problem] = []
    for name, address in _people(_UNSEEN.sub("", text[:MAX_TEXT])):
        if not address and not any(map(str.isalnum, name)):
            continue
        if max(len(found), len(problems)) >= MAX_ADDRESSES:
            problems.append(Problem("", "too-many"))
            break
        code = problem(address)
        if code is not None:
            piece = f"{name} <{address}>" if name and address else name or address
            problems.append(Problem(piece[:100], code))
        if code in (None, "no-dot"):
            wire = wire_address(address)
            local, _, domain = wire.rpartition("@")
            found.setdefault(f"{local}@{domain.lower()}", Mailbox(name if name != address else "", wire))
    else:
        if len(text) > MAX_TEXT:
            problems.append(Problem("", "too-many"))
    return Recipients(tuple(found.values()), tuple(problems))


def format_recipients(mailboxes: Iterable[Mailbox]) -> str:
    """The text of a field that `parse_recipients` reads as these; domains in Unicode where that is safe."""
    return ", ".join(map(_format, mailboxes))


def _format(mailbox: Mailbox) -> str:
    name = one_line(mailbox.name)
    address = mailbox.address if is_utf8(mailbox.address) else mailbox.display_address
    if not name:
        return address
    if not _SIMPLE_NAME.fullmatch(name):
        name = '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'
    return f"{name} <{address}>"


@dataclass(slots=True)
class _Piece:
    """What lies between two separators: its tokens, and the separator that ended it."""

    tokens: list[str]
    end: str = ""
    length: int = 0

    @property
    def has_address(self) -> bool:
        return any("@" in token or "＠" in token for token in self.tokens)

    @property
    def has_words(self) -> bool:
        return any(token.strip() and not _is_comment(token) for token in self.tokens)


def _people(text: str) -> Iterator[tuple[str, str]]:
    """(name, address) of each; ("words", "") of what has no "@".

    What has none may belong to what follows: as the cells before an address in a row of a table, and as a last
    name before a comma in a list whose members are apart by semicolons ("Berg, Ann <a@b.no>; …", Outlook's way).
    """
    pieces = list(_pieces(text))
    lists_by_semicolon = any(piece.end in ";；" and piece.end for piece in pieces)
    held: list[str] = []
    after_address = False
    for piece in pieces:
        if after_address and not piece.has_address:  # a further cell of somebody's row
            after_address = piece.end == "\t"
            continue
        after_address = piece.has_address and piece.end == "\t"
        if not piece.has_address and piece.end in (",", "\t") and piece.has_words:
            if held and piece.end == ",":
                yield one_line("".join(held)), ""
                held = []
            held += [*piece.tokens, " " if piece.end == "\t" else ", "]
            continue
        found = list(_mailboxes(piece.tokens)) if piece.length <= MAX_PIECE else [("", "".join(piece.tokens))]
        if held:
            before = "".join(held)
            held = []
            by_cells = before.endswith(" ") and not before.endswith(", ")
            if found and not found[0][0] and by_cells:
                found[0] = (_name(before), found[0][1])
            elif found and found[0][0] and found[0][1] and lists_by_semicolon:
                found[0] = (_name(before + found[0][0]), found[0][1])
            else:
                yield _name(before.rstrip(", ")), ""
        yield from found
    if held:
        yield _name("".join(held).rstrip(", ")), ""


def _pieces(text: str) -> Iterator[_Piece]:
    piece = _Piece([])
    for found in _TOKEN.findall(text):
        if found in ",;，；、\t\r\n":
            piece.end = found
            yield piece
            piece = _Piece([])
        elif found == ":" and not piece.has_address and "".join(piece.tokens).strip().lower() != "mailto":
            piece = _Piece([])  # a group's name, or "To:" that was copied with the rest
        else:
            if piece.length <= MAX_PIECE:
                piece.tokens.append(found)
                piece.length += len(found)
            if found.startswith("<") and len(found) > 1:
                yield piece
                piece = _Piece([])
    yield piece


def _mailboxes(tokens: list[str]) -> Iterator[tuple[str, str]]:
    angle = next((token for token in tokens if len(token) > 1 and token[0] in "<[" and "@" in token), "")
    if not angle and tokens and tokens[-1].startswith("<") and len(tokens[-1]) > 1:
        angle = tokens[-1]
    literal = angle.startswith("[") and not angle.lower().startswith("[mailto:")
    if angle and not literal:
        comment = " ".join(token[1:-1] for token in tokens if _is_comment(token))
        words = "".join(token for token in tokens if token is not angle and not _is_comment(token))
        yield _name(words) or _name(comment), _address(angle[1:-1])
        return
    comment = " ".join(token[1:-1] for token in tokens if _is_comment(token))
    split = _split_words(tokens)
    addresses = [word for word in split if "@" in word or "＠" in word]
    if not addresses and split:
        yield one_line("".join(tokens)), ""
    elif len(addresses) == 1:
        name = _name(" ".join(word for word in split if word is not addresses[0]))
        yield name or _name(comment), _address(addresses[0])
    elif len(addresses) == len(split):  # none, where there is only a comment
        for address in addresses:
            yield "", _address(address)
    else:
        yield one_line("".join(tokens)), ""


def _split_words(tokens: list[str]) -> list[str]:
    """Words apart by spaces; a quoted string that "@" follows is part of its word."""
    words = [""]
    for token in tokens:
        if _is_comment(token):
            continue
        if token.startswith('"') and len(token) > 1:
            words[-1] += token
            continue
        first, *rest = re.split(r"\s+", token)
        words[-1] += first
        words += rest
    return [word for word in words if word.strip(_EDGES)]


def _is_comment(token: str) -> bool:
    return len(token) > 1 and token.startswith("(")


def _name(text: str) -> str:
    """Without the quotes around it, or around parts of it."""
    name = one_line(_QUOTED.sub(lambda found: _ESCAPE.sub(r"\1", found[1]), text))[:MAX_PIECE]
    return name[1:-1] if len(name) > 2 and name[0] == name[-1] == "'" else name


def _address(text: str) -> str:
    text = _undecorated(text).replace("＠", "@")
    if text.lower().startswith("mailto:"):
        text = unquote(text[7:].partition("?")[0])
    return _undecorated(text[:MAX_PIECE]).rstrip(".")


def _undecorated(text: str) -> str:
    text = text.strip(_DECORATION)
    inner = text.rstrip(_EDGES)
    return inner if inner == text else inner.lstrip(_EDGES)
