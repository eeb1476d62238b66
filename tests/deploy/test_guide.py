"""The guide names every setting, file and command that there is, and no other."""

from __future__ import annotations

import re
from pathlib import Path

from django.core.management import get_commands

PROJECT = Path(__file__).resolve().parents[2]
GUIDE = (PROJECT / "docs" / "install.md").read_text()
READ = re.compile(r'\benv(?:iron\.get|\.\w+)?\(\s*"([A-Z_]+)"')


def settings() -> set[str]:
    sources = [PROJECT / "webmail" / "settings.py", PROJECT / "deploy" / "gunicorn.py"]
    return {name for source in sources for name in READ.findall(source.read_text())}


def test_every_setting_is_explained() -> None:
    table = GUIDE.partition("## All settings")[2]
    explained = {
        name for row in re.findall(r"(?m)^\| (`.*?) \|", table) for name in re.findall(r"`(\w+)`", row)
    }
    assert explained == settings()


def test_the_example_holds_settings_of_ours() -> None:
    example = (PROJECT / "deploy" / "env.example").read_text()
    assert set(re.findall(r"(?m)^(?:# )?([A-Z_]+)=", example)) <= settings()


def test_what_it_names_is_there() -> None:
    for name in set(re.findall(r"\bdeploy/[\w./-]+\w", GUIDE)):
        assert (PROJECT / name).exists(), name
    assert {*re.findall(r"(?:manage|manage\.py) ([a-z]+)", GUIDE)} <= {*get_commands()}
