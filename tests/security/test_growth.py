"""Every public function that reads what strangers write, fed with what makes parsers slow, at n and at 4n."""

from __future__ import annotations

import gc
import importlib
import inspect
import pkgutil
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import webmail.imap.errors
import webmail.imap.parse
import webmail.mail
import webmail.remote
import webmail.remote.errors

PACKAGES = (webmail.mail, webmail.imap.parse, webmail.remote)
TEXTS = {"bytes": bytes, "str": str}
SIZE = 3000
# Bounded or not, nothing may cost 9 times as much for 4 times the input once it costs anything at all.
NOTICEABLE = 0.08

PIECES = (
    "a", " ", "\t", "\n", "\r\n", "<", ">", "&", "&#", "&amp;", "=", "=?", "=?utf-8?q?=41?= ", "=?x?b?QQ==", '"', "'",
    "\\", '\\"', "(", ")", "()", "[", "{", "<a>", "<a ", "<b><i>", "<!--", "-->", "<p", "<table><tr><td>", "<style>",
    "<svg>", "</p>", "<<", "a@b.c,", "@", ",", ";", "; a=b", "; a*0=b;", ":", "a:b\r\n", "--b\r\n", "/", "//", "http://",
    "http://a.b/ ", "www.a.", "mailto:", "a.", "a-", "..", "1", "1.", "0x", "%", "%41", "begin 644 a\n",
    "BEGIN:VEVENT\r\n",    "RRULE:FREQ=SECONDLY\r\n", "<bold>", "\x1b$B", "+AAA-",
    "~{", "\xe5", "\u0301", "url(", "@media ", "a{", "/*", "*/",
    "> ", ">\n", "-- \n", "_", "Mon, ", "1 Jan ", "+0000 ", "{1}\r\n", "(NIL", '"a" ', "BODY[", "* 1 FETCH (", "&-",
    "&AOU-", "\x00", "xn--", "1:", "1,",
)  # fmt: skip


def functions() -> Iterator[tuple[str, Callable[..., Any], type]]:
    """Those whose first argument is text or octets and whose others may be left out."""
    for package in PACKAGES:
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            module = importlib.import_module(found.name)
            for name, function in vars(module).items():
                if name.startswith("_") or not inspect.isfunction(function):
                    continue
                first, *others = [*inspect.signature(function).parameters.values(), None]
                takes = str(first.annotation).partition(" | ")[0] if first else ""
                needed = [other for other in others if other and other.default is other.empty]
                if first and first.kind is first.KEYWORD_ONLY:
                    continue
                if function.__module__ == module.__name__ and takes in TEXTS and not needed:
                    yield f"{module.__name__}.{name}", function, TEXTS[takes]


FUNCTIONS = {name: (function, kind) for name, function, kind in functions()}


def seconds(function: Callable[..., Any], kind: type, piece: str, size: int) -> float:
    text = (piece * (size // len(piece) + 1))[:size]
    given = text.encode("latin-1", "replace") if kind is bytes else text
    gc.disable()  # its work grows with what all other tests left behind
    start = time.process_time()
    try:
        result = function(given)
        if inspect.isgenerator(result):
            for _ in result:
                pass
    except (ValueError, LookupError, webmail.remote.errors.RemoteError, webmail.imap.errors.ImapError):
        pass  # refused, in a way that its callers know
    finally:
        took = time.process_time() - start
        gc.enable()
    return took


def grows_too_fast(function: Callable[..., Any], kind: type, piece: str) -> bool:
    for _ in range(3):
        large = seconds(function, kind, piece, 4 * SIZE)
        if large < NOTICEABLE or large < 9 * seconds(function, kind, piece, SIZE):
            return False
    return True


def test_there_is_something_to_try() -> None:
    assert len(FUNCTIONS) > 30
    assert {"webmail.mail.header.decode_header", "webmail.mail.text.render.render"} <= set(FUNCTIONS)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_work_grows_with_the_input_and_no_faster(name: str) -> None:
    function, kind = FUNCTIONS[name]
    assert [piece for piece in PIECES if grows_too_fast(function, kind, piece)] == []
