"""What a machine without containers can say of the image: its files are there, its settings are ours."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from django.core.management import get_commands

from tests.deploy.test_guide import settings

PROJECT = Path(__file__).resolve().parents[2]
PLACE = PROJECT / "deploy" / "container"
IMAGE = (PLACE / "Containerfile").read_text()
COMPOSE = (PLACE / "compose.yaml").read_text()


def test_what_is_copied_is_there_and_not_ignored() -> None:
    let_in = {
        line[1:] for line in (PROJECT / ".dockerignore").read_text().splitlines() if line.startswith("!")
    }
    for sources in re.findall(r"(?m)^COPY (?!--from)(.*) \S+$", IMAGE):
        for source in sources.split():
            assert (PROJECT / source).exists(), source
            assert source.split("/")[0] in let_in, source


def test_only_settings_of_ours_are_set() -> None:
    given = set(re.findall(r"\b([A-Z][A-Z_]+)=", "".join(re.findall(r"(?m)^ENV .*", IMAGE))))
    assert given - {"PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"} <= settings()
    block = COMPOSE.partition("environment: &environment\n")[2].partition("\n  restart:")[0]
    assert set(re.findall(r"(?m)^ +([A-Z_]+):", block)) <= settings()


def test_its_commands_are_there() -> None:
    asked = set(re.findall(r"command: \[([a-z]+)\]", COMPOSE)) - {"valkey-server"}
    assert asked
    assert asked <= {*get_commands()}


def test_nobody_in_particular_runs_it() -> None:
    *_, stage = IMAGE.partition("AS ekorn\n")
    assert re.search(r"(?m)^USER [1-9]\d+$", stage.partition("\nFROM")[0])
    assert "read_only: true" in COMPOSE


def test_the_scripts_can_be_read() -> None:
    for script in [PROJECT / "deploy" / "manage", *(PLACE / name for name in ("start", "front", "mail"))]:
        assert script.stat().st_mode & 0o111
        subprocess.run(["sh", "-n", str(script)], check=True)


def test_the_front_is_our_site_with_its_instances(tmp_path: Path) -> None:
    """The one line that makes it."""
    (command,) = re.findall(r"(?ms)^sed (.*?)\n  /etc", (PLACE / "front").read_text())
    site = PROJECT / "deploy" / "nginx" / "ekorn.conf"
    given = r'NAME=localhost servers="    server web1:8000;\\n    server web2:8000;\\n"'
    script = f"{given}; sed {command.removesuffix(chr(92))} {site}"
    made = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True).stdout
    upstream = re.search(r"upstream ekorn \{.*?\}", made, re.DOTALL)
    assert upstream is not None
    assert re.findall(r"server (\S+)", upstream[0]) == ["web1:8000;", "web2:8000;"]
    assert "mail.example.org" not in made
