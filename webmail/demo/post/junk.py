"""Harmless samples of hostile mail: all hosts are under .example or .invalid, and every script only writes a word."""

from __future__ import annotations

from ..letter import multipart, plain
from ..people import OWNERS, Person
from .office import UNREAD, PostOffice

HTML = (
    ("Banken din", "tryggleik@bamk.example", "Kontoen din er sperra",
     ('<h1>Kontoen din er sperra</h1><p>Stadfest at du er du:</p><p><a href="https://tjuv.invalid/logg-inn">'
     'https://www.bank.example/logg-inn</a></p><img src="https://sporing.invalid/o.gif?kven=deg" width="1" '
     'height="1">')),
    ("Pakkepost", "levering@pakke.invalid", "Pakken din ventar: betal 29 kr",
     ('<form action="https://tjuv.invalid/kort" method="post"><label>Kortnummer <input name="kort"></label>'
     '<button>Betal 29 kr</button></form><p>Pakken går i retur i dag.</p>')),
    ("Lucky Prize", "winner@prize.invalid", "YOU have WON a prize!!!",
     ("<script>document.title='skript'</script><p onclick=\"alert('klikk')\" onmouseover='alert(1)'>Click!</p>"
     '<a href="javascript:alert(1)">Claim your prize</a> <a href="jAvA&#x09;script:alert(1)">or here</a>'
     '<img src=x onerror="alert(1)"><svg onload="alert(1)"><a xlink:href="javascript:alert(1)">x</a></svg>')),
    ("Systemstyraren", "admin@fj0rd.example", "Sesjonen er utgått, logg inn på nytt",
     ('<style>body{margin:0}.lag{position:fixed;inset:0;background:#fff;z-index:99999}</style><div class="lag" '
     'style="position:fixed;top:0;left:0;width:100vw;height:100vh;background:#fff;z-index:99999"><h1>Logg inn</h1>'
     '<form action="https://tjuv.invalid/"><input type="password" name="p"><button>Logg inn</button></form></div>')),
    ("Meta Refresh", "go@refresh.invalid", "Du blir straks send vidare",
     ('<meta http-equiv="refresh" content="0;url=https://tjuv.invalid/"><base href="https://tjuv.invalid/">'
     '<iframe src="https://tjuv.invalid/ramme" srcdoc="<script>top.location=1</script>"></iframe>'
     '<object data="https://tjuv.invalid/x.swf"></object><embed src="https://tjuv.invalid/y.svg"><p>Vent litt …</p>')),
    ("Sporing AS", "post@sporing.invalid", "Berre eitt bilete",
     ('<table background="https://sporing.invalid/bg.png"><tr><td style="background:url(https://sporing.invalid/td.png)">'
     'Hei</td></tr></table><link rel="stylesheet" href="https://sporing.invalid/s.css"><style>@import '
     "'https://sporing.invalid/i.css';p{background:url(https://sporing.invalid/p.png)}</style><p>Takk for at du "
     "opna!</p>"
     '<img srcset="https://sporing.invalid/2x.png 2x" src="//sporing.invalid/a.png"><video poster='
     '"https://sporing.invalid/v.jpg"></video><input type="image" src="https://sporing.invalid/knapp.png">')),
    ("Fakturasentral", "faktura@kr3dit.example", "Siste purring på faktura 99107",
     ('<p>Faktura <b>99107</b> er forfallen.</p><a href="data:text/html,<script>alert(1)</script>">Opne faktura</a>'
     '<a href="vbscript:msgbox(1)">eller her</a><a href="https://bank.example@tjuv.invalid/">bank.example</a>'
     '<a href="https://xn--bnk-ula.example/">bånk.example</a>')),
    ("mXSS", "lab@mutasjon.invalid", "Mutert",
     ('<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">'
     '<noscript><p title="</noscript><img src=x onerror=alert(1)>"><form id="cookie"><input name="attributes">'
     "</form><textarea></textarea><template><script>alert(1)</script></template>")),
)  # fmt: skip
PLAIN = (
    ("Prince Okonkwo", "prince@kingdom.invalid", "Confidential business proposal",
     ("Dear friend,\n\nI write to you in utmost trust. A sum of 14.5 million is resting in a bank, and so am I.\n\n"
     "Kindly send your full name and your favourite cheese.")),
    ("SEO-ekspert", "rank@seo.invalid", "Eg såg nettsida dykkar",
     ("Hei,\n\neg såg nettsida dykkar og vart svært uroleg. Vi kan få dykk til topps på tre dagar.\n\n"
     "https://seo.invalid/tilbod?id=<script>alert(1)</script>")),
    ("Crypto Now", "moon@coin.invalid", "Only 3 hours left 🚀🚀🚀", "Buy high, sell low! www.coin.invalid"),
    ("Pillebutikken", "salg@piller.invalid", "Billige piller på nett", "Alt du ikkje treng, til halv pris."),
    ("Vinn ein tur", "vinn@lotteri.invalid", "Du er trekt ut!", "Du har ikkje teke lodd, men vann likevel."),
)  # fmt: skip


def deliver(office: PostOffice) -> None:
    for owner in OWNERS:
        for place, (name, address, subject, html) in enumerate(HTML):
            office.send(
                multipart("alternative", plain(f"{subject}\n\nVis som HTML."), plain(html, subtype="html")),
                sender=Person(name, address), to=[owner], subject=subject, date=office.day(1.6 + 2 * place),
                folder="Junk", flags=UNREAD, extra={"X-Spam-Flag": "YES"},
            )  # fmt: skip
        for round_ in range(4):
            for place, (name, address, subject, text) in enumerate(PLAIN):
                office.send(
                    text, sender=Person(name, address), to=[owner], subject=subject, folder="Junk", flags=UNREAD,
                    date=office.day(2.3 + 5 * place + 26 * round_), extra={"X-Spam-Flag": "YES"},
                )  # fmt: skip
