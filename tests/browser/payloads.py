"""Hostile mail: some of our own for every class in the threat list, and all of the corpora's where they lie.

`pwn(…)` is what a payload calls when it can run script; `canary.invalid` is what it asks for when it can load.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from tests.corpora import corpora_dir

CANARY = "https://canary.invalid"


@dataclass(frozen=True, slots=True)
class Payload:
    """`where` says what it is the content of: "html", "plain", "subject", a folder's name, … as in the corpora."""

    id: str
    content: str
    where: str = "html"
    source: str = "here"


SCRIPTS = (
    "<script>pwn(1)</script>",
    "<scr<script>ipt>pwn(1)</scr</script>ipt>",
    "<img src=x onerror=pwn(1)>",
    "<img src=x onerror\x00=pwn(1)>",
    "<img/src=x/onerror=pwn(1)//",
    "<img src=x alt='' alt=x onerror=pwn(1) onerror=pwn(2)>",
    "<image src=x onerror=pwn(1)>",
    "<svg onload=pwn(1)>",
    "<svg><script>pwn(1)</script></svg>",
    "<svg><a><animate attributeName=href values=javascript:pwn(1) /><text y=9>x</text></a></svg>",
    "<svg><set attributeName=onmouseover to=pwn(1)>",
    "<svg><style><img src=x onerror=pwn(1)></style></svg>",
    "<svg><![CDATA[><img src=x onerror=pwn(1)>]]></svg>",
    '<svg></p><style><a id="</style><img src=1 onerror=pwn(1)>">',
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=pwn(1)&gt;'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=pwn(1)>",
    "<math><mi xlink:href=javascript:pwn(1)>x</mi></math>",
    '<noscript><p title="</noscript><img src=x onerror=pwn(1)>">',
    '<textarea><p title="</textarea><img src=x onerror=pwn(1)>">',
    '<title><p title="</title><img src=x onerror=pwn(1)>">',
    '<xmp><p title="</xmp><img src=x onerror=pwn(1)>">',
    '<noembed><p title="</noembed><img src=x onerror=pwn(1)>">',
    "<template><img src=x onerror=pwn(1)></template>",
    "<div><template shadowrootmode=open><img src=x onerror=pwn(1)></template></div>",
    "<select><style></select><img src=x onerror=pwn(1)></style></select>",
    "<plaintext><img src=x onerror=pwn(1)>",
    "<!--><img src=x onerror=pwn(1)>-->",
    "<!--[if IE]><script>pwn(1)</script><![endif]--><!-- --!><img src=x onerror=pwn(1)>",
    "<?xml ><img src=x onerror=pwn(1)>?>",
    "<![CDATA[<img src=x onerror=pwn(1)>]]>",
    "<iframe srcdoc='<script>parent.pwn(1)</script>'></iframe>",
    "<iframe src=javascript:parent.pwn(1)></iframe>",
    "<object data='data:text/html,<script>parent.pwn(1)</script>'></object>",
    '<embed src=\'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" onload="parent.pwn(1)"/>\'>',
    "<a href=javascript:pwn(1)>x</a>",
    "<a href=' &#14; jav&Tab;ascript&colon;pwn(1)'>x</a>",
    "<a href='java\nscript:pwn(1)'>x</a>",
    "<a href='&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A&#x70wn(1)'>x</a>",
    "<a href='data:text/html;base64,PHNjcmlwdD5wd24oMSk8L3NjcmlwdD4='>x</a>",
    "<a href=vbscript:pwn(1)>x</a>",
    "<a href='https://x.invalid/\" onclick=\"pwn(1)'>x</a>",
    "<form action=javascript:pwn(1)><button autofocus onfocus=pwn(1)>x</button></form>",
    "<button formaction=javascript:pwn(1)>x</button>",
    "<isindex action=javascript:pwn(1) type=image>",
    "<details open ontoggle=pwn(1)>x</details>",
    "<body onload=pwn(1)><body class=\"a' onload=pwn(1) b='\">",
    "<body bgcolor='x\" onload=pwn(1) x=\"' background='\"><script>pwn(1)</script>'>",
    "<p style=\"x:'</style><script>pwn(1)</script>'\">x",
    "<style>a{b:'</style><img src=x onerror=pwn(1)>'}</style>",
    "<style>a{color:\\3c /style\\3e \\3cimg src=x onerror=pwn(1)\\3e}.\\3c /style\\3e{color:red}</style>",
    "<style>.a</style><img src=x onerror=pwn(1)>{color:red}</style>",
    "<p style='width:expression(pwn(1));behavior:url(#x);-moz-binding:url(//canary.invalid/x)'>x",
    "<a href=# title='<img src=x onerror=pwn(1)>' data-x='&lt;script&gt;pwn(1)&lt;/script&gt;'>x</a>",
    "<img src='cid:x&quot; onerror=pwn(1) y=&quot;'><img src=\"cid:<svg onload=pwn(1)>\">",
    "<img alt='&quot;><script>pwn(1)</script>' src=https://canary.invalid/a>",
    "<a href=https://evil.example>https://bank.example/<img src=x onerror=pwn(1)></a>",
    (
        "<a href='https://evil.example/&lt;script&gt;pwn(1)'>https://&lt;"
        "script&gt;pwn(1)&lt;/script&gt;.example</a>"
    ),
    "<table><td background='\" onload=pwn(1)'><font face='x&quot; onload=pwn(1)'>x</font></table>",
    "&lt;script&gt;pwn(1)&lt;/script&gt; &amp;lt;script&amp;gt;pwn(1)&amp;lt;/script&amp;gt;",
    (
        "\x1b$B<script>pwn(1)</script>\x1b(B \uff1cscript\uff1epwn(1)\uff1c/script\uff1e "
        "\ufeff<script>pwn(1)</script>"
    ),
    "</div></div></body></html><script>pwn(1)</script><html><body onload=pwn(1)>",
    "<xss id=x tabindex=1 onfocus=pwn(1) autofocus onanimationstart=pwn(1) style='animation:a 1s'>x</xss>",
    "<img name=documentElement><img id=body name=body><form id=documentElement><input name=style></form>",
    (
        "<div x-data x-init=pwn(1) hx-get=/x hx-on:load=pwn(1) "
        "data-bs-html=true>{{constructor.constructor('pwn(1)')()}}</div>"
    ),
)

LOADS = tuple(
    html.replace("CANARY", CANARY)
    for html in (
        "<img src=CANARY/a>",
        "<img src='//canary.invalid/a'><img src='\\\\canary.invalid\\a'><img src='/\\canary.invalid/a'>",
        (
            "<img src='ht\ntps://canary.invalid/a'><img src='https:canary.invalid/a'>"
            "<img src='https:////canary.invalid/a'>"
        ),
        (
            "<img srcset='CANARY/a 1x, CANARY/b 2x'><img src=x lowsrc=CANARY/c dynsrc=CANARY/d "
            "longdesc=CANARY/e>"
        ),
        "<picture><source srcset=CANARY/a><img src=CANARY/b></picture>",
        "<video poster=CANARY/a src=CANARY/b><source src=CANARY/c><track default src=CANARY/d></video>",
        "<audio autoplay src=CANARY/a></audio><bgsound src=CANARY/b>",
        (
            "<link rel=stylesheet href=CANARY/a><link rel=prefetch href=CANARY/b>"
            "<link rel=dns-prefetch href=CANARY>"
        ),
        "<link rel=preconnect href=CANARY><link rel=icon href=CANARY/c><link rel=manifest href=CANARY/d>",
        (
            "<meta http-equiv=refresh content='0;url=CANARY/a'>"
            "<meta http-equiv=Link content='<CANARY/b>;rel=stylesheet'>"
        ),
        "<base href=CANARY/><img src=a><a href=b>x</a>",
        (
            "<table background=CANARY/a><tr background=CANARY/b><td background=CANARY/c>x</table>"
            "<body background=CANARY/d>"
        ),
        "<div background=CANARY/a style='background:url(CANARY/b)'>x</div>",
        "<div style='background:\\75\\72\\6c(CANARY/a);background:u\\rl(CANARY/b)'>x</div>",
        (
            '<div style=\'background:image-set("CANARY/a" '
            "1x);background:-webkit-image-set(url(CANARY/b) 1x)'>x</div>"
        ),
        (
            "<div style='--a:url(CANARY/a);background:var(--a);content:url(CANARY/b);"
            "cursor:url(CANARY/c),auto'>x</div>"
        ),
        (
            "<div style='list-style:url(CANARY/a);border-image:url(CANARY/b);"
            "mask:url(CANARY/c);filter:url(CANARY/d)'>x</div>"
        ),
        "<div style='background:cross-fade(url(CANARY/a),url(CANARY/b));shape-outside:url(CANARY/c)'>x</div>",
        (
            "<div style='background:url(/**/CANARY/a)'>x</div>"
            "<div style='background:url(&quot;CANARY/b&quot;)'>x</div>"
        ),
        (
            "<div style='background:linear-gradient(red,url(CANARY/a))'>x</div>"
            "<div style='{background:url(CANARY/b)}'>x</div>"
        ),
        "<style>@import 'CANARY/a';@import url(CANARY/b);p{background:url(CANARY/c)}</style><p>x</p>",
        "<style>@font-face{font-family:e;src:url(CANARY/a)}*{font-family:e}</style>x",
        (
            "<style>@media all{p{background:url(CANARY/a)}}@supports(color:red){p{background:url(CANARY/b)}"
            "}</style><p>x</p>"
        ),
        (
            "<style>p{&{background:url(CANARY/a)}@media "
            "all{background:url(CANARY/b)}}p:hover,p{list-style-image:url(CANARY/c)}</style><p>x"
        ),
        (
            "<style>html:has(p){background:url(CANARY/a)}a[href^='h']{background:url(CANARY/b)}"
            "p::before{content:url(CANARY/c)}</style><p>"
        ),
        (
            "<style>p{background:\\75rl(CANARY/a)}p{background:ur/**/l(CANARY/b)}@\\69mport "
            "'CANARY/c';</style><p>x</p>"
        ),
        "<svg><image href=CANARY/a /><use href=CANARY/b#x /><feImage href=CANARY/c /></svg>",
        "<svg><style>*{background:url(CANARY/a)}</style><rect fill='url(CANARY/b#x)'/></svg>",
        "<math href=CANARY/a><mglyph src=CANARY/b></math>",
        "<iframe src=CANARY/a></iframe><frameset><frame src=CANARY/b></frameset><embed src=CANARY/c>",
        "<object data=CANARY/a><param name=movie value=CANARY/b></object><applet archive=CANARY/c></applet>",
        "<input type=image src=CANARY/a><button><img src=CANARY/b></button><form action=CANARY/c>",
        (
            "<img src='CANARY/a' width=0 height=0 loading=eager fetchpriority=high><dialog open>"
            "<img src=CANARY/b></dialog>"
        ),
        "<html manifest=CANARY/a><head profile=CANARY/b><body><p cite=CANARY/c><q cite=CANARY/d>x</q>",
        (
            '<img src=\'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg">'
            '<image href="CANARY/a"/></svg>\'>'
        ),
        (
            "<a ping=CANARY/a attributionsrc=CANARY/b href=https://x.invalid>x</a>"
            "<img attributionsrc=CANARY/c src=x>"
        ),
        (
            "<img src=/accounts/logout/><img src='?_task=logout'><img src=file:///etc/passwd>"
            "<img src=ftp://canary.invalid/a>"
        ),
        '<script type=speculationrules>{"prefetch":[{"urls":["CANARY/a"]}]}</script>',
    )
)

OVERLAYS = (
    "<div style='position:fixed;inset:0;background:#fff;z-index:99999'>sign in again</div>",
    "<div style='position:fixed!important;top:0!important;left:0!important;width:100vw;height:100vh'>x</div>",
    "<div style='pos\\69tion:absolute;top:-500px;left:-500px;width:200vw;height:200vh'>x</div>",
    "<div style='margin:-2000px;margin-top:calc(-1px * 900);translate:0 -999px;transform:scale(40)'>x</div>",
    "<style>*{position:fixed!important;inset:0}:root{--a:1}#sidebar,nav{display:none}</style><p>x</p>",
    "<style>:host,::part(x),::slotted(*){display:none}@layer a{p{position:sticky}}</style><p>x</p>",
    "<div style='height:99999999px;width:1e9px;font-size:9999px;line-height:99999;padding:100000%'>x</div>",
    "<a target=_top href=https://evil.example>x</a><a target=_parent href=//evil.example>x</a>",
    (
        "<meta http-equiv=refresh content='0;url=/elsewhere'><form action=/elsewhere target=_top>"
        "<input autofocus></form>"
    ),
    "<marquee>x</marquee><dialog open style='position:fixed'>x</dialog><div popover id=p>x</div>",
)


def own() -> Iterator[Payload]:
    for kind, group in (("script", SCRIPTS), ("load", LOADS), ("overlay", OVERLAYS)):
        for number, content in enumerate(group):
            yield Payload(f"{kind}-{number}", content)


def payloads(
    *, where: Collection[str] | None = None, sources: Collection[str] | None = None
) -> Iterator[Payload]:
    """Our own, then the corpora's rows; `where` and `sources` (a file's stem) choose among them.

    Rows that say nothing of where they belong are HTML.
    """
    for payload in own() if sources is None or "here" in sources else ():
        if where is None or payload.where in where:
            yield payload
    corpora = corpora_dir()
    for path in sorted((corpora / "xss").glob("*.jsonl")) if corpora else ():
        if sources is not None and path.stem not in sources:
            continue
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if where is None or row.get("where", "html") in where:
                yield Payload(row["id"], row["payload"], row.get("where", "html"), path.stem)
