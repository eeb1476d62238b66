"""The band, the football team, the family and the office: what the two do besides working."""

from __future__ import annotations

from ..people import ALLE, BAND, BAND_LIST, FAMILY, KARI, OLA, SOLVEIG, TEAM, TORE
from .office import PostOffice
from .script import perform, plays

SLOTS = {
    "stykke": ("«Fjellnatt»", "«Bruremarsj frå Nes»", "«Havblikk»", "«Gamle mester»", "«Vinterlys»"),
    "dag": ("måndag", "onsdag", "laurdag", "søndag"),
    "mat": ("lapskaus", "fiskegrateng", "rømmegraut", "pinnekjøt", "pannekaker"),
    "lag": ("Vik", "Hornelen", "Sandane", "Markane", "Jølster"),
    "klasse": ("gutar 10", "jenter 11", "gutar 12"),
    "ting": ("kjøleskapet", "sykkelen", "vedkløyvaren", "båtmotoren", "lampa i gangen"),
    "tur": ("Hornelen", "Blånipa", "Gjegnen", "Skåla", "Kattekveven"),
    "emne": ("kart i sanntid", "testdata", "vaktlista", "ny profil", "skjema utan passord"),
}

BAND_PLAYS = plays("""
== Øving {dag}: {stykke}
@leiar
Hei alle saman!

På øvinga {dag} går vi gjennom {stykke} frå takt 48 og ut. Messing møter kl. 18.30, resten kl. 19.00.
Hugs eigen kopp, det er slutt på pappkrus.

{frå}
@ein +2h
Eg kjem, men må gå kvart over åtte. Minstemann har treningskamp.
@to +5h
Kjem! Har nokon sett den grøne notemappa mi? Ho låg på pianoet sist.
== Kakeliste {dag}
@leiar
Hei!

Det er konsert {dag}, og kakelista er tom som ein fjordabåt i februar. Kven tek ei langpanne? Vi treng:

- tre langpanner
- to med noko utan gluten
- kaffi (40 koppar)

{frå}
@ein +1h
Eg tek sjokoladekake, stor.
@to +1h
Eg tek glutenfri eplekake, og lånar ut den store kaffitraktaren.
@eg +3h
Set meg på kaffi og éi langpanne. Har litt mjøl i gang.
== Uniformer
@leiar
Hei. Sju jakker er komne att frå reinseriet, to manglar knappar. Dei heng i skapet ved notearkivet. Prøv dykkar eiga
før {dag}, så rekk vi å byte.

{frå}
== Notar til {stykke}
@notar
Hei,

notane til {stykke} ligg no i arkivet, i alle stemmer. Andrekornett er omskriven i takt 12 til 20, den gamle utgåva kan
kastast. Ikkje kopier vidare, vi har løyve til tjue sett.

Per
""")

FAMILY_PLAYS = plays("""
== Middag {dag}?
@mor
Hei {til}!

Kjem du til middag {dag}? Det blir {mat}. Far har fått nye potetar frå Grete, dei er så gule at ein skulle tru det var
smør.

Klem frå mamma
@eg +2h
Hei mamma! Ja, eg kjem. Skal eg ta med noko?

Kari
@mor +20m
Berre deg sjølv. Og den boksen du lånte i haust.
== Kven har {ting}?
@bror
Du, er det du som har {ting}? Skulle ha henta noko på Nes i helga, og no er alt borte.

Anders
@eg +1d
Nei, det har far. Han seier at han «berre skulle sjå på det».
@bror +10m
Uff. Då ser vi det ikkje att før påske.
== Tur til {tur} i helga
@bror
Vêret ser bra ut {dag}. Skal vi ta {tur}? Eg køyrer, du smører på.
@eg +4h
Ja! Klokka åtte frå butikken. Eg tek brodder.
""")

TEAM_PLAYS = plays("""
== Kamp mot {lag} {dag}
@trenar
Hei foreldre.

Laget vårt, {klasse}, møter {lag} på heimebane {dag}. Oppmøte 45 minutt før.
Hugs leggskinn, drikkeflaske og litt tolmod.

{frå}
@eg +2h
Eg tek kiosken. Treng éin til som kan steikje vaflar.

Ola
@hjelpar +1h
Vaflar er mitt felt.
== Vaktliste for {dag}
@trenar
Kven kan ta nøklane {dag}? Garderoben skal vere låst innan åtte, elles får vi vaktmeisteren på nakken.

{frå}
@eg +6h
Eg tek det.
== Drakter
@hjelpar
Draktsekken luktar som ein gløymd matboks. Eg vaskar i kveld, men nokon må hente dei før {dag}.

{frå}
@eg +1h
Hentar på veg heim.
""")

OFFICE_PLAYS = plays("""
== Morgonmøte: {emne}
@solveig
God morgon.

På tavla i dag: {emne}, ein faktura som ikkje vil bli betalt, og kaffimaskina. Kvart over ni, møterommet.

Solveig
== Lunsj {dag}
@tore
Eg lagar {mat} på kontoret {dag}. Sei frå om du ikkje et det, så blir det brødskive på deg.

Tore
@eg +1h
Eg et alt!
== Kodegjennomgang: {emne}
@kollega
Hei {til},

eg har lagt ut ei grein om {emne}. Ho er stor, men halvparten er testar. Det eg er usikker på er om feilen skal seiast
til brukaren eller berre loggførast.

Ola
@eg +3h
Sei det til brukaren. Har lagt inn tre kommentarar, resten er fint. Du kan setje det inn når du er klar.

Kari
@kollega +30m
Inne! Takk.
""")


def deliver(office: PostOffice) -> None:
    leader, keeper = BAND[0], BAND[7]
    for round_ in range(7):
        for place, play in enumerate(BAND_PLAYS):
            one, two = BAND[1 + (round_ + place) % 6], BAND[1 + (round_ + place + 3) % 6]
            cast = {
                "leiar": leader,
                "notar": keeper,
                "ein": one,
                "to": two,
                "eg": OLA if round_ % 2 else KARI,
            }
            perform(
                office,
                play,
                cast=cast,
                start=office.day(5 + 23 * round_ + 6 * place),
                folder="Korpset",
                slots=SLOTS,
                list_=BAND_LIST,
                extra={"List-Id": "Nes musikklag <alle.nesmusikklag.example>"},
            )
    for round_ in range(7):
        folder = "INBOX" if round_ < 3 else "Familie"
        for place, play in enumerate(FAMILY_PLAYS):
            cast = {"mor": FAMILY[0]} if place == 0 else {"bror": FAMILY[1]}
            start = office.day(6 + 23 * round_ + 8 * place)
            perform(office, play, cast={**cast, "eg": KARI}, start=start, folder=folder, slots=SLOTS)
        for place, play in enumerate(TEAM_PLAYS):
            cast = {"trenar": TEAM[round_ % 2], "hjelpar": TEAM[2], "eg": OLA}
            start = office.day(5 + 21 * round_ + 7 * place)
            perform(
                office, play, cast=cast, start=start, folder="INBOX" if round_ < 2 else "Fotball", slots=SLOTS
            )
        for place, play in enumerate(OFFICE_PLAYS):
            speaker = ({"solveig": SOLVEIG}, {"tore": TORE}, {"kollega": OLA})[place]
            group = {"alle": ALLE, "ola": OLA} if place < 2 else {}
            start = office.day(4.5 + 19 * round_ + 6 * place)
            perform(
                office,
                play,
                cast={**speaker, "eg": KARI, **group},
                start=start,
                folder="INBOX" if round_ < 5 else "Archive",
                slots=SLOTS,
            )
