"""An independent opinion on sanitised markup: the stdlib's parser, and lists of its own."""

from __future__ import annotations

import re
from html.parser import HTMLParser

OURS = "/ours/"
FORBIDDEN = set(
    "script style iframe frame frameset object embed applet form input button select textarea option svg math"
    " base meta link title template noscript audio video source track canvas dialog marquee area map param"
    " plaintext xmp noembed noframes image isindex keygen portal slot body html head".split()
)
NAMES = set(
    "abbr align alt aria-hidden background bgcolor border bordercolor cellpadding cellspacing class clear color"
    " colspan compact datetime dir face frame height href hspace id lang name noshade nowrap open referrerpolicy"
    " rel reversed role rowspan rules scope size span src start style target title type valign value vspace"
    " width wrap".split()
)
_LINK = re.compile(r"(https?://[^\s\"'<>\\]+|mailto:[^\s\"'<>]*|tel:[\w+.;()=*#-]+|#m-[\w.:-]+)\Z")
_STYLE = re.compile(r"""(?:[-a-z]+:[^<>\\;{}@]*;)*\Z""")
_STYLE_BAD = re.compile(
    r"expression|javascript|@import|behaviou?r|binding|var\(|env\(|attr\(|image-set|cross-fade|element\("
    r"|position\s*:\s*(?:fixed|absolute|sticky|relative)|z-index|margin[a-z-]*:[^;]*-\d|transform|translate",
    re.IGNORECASE,
)
_URL = re.compile(r"url\(([^)]*)\)", re.IGNORECASE)


class _Audit(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.problems: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in FORBIDDEN or not re.fullmatch("[a-z][a-z0-9]*", tag):
            self.problems.append(f"element {tag}")
        for name, value in attrs:
            self.attribute(tag, name, value or "")

    def attribute(self, tag: str, name: str, value: str) -> None:
        if name not in NAMES:
            self.problems.append(f"attribute {name}")
        elif name in ("src", "background") and not value.startswith(OURS):
            self.problems.append(f"{name}={value[:80]}")
        elif name == "href" and (tag != "a" or not _LINK.fullmatch(value)):
            self.problems.append(f"href={value[:80]}")
        elif name == "target" and value != "_blank":
            self.problems.append(f"target={value}")
        elif name in ("id", "name") and not value.startswith("m-"):
            self.problems.append(f"{name}={value[:80]}")
        elif name == "style":
            self.problems.extend(style_problems(value))

    def handle_comment(self, data: str) -> None:
        self.problems.append("comment")

    def handle_decl(self, decl: str) -> None:
        self.problems.append("declaration")

    def handle_pi(self, data: str) -> None:
        self.problems.append("processing instruction")

    def unknown_decl(self, data: str) -> None:
        self.problems.append("declaration")


def style_problems(value: str) -> list[str]:
    without = re.sub(r'"[\w .,&+()\'/?=:%#~-]*"', '""', value)
    found = [f"style {bad[0]}" for bad in _STYLE_BAD.finditer(value)]
    found += [f"url {url}" for url in _URL.findall(value) if not url.strip("\"'").startswith(OURS)]
    if not _STYLE.fullmatch(without):
        found.append(f"style {value[:120]}")
    return found


def problems(html: str) -> list[str]:
    """What is wrong with `html`, which should be the output of the sanitiser; empty where nothing is."""
    audit = _Audit()
    audit.feed(html)
    audit.close()
    return audit.problems


def stylesheet_problems(css: str) -> list[str]:
    found = [f"stylesheet {bad[0]}" for bad in _STYLE_BAD.finditer(css)]
    found += [
        f"stylesheet has {mark!r}"
        for mark in ("<", "\\", "url(", "@import", "@font-face", "[", "ekorn")
        if mark in css
    ]
    if css.count("{") != css.count("}"):
        found.append("stylesheet braces")
    return found
