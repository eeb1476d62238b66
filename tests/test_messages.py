"""Every text of the sources is in every catalogue, as gettext sees it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).resolve().parents[1]
LANGUAGES = ("nb", "nn")


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
def test_the_catalogue_is_up_to_date(collected: Path, language: str) -> None:
    """What is in the repository is what the sources say: `make messages` mends it."""
    now, fresh = (
        {(entry.msgctxt, entry.msgid, entry.msgid_plural) for entry in catalogue(root, language)}
        for root in (ROOT, collected)
    )
    assert now == fresh
