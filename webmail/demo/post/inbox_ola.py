"""Ola's newest mail, and what lies in his Drafts and Trash."""

from __future__ import annotations

from ..letter import SEEN, Part, attached, compose, multipart, plain
from ..people import CODERS, FAMILY, FERRY, KARI, OLA, SOLVEIG, TEAM, TORE, Person
from . import newsletters
from .documents import pdf
from .office import ANSWERED, STARRED, UNREAD, PostOffice
from .pictures import fjord

NOTES: tuple[tuple[Person, str, str, frozenset[str], float], ...] = (
    (TEAM[0], "Kamp laurdag: vi manglar keeper",
     "Hei Ola!\n\nBåde Mathias og Elias er sjuke. Kan du spørje Jonas, eller må eg finne fram hanskane sjølv?\n\nTrude",
     UNREAD, 0.2),
    (FERRY[1], "Posisjonar med to sekund etterslep",
     ("Hei,\n\nvi måler no to sekund frå båt til skjerm. Det er bra nok for folk, men ikkje for "
     "måsane.\n\nRune"), UNREAD, 0.7),
    (FAMILY[3], "Hugs mjølk, og bleier",
     "Den store pakken. Og mjølk. Og noko godt, for det er onsdag i hjarta mitt.\n\nLiv", UNREAD, 1.6),
    (CODERS[1], "Re: Vindauge 3.5 og tidssoner",
     ("Hei Ola,\n\nfeilen din er funnen: vi la til ein time to gonger kvar haust. Takk for det vesle programmet "
     "som viste "
     "det, det er no ein test.\n\nAne"), STARRED, 3.1),
    (SOLVEIG, "Timelista for førre veke",
     "Hei! Du har ført 37,5 timar på «diverse». Kan du vere litt meir konkret?\n\nSolveig", ANSWERED, 5.4),
    (TORE, "Kaffimaskina",
     "Ho lever. Ho ville berre reinsast. Oppskrifta heng på veggen.\n\nTore", SEEN, 7.5),
    (Person("GitVerk", "varsel@gitverk.example"), "[fjord/kart] Review requested: night departures in grey (#417)",
     ("Kari Vestbø asked for your review.\n\n  2 files changed, 31 insertions, 9 deletions\n\n"
     "https://gitverk.example/fjord/kart/417"), SEEN, 9.0),
    (Person("Verkstaden", "post@verkstaden.example"), "Bilen er klar",
     "Hei Ola Nes.\n\nBilen er klar til henting. Vi skifta bremseklossar og fann to tennisballar.\n\nOpe til 16.30.",
     UNREAD, 21.0),
    (Person("Skulen", "kontakt@nesskule.example"), "Utviklingssamtale tysdag",
     ("Hei føresette.\n\nDe har fått time tysdag kl. 14.20. Eleven er med på samtalen.\n\nHelsing "
     "kontaktlæraren"), SEEN, 24.0),
    (TEAM[2], "Vafler i kiosken: rekneskap", ("Vi gjekk i pluss med 1 340 kroner og tom for "
        "syltetøy.\n\nSiv"), SEEN, 27.0),
    (Person("Jürgen Großmann", "j.grossmann@werft.example"), "Ersatzteile für den Bootsmotor",
     ("Guten Tag Herr Nes,\n\ndie Wasserpumpe ist ab Lager lieferbar; die Dichtung müssten wir bestellen. Dürfen wir "
     "beides zusammen schicken?\n\nMit freundlichen Grüßen\nJürgen Großmann"), SEEN, 30.0),
    (Person("Biblioteket", "lan@biblioteket.example"), "To bøker forfell i morgon",
     "«Reparer det sjølv» og «Norske fuglar» forfell i morgon. Du kan fornye på nett.", SEEN, 33.0),
    (FAMILY[3], "Bilete frå fjæra", "Sjå kva ho fann! Ein heil krabbe, og han var ikkje glad.\n\nLiv", STARRED, 46.0),
    (CODERS[3], "Talk idea?", ("Hi Ola,\n\nyour story about the ferry in Oslo at 3 am would make a great lightning "
        "talk. "
     "Five minutes, no slides?\n\nPriya"), SEEN, 52.0),
    (TEAM[1], "Snø på bana", "Kven har fres? Vi må vere ferdige til klokka ti.\n\nKjell Ivar", SEEN, 58.0),
    (Person("Straumverket", "kundesenter@straumverket.example"), "Faktura for oktober: kr 1 204,80",
     "Fakturaen for oktober er klar.\n\nForfall: den 20.\nSum: kr 1 204,80", SEEN, 76.0),
)  # fmt: skip


def deliver(office: PostOffice) -> None:
    for sender, subject, text, flags, hours in NOTES:
        content: Part | str = text
        if "fjæra" in subject:
            content = multipart(
                "mixed", plain(text), attached(fjord("morgon", phase=0.7), "image/png", "fjæra.png")
            )
        elif "Timelista" in subject:
            lines = ["Ola Nes", "Veke 46", "Diverse: 37,5 timar", "Sum: 37,5 timar"]
            content = multipart(
                "mixed", plain(text), attached(pdf("Timeliste", lines), "application/pdf", "timar.pdf")
            )
        office.send(
            content, sender=sender, to=[OLA], subject=subject, date=office.ago(hours=hours), flags=flags
        )
    office.send(
        "Hei!\n\nEg har lagt inn to merknader på kartet. Det eine er berre smak, det andre er ein feil.\n\nKari",
        sender=KARI, to=[OLA], subject="Merknader til kartet", date=office.ago(hours=2.2), flags=UNREAD,
    )  # fmt: skip
    paper, digest, club, museum = newsletters.PAPER, newsletters.DIGEST, newsletters.CLUB, newsletters.MUSEUM
    for brand, hours in ((paper, 1.1), (digest, 29.0), (club, 49.0), (museum, 71.0)):
        newsletters.send(office, brand, OLA, number=0, date=office.ago(hours=hours))
    data = compose(plain("Hei Solveig,\n\n«diverse» var"), sender=OLA, to=[SOLVEIG], subject="Re: Timelista for "
        "førre veke",
                   date=office.ago(hours=4), id_=office.new_id("fjord.example"))  # fmt: skip
    office.file(OLA, "Drafts", data, office.ago(hours=4), frozenset({"\\Seen", "\\Draft"}))
    for place, subject in enumerate(
        ("Pakken er levert", "Eingongskode", "Tilbod på dekk", "Vi har endra vilkåra")
    ):
        shop = Person("Nettbutikken", "ikkjesvar@nettbutikk.example")
        text = "Dette er ei automatisk melding. Du treng ikkje svare."
        office.send(
            text, sender=shop, to=[OLA], subject=subject, folder="Trash", date=office.day(2 + 5 * place)
        )
