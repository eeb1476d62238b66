"""The CSS properties that a mail may use, and what their values may be made of.

Left out on purpose: everything that takes an element out of its place (position, inset, z-index, transform,
negative margins), that loads (other than backgrounds, through the proxy), that generates content, that moves
over time, that reads the page (var, env, attr), and columns, of which a few within each other keep a browser busy
for ever.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from webmail.mail.html.policy import words

COLOUR_FUNCTIONS = words("rgb rgba hsl hsla hwb lab lch oklab oklch")
_GRADIENTS = words(
    "linear-gradient radial-gradient conic-gradient repeating-linear-gradient repeating-radial-gradient"
)
_ARITHMETIC = words("calc min max clamp")


@dataclass(frozen=True, slots=True)
class Kind:
    """`largest` in pixels bounds every length; `keywords` None means any word.

    `percent` and `number` are about how many pixels one per cent and a number without a unit stand for.
    """

    largest: float = 5000
    percent: float = 10
    number: float = 0.5
    negative: bool = False
    strings: bool = False
    pictures: bool = False
    functions: frozenset[str] = frozenset()
    keywords: frozenset[str] | None = None

    def without_pictures(self) -> Kind:
        return replace(self, pictures=False)

    def inside(self) -> Kind:
        """What may stand between a function's parentheses."""
        return replace(self, negative=True, strings=False, pictures=False, keywords=None)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split()) | {"inherit", "initial", "unset", "revert"}


_PLAIN = Kind()
_SIZE = Kind(functions=_ARITHMETIC)
_SHIFT = Kind(largest=200, negative=True, percent=0.16)
_FONT = Kind(largest=300, percent=0.16, number=0.3)
_BACKGROUND = Kind(negative=True, pictures=True, functions=_GRADIENTS)

_NAMES: dict[Kind, str] = {
    _PLAIN: """
        color background-color background-repeat background-size background-attachment background-origin
        background-clip opacity
        font-weight font-style font-variant font-stretch font-kerning text-align text-align-last
        text-decoration text-decoration-line text-decoration-color text-decoration-style
        text-decoration-thickness text-transform white-space word-break word-wrap overflow-wrap word-spacing
        hyphens direction text-indent list-style-type list-style-position tab-size
        margin margin-top margin-right margin-bottom margin-left margin-inline margin-block
        padding padding-top padding-right padding-bottom padding-left padding-inline padding-block
        border border-top border-right border-bottom border-left border-color border-style border-width
        border-top-color border-right-color border-bottom-color border-left-color
        border-top-style border-right-style border-bottom-style border-left-style
        border-top-width border-right-width border-bottom-width border-left-width
        border-collapse border-spacing outline outline-color outline-style
        outline-width box-sizing table-layout caption-side empty-cells float clear object-fit aspect-ratio
        flex flex-direction flex-wrap flex-flow flex-grow flex-shrink flex-basis align-items align-content
        align-self justify-content justify-items justify-self gap row-gap column-gap
        orphans widows page-break-before page-break-after page-break-inside
        break-inside -webkit-text-size-adjust -ms-text-size-adjust text-size-adjust
    """,
    _SIZE: "width min-width max-width height min-height max-height",
    _SHIFT: "letter-spacing vertical-align box-shadow text-underline-offset",
    replace(_SHIFT, largest=20): "text-shadow",
    Kind(negative=True): "background-position object-position",
    _BACKGROUND: "background background-image",
    Kind(largest=100_000): """
        border-radius border-top-left-radius border-top-right-radius border-bottom-left-radius
        border-bottom-right-radius
    """,
    replace(_FONT, functions=_ARITHMETIC): "font-size",
    replace(_FONT, strings=True): "font-family font",
    replace(_FONT, number=16): "line-height",
    Kind(
        keywords=_words(
            "none disc circle square decimal lower-alpha upper-alpha lower-roman upper-roman"
            " lower-latin upper-latin inside outside"
        )
    ): "list-style",
    Kind(
        keywords=_words(
            "none block inline inline-block list-item table table-row table-cell table-row-group"
            " table-header-group table-footer-group table-column table-column-group table-caption"
            " inline-table flex inline-flex grid inline-grid flow-root"
        )
    ): "display",
    Kind(keywords=_words("hidden visible auto scroll")): "overflow overflow-x overflow-y visibility",
    Kind(keywords=_words("normal embed isolate plaintext")): "unicode-bidi",
}

PROPERTIES: dict[str, Kind] = {name: kind for kind, names in _NAMES.items() for name in names.split()}
"""A property's name in lower case to what its value may be."""
