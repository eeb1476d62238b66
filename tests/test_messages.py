"""Every text is in every catalogue, translated, and fits its placeholders."""

from __future__ import annotations

import os
import re
import shutil
import string
import subprocess
import sys
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).resolve().parents[1]
LANGUAGES = ("nb", "nn")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]")


def catalogue(root: Path, language: str) -> polib.POFile:
    return polib.pofile(str(root / "locale" / language / "LC_MESSAGES" / "django.po"))


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources with catalogues as `make messages` would leave them."""
    copy = tmp_path_factory.mktemp("messages")
    for part in ("webmail", "templates", "locale"):
        shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
    command = [sys.executable, "-m", "django", "makemessages", "--no-obsolete", "--no-wrap"]
    for language in LANGUAGES:
        command += ["--locale", language]
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return copy


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated(collected: Path, language: str) -> None:
    entries = catalogue(collected, language)
    assert [entry.msgid for entry in entries.untranslated_entries()] == []
    assert [entry.msgid for entry in entries.fuzzy_entries()] == []
    for entry in entries:
        assert all(entry.msgstr_plural.values()) if entry.msgid_plural else entry.msgstr


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_is_up_to_date(collected: Path, language: str) -> None:
    """What is in the repository is what the sources say: `make messages` mends it."""
    now, fresh = (
        {(entry.msgctxt, entry.msgid, entry.msgid_plural) for entry in catalogue(root, language)}
        for root in (ROOT, collected)
    )
    assert now == fresh


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_survive(language: str) -> None:
    for entry in catalogue(ROOT, language):
        for text in [entry.msgstr, *entry.msgstr_plural.values()]:
            if text:
                assert placeholders(text) <= placeholders(entry.msgid) | placeholders(entry.msgid_plural), (
                    entry.msgid
                )
                if not entry.msgid_plural:
                    assert placeholders(text) == placeholders(entry.msgid), entry.msgid


def placeholders(text: str) -> set[str]:
    try:
        braces = {name for _, name, _, _ in string.Formatter().parse(text) if name}
    except ValueError:
        braces = set()
    return {*PLACEHOLDER.findall(text), *braces}
