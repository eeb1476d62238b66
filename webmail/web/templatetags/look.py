"""Template tags for what is drawn or written once: icons, the list of keys, the one script of others."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.base import FilterExpression, Node, NodeList, Parser, Token
from django.template.context import Context
from django.templatetags.static import static
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from .. import icons

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    return icons.icon(name)


@register.simple_tag
def row_symbols() -> SafeString:
    return icons.row_symbols()


@register.simple_tag
def htmx_address() -> str:
    return static("django_htmx/htmx-2.min.js")


@register.tag
def steady(parser: Parser, token: Token) -> Node:
    """`{% steady preferences.theme %}…{% endsteady %}`: drawn once for each language and these few values, which are
    all that its content may depend on. Nothing of a person or their mail belongs in it."""
    depends_on = [parser.compile_filter(word) for word in token.split_contents()[1:]]
    content = parser.parse(("endsteady",))
    parser.delete_first_token()
    return Steady(depends_on, content)


class Steady(Node):
    def __init__(self, depends_on: list[FilterExpression], nodelist: NodeList) -> None:
        self.depends_on, self.nodelist = depends_on, nodelist
        self._drawn: dict[tuple[Any, ...], SafeString] = {}

    def render(self, context: Context) -> SafeString:
        key = (get_language(), *(value.resolve(context) for value in self.depends_on))
        drawn = self._drawn.get(key)
        if drawn is None:
            drawn = self._drawn[key] = self.nodelist.render(context)
        return drawn
