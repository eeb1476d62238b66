"""Nynorsk and Bokmål are complete: nothing missing, nothing fuzzy, no placeholder lost."""

import re
import string
from pathlib import Path

import polib
import pytest
from django.conf import settings

CODES = [code for code, _ in settings.LANGUAGES if code != "en"]


def catalogue(code: str) -> polib.POFile:
    return polib.pofile(str(Path(settings.LOCALE_PATHS[0]) / code / "LC_MESSAGES" / "django.po"))


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[sd]", text)) | {name for _, name, _, _ in _fields(text) if name}


def _fields(text: str):
    try:
        return list(string.Formatter().parse(text))
    except ValueError:
        return []


@pytest.mark.parametrize("code", CODES)
def test_complete(code):
    entries = catalogue(code)
    assert len(entries) > 150
    assert [entry.msgid for entry in entries if not entry.translated() or entry.fuzzy] == []


@pytest.mark.parametrize("code", CODES)
def test_placeholders_are_kept(code):
    for entry in catalogue(code):
        wanted = placeholders(entry.msgid) | placeholders(entry.msgid_plural)
        for text in [entry.msgstr, *entry.msgstr_plural.values()]:
            if text:
                assert placeholders(text) <= wanted, entry.msgid
        if entry.msgid_plural:
            assert len(entry.msgstr_plural) == 2


@pytest.mark.parametrize("code", CODES)
def test_every_marked_string_is_there(code):
    """What the templates and our modules mark, found without gettext: a new string can't be forgotten."""
    known = {entry.msgid for entry in catalogue(code)}
    assert sorted(marked() - known) == []


def marked() -> set[str]:
    root = settings.BASE_DIR
    found: set[str] = set()
    for template in (root / "templates").rglob("*.html"):
        found |= set(re.findall(r'\{% translate "((?:[^"\\]|\\.)*)"', template.read_text()))
    for module in (root / "webmail").rglob("*.py"):
        text = module.read_text()
        if "django.utils.translation" in text:
            found |= {
                eval_string(literal)
                for literal in re.findall(r'(?<![\w.])_\(\s*("(?:[^"\\]|\\.)*")\s*\)', text)
            }
    return found


def eval_string(literal: str) -> str:
    import ast

    return ast.literal_eval(literal)
