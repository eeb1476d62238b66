"""Random markup of what confuses parsers, cleaned, and then read by Chromium's own: twice, as mutation XSS needs it."""

from __future__ import annotations

import json
import random

from playwright.sync_api import Page

from webmail.mail.html import Sanitised, document, sanitise
from webmail.mail.html.policy import TAGS

SEED, COUNT = 20261123, 1500
NAMES = """svg math mi mo mn ms mtext annotation-xml foreignObject desc title style script noscript template select
option optgroup table caption tr td th tbody form input textarea xmp iframe noembed noframes plaintext p div a b i font
img br hr body html head frameset frame object embed base meta link mglyph malignmark nobr button marquee details
summary dialog video audio source track isindex image li ul dl dd dt ruby rt rp h1 pre listing address center""".split()
ATTRIBUTES = (
    "href=javascript:pwn()", "href='java\tscript:pwn()'", 'href="&#106;avascript:pwn()"', "onclick=pwn()", "src=x",
    "src=//evil.example/x", 'style="background:url(//evil.example/x)"', "style='x:expression(pwn())'",
    "xlink:href=javascript:pwn()", 'id="</style><img src=x onerror=pwn()>"', 'title="--><img src=x onerror=pwn()>"',
    "title='</title><img src=x onerror=pwn()>'", 'alt="`><img src=x onerror=pwn()>"', "id=getElementById", "name=body",
    "encoding=text/html", "srcdoc='<script>pwn()</script>'", "shadowrootmode=open", "srcset='//evil.example/x 1x'",
    "background=//evil.example/x", "lang='x\" onload=pwn()'", 'dir="&quot;><img src=x onerror=pwn()>"',
    "href=\"https://a.example/'\\\"><img src=x onerror=pwn()>\"",
)  # fmt: skip
PIECES = (
    "x", "<!--", "-->", "--!>", "<![CDATA[", "]]>", "<?xml ?>", "<!doctype html>", "<!", "</", "<", "\x00", "\x0c",
    "&lt;img src=x onerror=pwn()&gt;", "&amp;lt;script&gt;", "\u2028", "<img src=x onerror=pwn()>", "</br>", "</p><p>",
    "<script>pwn()</script>", "</style>", "</title>", "</noscript>", "</template>", "</svg>", "</math>", "</table>",
    "&#x3c;script&#x3e;", "<a href='", '">', "'>", "<style>@import '//evil.example';*{background:url(//evil.example)}",
    '<style><!--</style><img title="--></style><img src=x onerror=pwn()>">',
    '<svg></p><style><a id="</style><img src=x onerror=pwn()>">',
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=pwn()&gt;">',
)  # fmt: skip
LOOK = """([documents, allowed]) => {
  const found = [], tags = new Set(allowed), parser = new DOMParser();
  documents.forEach((text, number) => {
    const page = parser.parseFromString(text, "text/html");
    const say = (what) => found.push([number, what]);
    for (const element of page.querySelectorAll("*")) {
      const name = element.localName;
      if (element.namespaceURI !== "http://www.w3.org/1999/xhtml") say("namespace " + name);
      if (!tags.has(name)) say("element " + name);
      if (name === "style" && element.parentNode !== page.head) say("style in the body");
      if (name === "style" && /url\\(|@import|@font|expression/i.test(element.textContent)) say("css");
      for (const { name: attribute, value } of element.attributes) {
        if (/^on|:|srcdoc|action|srcset|ping|slot|form/i.test(attribute)) say(name + " " + attribute);
        if (["href", "src", "background"].includes(attribute) && !/^(https?:|mailto:|tel:|#m-)/.test(value)) say(value);
        if (attribute === "style" && /url\\(|@|expression|\\\\/i.test(value)) say(value);
        if (attribute === "id" && !value.startsWith("m-")) say("id " + value);
      }
    }
    if (parser.parseFromString("<body>" + page.body.innerHTML, "text/html").body.innerHTML !== page.body.innerHTML)
      say("another tree at the second look");
  });
  return found;
}"""
OURS = {"html", "head", "body", "meta", "title", "style"}


def markup(chance: random.Random) -> str:
    out = []
    for _ in range(chance.randint(2, 14)):
        kind = chance.random()
        if kind < 0.5:
            name = "".join(c.upper() if chance.random() < 0.2 else c for c in chance.choice(NAMES))
            given = " ".join(chance.sample(ATTRIBUTES, chance.randint(0, 2)))
            out.append(f"<{name}{chance.choice(' /	')}{given}{chance.choice(('>', '>', '/>', ''))}")
        else:
            out.append(f"</{chance.choice(NAMES)}>" if kind < 0.7 else chance.choice(PIECES))
    return "".join(out)


def looked_at(page: Page, texts: list[str]) -> list[tuple[int, str]]:
    return [(number, what) for number, what in page.evaluate(LOOK, [texts, sorted(TAGS | OURS)])]


def test_the_look_sees_what_is_wrong(page: Page) -> None:
    chance = random.Random(SEED)
    raw = [document(Sanitised(markup(chance))) for _ in range(200)]
    assert len({number for number, _ in looked_at(page, raw)}) > 100


def test_nothing_mutates_into_script(page: Page) -> None:
    chance = random.Random(SEED)
    sources = [markup(chance) for _ in range(COUNT)]
    cleaned = [sanitise(source, inline=lambda _: None, proxy=lambda _: None) for source in sources]
    kept = [
        (source, clean)
        for source, clean in zip(sources, cleaned, strict=True)
        if isinstance(clean, Sanitised)
    ]
    assert len(kept) > COUNT * 0.9
    found = looked_at(page, [document(clean, title=source) for source, clean in kept])
    assert [(what, kept[number][0]) for number, what in found] == [], json.dumps(found[:5])
