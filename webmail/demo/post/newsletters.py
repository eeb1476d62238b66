"""Five newsletters: a wool shop, a museum, a digest for programmers, the local paper, and a mountain club."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ..letter import SEEN, Part, message_id, multipart, plain
from ..people import Person
from .newsletter_html import Brand, Story, as_text, button, column, grid, hero, page
from .office import PostOffice

_Entry = tuple[str, str, str]
_SERIF, _SANS = "Georgia, 'Times New Roman', serif", "Helvetica, Arial, sans-serif"
WOOL = Brand(
    "Ull & Vind", "ullogvind.example", "#2b2a28", "#f3efe8", "#8a4b2f", _SERIF, "nn", "Sjå heile kolleksjonen",
    "Ull & Vind, Strandgata 14, 6900 Fjordhamn. Du får dette fordi du har handla hos oss.", "Meld deg av",
    "Vis i nettlesaren",
)  # fmt: skip
MUSEUM = Brand(
    "Vestlandsmuseet", "vestlandsmuseet.example", "#1d2733", "#e9eef2", "#1f4e5f", _SERIF, "nn", "Planlegg besøket",
    "Vestlandsmuseet, Museumsvegen 2, 6900 Fjordhamn. Ope tysdag til søndag, 11 til 16.", "Meld deg av",
    "Les på nett",
)  # fmt: skip
DIGEST = Brand(
    "The Quiet Stack", "quietstack.example", "#15181c", "#eef0f3", "#2f3a8f", _SANS, "en", "Read on the web",
    "The Quiet Stack is written on Thursdays by two people and a kettle.", "Unsubscribe", "View in browser",
)  # fmt: skip
PAPER = Brand(
    "Fjordposten", "fjordposten.example", "#1a1a1a", "#f2f2f0", "#9b1c1c", _SERIF, "nn", "Les heile avisa",
    "Fjordposten, lokalavisa for heile fjorden sidan 1912. Ansvarleg redaktør: Oddny Bergheim.",
    "Stopp nyhendebrevet", "Opne i nettlesaren",
)  # fmt: skip
CLUB = Brand(
    "Turlaget", "turlaget.example", "#22302a", "#eef3ee", "#2d6a4f", _SANS, "nb", "Meld deg på",
    "Turlaget, Fjellveien 8. Du er medlem og får månedsbrevet vårt.", "Avslutt abonnementet", "Se i nettleser",
)  # fmt: skip

GARMENTS = (
    ("Genser «Havgule»", "Tjukk lammeull, strikka på Vestlandet", "1 490 kr"),
    ("Skjerf «Skodde»", "Mjuk alpakka i fire gråtonar", "590 kr"),
    ("Lue «Nordavind»", "Med fôr over øyra", "390 kr"),
    ("Ullteppe «Naust»", "Vove av norsk spælsau", "2 250 kr"),
    ("Sokkar «Stien»", "Forsterka hæl, tre par", "320 kr"),
    ("Vottar «Rim»", "Tova av to lag ull", "450 kr"),
    ("Kofte «Ålmenning»", "Knappar av horn", "1 890 kr"),
    ("Halsvarmar «Fjelltopp»", "Merino, lett nok til å springe i", "340 kr"),
)
SALES = (
    ("Haustkolleksjonen er her", "Fargane er henta frå lyngen, gråsteinen og fjorden ein grå oktoberdag."),
    ("Tre for to på sokkar", "Kalde golv? Denne veka får du det tredje paret med på kjøpet."),
    ("No strikkar vi til deg", "Vel storleik, farge og mønster, så er plagget ferdig på tre veker."),
    ("Garnet som nesten vart borte", "Vi møtte bonden som tok vare på den gamle spælsauen."),
    ("Vinteren i vindauget", "Nye vottar, varme teppe og gratis frakt ut helga."),
    ("Slik vaskar du ull", "Kort fortalt: sjeldnare enn du trur. Her er fem råd."),
)
EXHIBITIONS = (
    ("Båtbyggjarane", "Faring for faring: færingen frå stokk til sjø.", "Til 14. januar"),
    ("Lys over isen", "Fotografi frå eit breland som minkar.", "Opnar laurdag"),
    ("Stovene på flyttefot", "Fem stover, fire hundre år og svært mange lass.", "Fast utstilling"),
    ("Familiesøndag: brød i eldhuset", "Kom og bak flatbrød på takke saman med oss.", "Søndag kl. 12"),
    ("Føredrag: sildeåra", "Då fjorden var så full at ein kunne gå over.", "Torsdag kl. 19"),
    ("Kunst i kyrkjebåten", "Lyd og lys av tre unge kunstnarar.", "Ut månaden"),
)
LINKS = (
    ("SQLite, fifteen years on a shelf", "Why a library outlived three of our databases.", "9 min"),
    ("Queues you can explain", "A table, a lock and a timestamp go a long way.", "6 min"),
    ("The page that loads first", "Server-rendered HTML has never been out of date.", "4 min"),
    ("Postmortem: the clock that ran backwards", "One leap second and two confused schedulers.", "11 min"),
    ("Reading RFCs for pleasure", "Start with the old ones; they are short.", "7 min"),
    ("Naming things, again", "A name is the smallest piece of documentation.", "3 min"),
    ("Backups are restores", "What we learned from practising every month.", "8 min"),
    ("Small tools, sharp edges", "An ode to the twenty-line script.", "5 min"),
    ("Unicode in the wild", "Nine bugs, each from a real name.", "10 min"),
    ("Less JavaScript, more Friday", "We deleted a build step and nothing happened.", "4 min"),
)
NEWS = (
    ("Ny ferje alt før jul", "Fjordtrafikk lovar at elferja går i rute frå 18. desember.", "Samferdsle"),
    ("Rasfare på fylkesvegen", "Geologane følgjer med time for time, vegen er open med følgjebil.", "Vêr"),
    ("Korpset fekk nytt hus", "Etter tolv år i gymsalen får musikklaget eigne lokale.", "Kultur"),
    ("Laks på avvegar", "Elveeigarane ber folk melde frå om rømd oppdrettsfisk.", "Natur"),
    ("Snøballkast enda i prisutdeling", "Sjuandeklassingane bygde bygda si lengste snømur.", "Oppvekst"),
    ("Budsjettet: mindre til veg, meir til skule", "Sjå punkt for punkt kva formannskapet vil.", "Politikk"),
    ("Butikken på Nes er redda", "Over to hundre har kjøpt part i samvirkelaget.", "Næring"),
    ("Eplehausten vart den beste på ti år", "Sola i september gjorde utslaget.", "Landbruk"),
    ("Nordlys tre kveldar på rad", "Lesarane har sendt inn over hundre bilete.", "Lesarbilete"),
    ("Nes vann lokaloppgjeret", "2–1 etter mål på overtid i silregn.", "Sport"),
)
TRIPS = (
    ("Solnedgangstur til Hornet", "Lett tur for hele familien. Ta med hodelykt.", "Lørdag"),
    ("Kurs: ferdsel i vinterfjellet", "To kvelder inne og en dag ute.", "Fra 200 kr"),
    ("Dugnad på Breidablikhytta", "Ved skal hogges, vinduer skal kittes. Vi spanderer suppe.", "Søndag"),
    ("Kanopadling i skumring", "Vi låner ut båter og vester.", "Onsdag kl. 17"),
)


def deliver(office: PostOffice, owner: Person, *, folder: str = "INBOX") -> None:
    """Half a year of them, filed in `folder` after a month: the newest are in the inbox modules."""
    archive = folder
    for week in range(22):
        folder = "INBOX" if week < 4 else archive
        send(office, PAPER, owner, number=week + 1, date=office.day(3 + 7 * week), folder=folder)
        if week % 2 == 0:
            send(office, DIGEST, owner, number=week // 2 + 1, date=office.day(4 + 7 * week), folder=folder)
        if week % 4 == 1:
            send(office, WOOL, owner, number=week // 4 + 1, date=office.day(6 + 7 * week), folder=folder)
        if week % 5 == 2:
            send(office, MUSEUM, owner, number=week // 5 + 1, date=office.day(2 + 7 * week), folder=folder)
        if week % 4 == 3:
            send(office, CLUB, owner, number=week // 4 + 1, date=office.day(5 + 7 * week), folder=folder)


def send(
    office: PostOffice,
    brand: Brand,
    owner: Person,
    *,
    number: int,
    date: datetime,
    folder: str = "INBOX",
    flags: frozenset[str] = SEEN,
) -> None:
    subject, content = _issue(brand, number)
    local = {"quietstack.example": "hello", "fjordposten.example": "nyhende"}.get(brand.host, "post")
    sender = Person(brand.name, f"{local}@{brand.host}")
    extra = {
        "List-Id": f"{brand.name.encode('ascii', 'ignore').decode()} <nyhendebrev.{brand.host}>",
        "List-Unsubscribe": f"<https://{brand.host}/meld-av?nr={number}>,\r\n <mailto:meld-av@{brand.host}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Precedence": "bulk",
        "Feedback-ID": message_id(number, host=brand.host).strip("<>"),
    }
    office.send(
        content,
        sender=sender,
        to=[owner],
        subject=subject,
        date=date,
        folder=folder,
        flags=flags,
        extra=extra,
    )


def _issue(brand: Brand, number: int) -> tuple[str, Part]:
    if brand is WOOL:
        subject, preheader = SALES[number % len(SALES)]
        stories = [
            Story(title, text, price, f"varer/{(number * 3 + at) % 8}.jpg")
            for at, (title, text, price) in enumerate(_turned(GARMENTS, number * 3, 4))
        ]
        content = hero(brand, image=f"kampanje/{number}.jpg", title=subject, text=preheader)
        content += grid(brand, stories) + button(brand, link="nytt")
    elif brand is MUSEUM:
        picked = _turned(EXHIBITIONS, number, 3)
        subject, preheader = f"Denne månaden: {picked[0][0].lower()}", picked[0][1]
        stories = [
            Story(*entry, f"utstilling/{number + at}.jpg", "program") for at, entry in enumerate(picked)
        ]
        content = hero(brand, image=f"topp/{number}.jpg", title=picked[0][0], text=preheader)
        content += column(brand, stories) + button(brand, link="besok")
    elif brand is CLUB:
        picked = _turned(TRIPS, number, 3)
        subject, preheader = f"Ut på tur: {picked[0][0]}", picked[0][1]
        stories = [Story(*entry, link="tur") for entry in picked]
        content = hero(brand, image=f"tur/{number}.jpg", title="Bli med ut", text=preheader)
        content += column(brand, stories) + button(brand, link="pamelding")
    elif brand is DIGEST:
        picked = _turned(LINKS, number * 3, 5)
        subject, preheader = f"#{212 - number}: {picked[0][0]}", picked[0][1]
        stories = [Story(*entry, link=f"l/{number}") for entry in picked]
        content = column(brand, stories) + button(brand, link=f"issues/{212 - number}")
    else:
        picked = _turned(NEWS, number * 3, 4)
        subject, preheader = picked[0][0], picked[0][1]
        images = (f"2026/{number}.jpg", "", "", "")
        stories = [Story(*entry, image, "sak") for entry, image in zip(picked, images, strict=True)]
        content = column(brand, stories) + button(brand, link="avis")
    html = page(brand, title=subject, preheader=preheader, content=content, number=number)
    return subject, multipart(
        "alternative", plain(as_text(preheader, stories, brand)), plain(html, subtype="html")
    )


def _turned(rows: Sequence[_Entry], start: int, count: int) -> list[_Entry]:
    return [rows[(start + at) % len(rows)] for at in range(count)]
