"""What may remain of a message's HTML: elements, attributes and the shape of their values.

One list serves nh3 and bleach alike. Addresses (`href`, `src`, `background`), `style`, `class` and `id` have
rules of their own in `rewrite.py`; every other attribute is kept only when its whole value matches a pattern.
`bdo` is missing on purpose: with it a link can be made to read backwards as another address.
"""

from __future__ import annotations

import re

POLICY_VERSION = 2
"""Part of every cache key: raise it whenever the output for any input changes."""


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TAGS = words("""
    a abbr acronym address article aside b bdi big blockquote br caption center cite code col colgroup dd
    del details dfn dir div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hgroup hr i img ins
    kbd li main mark menu nav ol p pre q rp rt ruby s samp section small span strike strong sub summary sup
    table tbody td tfoot th thead time tr tt u ul var wbr
    """)

RENAMED = (
    "applet",
    "button",
    "frameset",
    "marquee",
    "math",
    "noscript",
    "object",
    "plaintext",
    "select",
    "svg",
    "template",
)
"""Elements that switch a parser to other rules. They are renamed before any parser sees them, so that no two
parsers can disagree about them: `<svg>` is read as `<x-svg>`, an unknown element."""

DROPPED_WITH_CONTENT = words("""
    audio canvas datalist embed iframe noembed noframes script style title video xml
    x-applet x-math x-noscript x-object x-svg x-template
    """)
"""Not shown, and neither is what is in them. Other elements that are not in `TAGS` leave their content."""

SCHEMES = frozenset({"cid", "http", "https", "mailto", "tel"})

_COLOUR = re.compile(r"#?[a-z0-9]{1,32}", re.IGNORECASE)
_LENGTH = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,4})?(?:px|%)?", re.IGNORECASE)
_SMALL = re.compile(r"[0-9]{1,3}(?:px)?", re.IGNORECASE)
_SPAN = re.compile(r"0*[0-9]{1,3}")
_NUMBER = re.compile(r"-?[0-9]{1,6}")
_WORD = re.compile(r"[a-z]{1,16}", re.IGNORECASE)
_FLAG = re.compile(r"[a-z]{0,16}", re.IGNORECASE)
_LANGUAGE = re.compile(r"[a-z0-9-]{1,35}", re.IGNORECASE)
_FACE = re.compile(r"[\w ,.'\"&;-]{1,200}")
_FONT_SIZE = re.compile(r"[+-]?[0-9](?:px|pt)?")
_DATE = re.compile(r"[0-9A-Z:.+ -]{1,40}")
_TEXT = re.compile(r".{0,1000}", re.DOTALL)
_DIRECTION = re.compile(r"ltr|rtl|auto", re.IGNORECASE)

_ANYWHERE = {
    "dir": _DIRECTION,
    "lang": _LANGUAGE,
    "title": _TEXT,
    "align": _WORD,
    "role": re.compile(r"presentation|none"),
    "aria-hidden": re.compile(r"true|false"),
}
_BOX = {"bgcolor": _COLOUR, "width": _LENGTH, "height": _LENGTH, "valign": _WORD}
_CELL = _BOX | {"colspan": _SPAN, "rowspan": _SPAN, "nowrap": _FLAG, "bordercolor": _COLOUR}
_ROWS = _BOX
_COLUMN = _BOX | {"span": _SPAN}
_LIST = {"type": re.compile(r"[1aAiI]|disc|circle|square", re.IGNORECASE), "compact": _FLAG}

ATTRIBUTES: dict[str, dict[str, re.Pattern[str]]] = {
    "br": {"clear": _WORD},
    "col": _COLUMN,
    "colgroup": _COLUMN,
    "details": {"open": _FLAG},
    "div": {"nowrap": _FLAG},
    "font": {"color": _COLOUR, "face": _FACE, "size": _FONT_SIZE},
    "hr": {"color": _COLOUR, "noshade": _FLAG, "size": _SMALL, "width": _LENGTH},
    "img": {
        "alt": _TEXT,
        "border": _SMALL,
        "height": _LENGTH,
        "hspace": _SMALL,
        "vspace": _SMALL,
        "width": _LENGTH,
    },
    "li": _LIST | {"value": _NUMBER},
    "ol": _LIST | {"start": _NUMBER, "reversed": _FLAG},
    "pre": {"width": _SMALL, "wrap": _FLAG},
    "table": _BOX
    | {
        "border": _SMALL,
        "bordercolor": _COLOUR,
        "cellpadding": _SMALL,
        "cellspacing": _SMALL,
        "frame": _WORD,
        "rules": _WORD,
    },
    "tbody": _ROWS,
    "td": _CELL,
    "tfoot": _ROWS,
    "th": _CELL | {"scope": _WORD, "abbr": _TEXT},
    "thead": _ROWS,
    "time": {"datetime": _DATE},
    "tr": _ROWS,
    "ul": _LIST,
}

HREF = frozenset({"a"})
SRC = frozenset({"img"})
BACKGROUND = frozenset({"table", "tbody", "td", "tfoot", "th", "thead", "tr"})

_EVERYWHERE = frozenset(_ANYWHERE) | {"class", "id", "style"}


def _names(tag: str) -> set[str]:
    names = set(_EVERYWHERE) | set(ATTRIBUTES.get(tag, ()))
    if tag in HREF:
        names |= {"href", "name"}
    if tag in SRC:
        names |= {"src", "srcset"}
    if tag in BACKGROUND:
        names.add("background")
    return names


ATTRIBUTE_NAMES: dict[str, set[str]] = {tag: _names(tag) for tag in TAGS}
"""Element to the attributes it may have: the list that both nh3 and bleach work from."""

_PATTERNS = {tag: _ANYWHERE | ATTRIBUTES.get(tag, {}) for tag in TAGS}


def plain_value(tag: str, name: str, value: str) -> bool:
    """Whether an attribute without a rule of its own may keep `value` (entities already decoded)."""
    pattern = _PATTERNS[tag].get(name)
    return pattern is not None and pattern.fullmatch(value) is not None
