"""One huge thread in the band, and a mailing list of programmers."""

from __future__ import annotations

from datetime import timedelta

from ..letter import SEEN
from ..people import BAND, BAND_LIST, CODER_LIST, CODERS, KARI, OLA
from .office import PostOffice
from .script import perform, plays, quote

HUGE = 128
CAKES = (
    "sjokoladekake", "gulrotkake", "eplekake", "kvæfjordkake", "tilslørte bondepiker", "kringle", "havreflarn",
    "skulebollar", "lefse med kanelsmør", "rabarbrapai", "krumkaker", "goro", "sandkake", "pepparkaker",
    "blautkake", "brownie utan gluten", "nøttekake", "mandelstenger", "vestlandslefse", "sveler",
)  # fmt: skip
OFFERS = (
    "Eg tek {kake}.",
    "Då tek eg {kake}, så slepp vi to av same slag.",
    "Kan bake {kake}, men berre om nokon lånar meg ei langpanne.",
    "Set meg på {kake}. Stor.",
    "{Kake} frå meg, som i fjor. Det vart jo tomt før pausen.",
    "Eg ville ta {kake}, men ser at det alt er teke. Kva manglar?",
    "Mor mi tilbyr {kake}. Ho kan ikkje stoppast.",
    "Byter frå {kake} til noko enklare, det er travle dagar i fjøsen.",
)
ASIDES = (
    "Hugsar nokon kor termosane vart av?",
    "Eg kan hente nøkkelen på laurdag.",
    "Kan vi øve på {stykke} ein gong til før konserten?",
    "Ser at det er meldt snø, så ta med brodder til parkeringsplassen.",
    "Førti koppar kaffi er i minste laget om det kjem like mange som sist.",
    "Stolane må setjast ut før klokka fire.",
    "Presten spør om vi vil spele éin song til etterpå.",
    "Nokon må ta imot pengane i døra, og eg kan ikkje hovudrekning.",
    "Takk til alle som svarar. Lista veks!",
    "Er det lov med nøtter?",
    "Ja, men det må stå på lappen.",
    "Eg lagar lappar.",
    "Kva med servisen på kjøkenet, er han talt?",
    "Talt og funnen for lett: 63 koppar, 58 skåler.",
    "No er det så mange svar at eg ikkje finn lista mi att.",
    "Lista står nedst i den fyrste e-posten. Trur eg.",
    "Kan vi ikkje berre ha eit rekneark?",
    "Nei! Det var det vi hadde i fjor, og då kom det ni blautkaker.",
)
PIECES = ("«Vinterlys»", "«Deilig er jorden»", "«Fjellnatt»", "«Mitt hjerte alltid vanker»")

LIST_PLAYS = plays("""
== {pakke}: tips til store filer
@ein
Hei lista,

eg les filer på fleire gigabyte med {pakke}, og minnet veks til maskina gir seg. Finst det ein måte å strøyme på, utan
å skrive alt om?

Mvh
{frå}
@to +3h
Hei,

ja: les i bitar og gje dei vidare med ein generator. Eg har hatt glede av dette mønsteret:

    def bitar(fil, storleik=1 << 20):
        while bit := fil.read(storleik):
            yield bit

Då ligg minnet på nokre megabyte same kor stor fila er.

{frå}
@tre +5h
+1 på generator. Pass berre på at det du sender bitane til ikkje samlar dei opp att.
@ein +1d
Det gjekk! Frå 9 GB til 40 MB. Tusen takk.
== Vindauge 3.{versjon} ute
@ein
Versjon 3.{versjon} av biblioteket «vindauge» er ute. Det viktigaste:

  * raskare oppstart (om lag 30 prosent)
  * typane er no fullstendige
  * to feil med tidssoner er retta

Endringslista ligg på https://vindauge.example/endringar

{frå}
@to +2h
Gratulerer! Har kjørt testene våre mot den i dag, og alt er grønt.
== Kven kjem på møte i {by}?
@ein
Neste møte er i {by}, onsdag kl. 18. To korte føredrag: eitt om testing med eigenskapar og eitt om å lese andre sin
kode. Pizza etterpå.

Svar her, så veit eg kor mange det blir.
@to +1h
Kjem!
@tre +2h
Meg også. Skal eg ta med HDMI-adapter, eller er det ordnet?
@ein +4h
Ta gjerne med. Den vi har er frå same tid som Python 2.
== Is anyone using {pakke} in production?
@ein
Hi all (English so that everyone can join),

we are about to move a small service to {pakke}. It handles maybe fifty requests per second. Anything that bit you?

{frå}
@to +6h
Two years here. Pin your versions, read the changelog on Fridays and you will be fine.
@tre +1d
What they said. Also: set a timeout. On everything.
""")
LIST_SLOTS = {
    "pakke": ("csvkit", "lxml", "pandas", "sqlite-utils", "pyarrow", "ijson"),
    "versjon": ("2", "3", "4", "5", "6"),
    "by": ("Bergen", "Førde", "Sogndal", "Ålesund", "Stavanger"),
}


def deliver(office: PostOffice) -> None:
    _huge(office)
    for round_ in range(5):
        for place, play in enumerate(LIST_PLAYS):
            one, two, three = (CODERS[(round_ + place + step) % len(CODERS)] for step in (0, 2, 3))
            perform(
                office,
                play,
                cast={"ein": one, "to": two, "tre": three},
                start=office.day(2.2 + 33 * round_ + 8 * place),
                folder="Lister/Python-brukarar",
                slots=LIST_SLOTS,
                list_=CODER_LIST,
                extra=LIST_FIELDS,
            )


LIST_FIELDS = {
    "List-Id": "Norske python-brukarar <python.lister.example>",
    "List-Post": "<mailto:python@lister.example>",
    "List-Help": "<mailto:python-request@lister.example?subject=help>",
    "List-Unsubscribe": "<https://lister.example/python/av>,\r\n <mailto:python-leave@lister.example>",
    "List-Archive": "<https://lister.example/python/arkiv/>",
    "Precedence": "list",
    "Sender": "python-bounces@lister.example",
}


def _huge(office: PostOffice) -> None:
    """A tree rather than a chain: most answer the last one, some an older one, and the references say which."""
    random = office.random
    subject = "Julekonserten: kven tek med kva?"
    first = (
        "Hei alle!\n\nDå nærmar det seg julekonsert, og kaféen er vår viktigaste inntekt. Svar her på kva de tek "
        "med.\n\nVi treng minst tjue kaker, og eg lovar å føre lista.\n\nIngunn"
    )
    people = [*BAND[1:7], OLA, KARI]
    date = office.ago(days=19)
    chains: list[tuple[list[str], str]] = []
    for number in range(HUGE):
        speaker = BAND[0] if number % 17 == 0 else random.choice(people)
        if number == 0:
            text, chain, quoted = first, list[str](), ""
        else:
            chain, quoted = chains[-1] if random.random() < 0.7 else random.choice(chains)
            cake = random.choice(CAKES)
            line = random.choice(OFFERS if number % 3 else ASIDES)
            text = line.format(kake=cake, Kake=cake.capitalize(), stykke=random.choice(PIECES))
            if random.random() < 0.3:
                text += " " + random.choice(ASIDES).format(stykke=random.choice(PIECES))
            text += f"\n\n{speaker.first}"
        id_ = office.send(
            f"{text}\n\n{quoted}" if quoted and number % 4 else text,
            sender=speaker,
            to=[BAND_LIST],
            subject=f"Re: {subject}" if number else subject,
            date=date,
            folder="Korpset",
            flags=SEEN if number < HUGE - 3 else frozenset(),
            references=chain[-20:],
            extra={"List-Id": "Nes musikklag <alle.nesmusikklag.example>"},
            copies=[owner for owner in (KARI, OLA) if owner != speaker],
        )
        chains.append(([*chain, id_], quote(text, speaker, date)))
        date += timedelta(minutes=random.randint(8, 380))
