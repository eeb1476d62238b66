"""nh3, then bleach: a mail's HTML to markup that may stand in the reading frame.

Two parsers from two families agree before anything is shown, the second on the fixpoint of the first, and
neither is asked to read what `guards` finds too costly. Nothing touches the result as a string afterwards but
`webmail.mail.hits`, which puts marks around words of its text.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Protocol, TypeVar

import nh3
from bleach.sanitizer import Cleaner

from webmail.mail.html import css, guards, policy, source
from webmail.mail.html.rewrite import PREFIX, Rewrite, Token, Work, class_names
from webmail.mail.html.strict import StrictParser, walk
from webmail.mail.html.stylesheet import stylesheet
from webmail.mail.html.types import Choices, Refused, Resolve, Sanitised, Words
from webmail.metrics.registry import SANITISER_REFUSED, SANITISER_SECONDS

T = TypeVar("T")

log = logging.getLogger(__name__)

_first = nh3.Cleaner(
    tags=set(policy.TAGS),
    clean_content_tags=set(policy.DROPPED_WITH_CONTENT),
    attributes=policy.ATTRIBUTE_NAMES,
    link_rel=None,
    url_schemes=set(policy.SCHEMES),
    url_relative="pass_through",
)
_own = threading.local()

PASSES = 3

Rewriter = Callable[[Iterable[Token]], Iterable[Token]]


class Styles(Protocol):
    def sanitize_css(self, value: str) -> str:
        """A `style` attribute filtered, with its entities encoded before and after."""


def sanitise(
    html: str,
    *,
    inline: Resolve,
    proxy: Resolve,
    mailto: Resolve | None = None,
    choices: Choices | None = None,
    words: Words | None = None,
) -> Sanitised | Refused:
    """Clean a message's HTML part (decoded to text).

    `inline` answers our address for a reference to a part of the message (`cid:…` percent-decoded, or a
    Content-Location as written), `proxy` ours for a picture elsewhere (asked only when `choices.remote`),
    `mailto` ours for a `mailto:` link, which otherwise stays as it is; each answers None for "leave it out".
    No other address gets into the result, but for links to http, https, mailto and tel.
    Never raises: what is too costly or breaks a parser is `Refused`.
    """
    work = Work(inline, proxy, mailto, choices or Choices(), words or Words())
    return _guarded(lambda: _sanitise(html, work))


def _sanitise(html: str, work: Work) -> Sanitised:
    guards.check_raw(html)
    html = source.rename(html)
    tags = list(source.tags(html))
    guards.check_nesting(tags)
    body = _body_attributes(tags, work)
    rules = stylesheet(_style_blocks(html, tags))
    markup = _bleach(_stable(html), work, partial(Rewrite, work=work))
    return Sanitised(
        html=markup,
        stylesheet=rules,
        body=body,
        blocked=sum(not shown for shown in work.remote.values()),
        remote=tuple(work.remote),
        inline=tuple(work.used),
    )


def _stable(html: str) -> str:
    """What nh3 makes of its own output, once that no longer changes: a tree that no parser reads otherwise."""
    for _ in range(PASSES):
        cleaned = _first.clean(html)
        guards.check_clean(cleaned)
        if cleaned == html:
            return cleaned
        guards.check_nesting(
            source.tags(cleaned), depth=guards.MAX_DEPTH, depth_sum=guards.MAX_CLEAN_DEPTH_SUM
        )
        html = cleaned
    raise guards.TooCostly("unstable")


def clean(html: str, *, styles: Styles, rewrite: Rewriter) -> str | Refused:
    """Body content after the same two cleaners, with another's last look at each element. Never raises."""
    return _guarded(lambda: _clean(html, styles, rewrite))


def _clean(html: str, styles: Styles, rewrite: Rewriter) -> str:
    guards.check_raw(html)
    html = source.rename(html)
    guards.check_nesting(source.tags(html))
    return _bleach(_stable(html), styles, rewrite)


def _guarded(work: Callable[[], T]) -> T | Refused:
    began = time.perf_counter()
    try:
        return work()
    except guards.TooCostly as verdict:
        reason = str(verdict)
    except Exception as error:  # noqa: BLE001 -- html5lib raises anything; the reader gets the text version
        log.warning("html refused: %s", type(error).__name__)
        reason = "error"
    finally:
        SANITISER_SECONDS.observe(time.perf_counter() - began)
    SANITISER_REFUSED.labels(reason).inc()
    return Refused(reason)


def _bleach(html: str, styles: Styles, rewrite: Rewriter) -> str:
    cleaner: Cleaner | None = getattr(_own, "cleaner", None)
    if cleaner is None:
        cleaner = _own.cleaner = Cleaner(
            tags=policy.TAGS, attributes=_allowed, protocols=policy.SCHEMES, strip=True, css_sanitizer=styles
        )
        cleaner.walker = walk
        cleaner.parser = StrictParser(
            tags=policy.TAGS, strip=True, consume_entities=False, namespaceHTMLElements=False
        )
    cleaner.css_sanitizer = styles
    cleaner.filters = [rewrite]
    try:
        return str(cleaner.clean(html))
    except BaseException:
        del _own.cleaner  # its parser may be left half-way
        raise
    finally:
        cleaner.css_sanitizer, cleaner.filters = None, []


def _allowed(tag: str, name: str, _value: str) -> bool:
    return name in policy.ATTRIBUTE_NAMES[tag]


def _style_blocks(html: str, tags: list[source.Tag]) -> list[str]:
    blocks = []
    for at, (closing, name, attributes, _, end) in enumerate(tags):
        if name == "style" and not closing and at + 1 < len(tags):
            kind = source.attributes(attributes[:500]).get("type", "").strip().lower()
            if kind in ("", "text/css"):
                blocks.append(html[end : tags[at + 1][3]])
    return blocks


def _body_attributes(tags: list[source.Tag], work: Work) -> tuple[tuple[str, str], ...]:
    """The attributes that our `<body>` takes over from the mail's, after the same filters."""
    found: dict[str, str] = {}
    for closing, name, attributes, _, _ in tags:
        if name in ("html", "body") and not closing and len(attributes) < 20_000:
            found |= source.attributes(attributes)
        if name == "body":
            break
    wanted = [
        ("background-color", _colour(found.get("bgcolor", ""))),
        ("color", _colour(found.get("text", ""))),
    ]
    style = "".join(css.style(f"{name}:{value}", work.picture) for name, value in wanted if value)
    background = work.picture(found.get("background", ""))
    if background is not None:
        style += css.write(("background-image:", css.Reference(""), ";"), lambda _: background)
    style += css.style(found.get("style", ""), work.picture)
    kept = {"style": style, "class": class_names(found.get("class", ""))}
    for name in ("dir", "lang"):
        value = found.get(name, "")
        if policy.plain_value("div", name, value):
            kept[name] = value
    if found.get("id", "").isalnum() and found["id"].isascii():
        kept["id"] = PREFIX + found["id"]
    return tuple((name, value) for name, value in kept.items() if value)


def _colour(value: str) -> str:
    value = value.strip()
    return (
        "#" + value
        if len(value) == 6 and all(letter in "0123456789abcdefABCDEF" for letter in value)
        else value
    )
