"""The dashboard, the alerts and the example for Prometheus speak of what `/metrics` really has."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from webmail.metrics.registry import REGISTRY

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
DASHBOARD = json.loads((DEPLOY / "grafana" / "ekorn.json").read_text())
ALERTS = (DEPLOY / "prometheus" / "alerts.yml").read_text()

_TOKEN = re.compile(
    r"""(?P<space>\s+)|(?P<string>"(?:[^"\\]|\\.)*")|(?P<range>\[\d+[smhd]\])|(?P<number>\d+(?:\.\d+)?)"""
    r"""|(?P<word>[a-zA-Z_:][a-zA-Z0-9_:]*)|(?P<sign>=~|!=|==|>=|<=|[-+*/(){},=<>])"""
)
FUNCTIONS = {"sum", "max", "min", "rate", "increase", "histogram_quantile", "topk", "by"}
# Those that Prometheus adds.
OUTSIDE = {"job", "instance", "le"}


def expressions() -> Iterator[tuple[str, str]]:
    for panel in DASHBOARD["panels"]:
        for target in panel["targets"]:
            yield panel["title"], target["expr"]
    for name, folded, plain in re.findall(r"- alert: (\w+)\n +expr: (?:>-\n((?: {10}.*\n)+)|(.*)\n)", ALERTS):
        yield name, folded or plain


EXPRESSIONS = list(expressions())


def tokens(expression: str) -> list[tuple[str, str]]:
    found, at = [], 0
    while at < len(expression):
        match = _TOKEN.match(expression, at)
        assert match is not None, f"unreadable: {expression[at : at + 30]}"
        at = match.end()
        if match.lastgroup != "space":
            found.append((str(match.lastgroup), match[0]))
    return found


@pytest.fixture
def metrics(db: None) -> dict[str, set[str]]:
    """Every name that may stand in an expression, with its labels."""
    known: dict[str, set[str]] = {"up": set()}
    for family in REGISTRY.collect():
        labels = {label for sample in family.samples for label in sample.labels}
        # Where nothing happened yet there are no samples.
        own = REGISTRY._names_to_collectors.get(family.name)
        labels |= set(getattr(own, "_labelnames", ()))
        endings = {"histogram": ("_bucket", "_sum", "_count"), "counter": ("_total",)}
        for ending in endings.get(family.type, ("",)):
            known[family.name + ending] = labels
    return known


def test_there_are_some() -> None:
    assert len(EXPRESSIONS) > 30
    assert len(re.findall("- alert:", ALERTS)) == len(
        [name for name, _ in EXPRESSIONS if name.startswith("Ekorn")]
    )


@pytest.mark.parametrize(("title", "expression"), EXPRESSIONS)
def test_an_expression(metrics: dict[str, set[str]], title: str, expression: str) -> None:
    found = tokens(expression)
    depth: list[str] = []
    for kind, word in found:
        if kind == "sign" and word in "({":
            depth.append(word)
        elif kind == "sign" and word in ")}":
            assert depth, title
            assert depth.pop() + word in ("()", "{}")
    assert depth == []
    inside, grouping, named = False, False, ""
    used: dict[str, set[str]] = {}
    for number, (kind, word) in enumerate(found):
        following = found[number + 1][1] if number + 1 < len(found) else ""
        if word in "{}":
            inside = word == "{"
        elif word == ")":
            grouping = False
        elif kind != "word":
            continue
        elif inside:
            used[named].add(word)
        elif word == "by":
            grouping = True
        elif grouping:
            used.setdefault("by", set()).add(word)
        elif following == "(" or word in FUNCTIONS:
            assert word in FUNCTIONS, title
        else:
            named = word
            used.setdefault(named, set())
    grouped = used.pop("by", set())
    assert used, title
    for name, labels in used.items():
        assert name in metrics, f"{title}: there is no {name}"
        assert labels | grouped <= metrics[name] | OUTSIDE, title


@pytest.mark.parametrize(("title", "expression"), EXPRESSIONS)
def test_only_what_grows_is_taken_as_a_rate(title: str, expression: str) -> None:
    for name in re.findall(r"(?:rate|increase)\((\w+)", expression):
        assert name.endswith(("_total", "_bucket", "_count", "_sum")), title
    assert len(re.findall(r"(?:rate|increase)\(", expression)) == len(
        re.findall(r"\[\d+[smhd]\]", expression)
    ), title


def test_panels_do_not_overlap() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, panel["title"]
        assert place["x"] + place["w"] <= 24
        taken |= cells
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])
