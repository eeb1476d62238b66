"""The mail of a small company's two customers: a ferry company and a council."""

from __future__ import annotations

from ..people import COUNCIL, FERRY, KARI, OLA
from .office import PostOffice
from .script import perform, plays

SLOTS = {
    "kai": ("Florneset", "Haugsbø", "Lote", "Anda", "Isane", "Stårheim", "Eidsvika", "Ytre Nes"),
    "båt": ("MF Havørn", "MF Teist", "MF Tjeld", "MS Oter"),
    "dag": ("måndag", "tysdag", "onsdag", "torsdag", "fredag"),
    "klokka": ("09.00", "10.30", "12.15", "13.00", "14.30"),
    "nr": ("4107", "4122", "4139", "4151", "4160", "4178", "4183"),
    "sum": ("48 500", "62 250", "31 000", "118 750", "27 900"),
    "stad": ("Vik sentrum", "Øvre Vik", "Hopland", "Framfjorden", "Arnafjord", "Fresvik"),
    "sak": ("skuleruter", "vatn og avlaup", "turstiar", "brøyting", "byggjeløyve", "symjehallen"),
    "veke": ("veke 6", "veke 9", "veke 14", "veke 23", "veke 35", "veke 41", "veke 46"),
}

FERRY_PLAYS = plays("""
== Sanntid på {kai} viser feil båt
@kunde
Hei {til}!

Skjermen på {kai} har vist {båt} sidan i går kveld, endå båten ligg på verkstad. Passasjerane trur at det går ei
ekstra avgang. Kan de sjå på det?

Helsing {frå}
@eg +40m
Hei {til}!

Takk for at du seier frå. Posisjonane kom inn med gammal båtkode, så skjermen fann aldri ut at ruta var bytt. Eg har
retta koplinga, og no står rett båt der. Seier du frå om du ser det same andre stader?

Kari
@kunde +2h
Supert, no stemmer det. Takk for snøgg hjelp!
== Ny rutetabell frå {dag}
@kunde
Hei!

Vedlagt i systemet ligg ny rutetabell for sambandet {kai}. Ho tek til å gjelde {dag}. Det er to endringar: siste
avgang om kvelden går tjue minutt seinare, og den fyrste på søndag fell bort.

Kan de leggje ho inn før helga, slik at appen er rett?

{frå}
@eg +3h
Hei {til}.

Tabellen er lagd inn og ligg klar. Han blir synleg i appen natt til {dag}. Eg la òg inn ei melding øvst på sida, så
slepp de å få spørsmål om kvelds-avgangen.

Kari
== Faktura {nr}
@kunde
Hei, vi manglar bestillingsnummer på faktura {nr} (kr {sum}). Kan de sende han på nytt med nummer FT-{nr}?
@eg +1d
Hei {til}!

Eg har bede Solveig sende faktura {nr} på nytt i dag, med FT-{nr} som referanse. Forfall er det same.

Kari
== Møte {dag} kl. {klokka}
@eg
Hei {til}!

Passar det med ein halvtime {dag} kl. {klokka}? Eg vil gjerne vise deg det nye kartet før vi set det ut i drift.

Kari
@kunde +5h
{dag} passar fint. Driftssjefen blir med, ho har spørsmål om {båt}.
@eg +1h
Bra! Då sender eg lenkje. Ta gjerne med ei liste over det som irriterer dykk mest, så tek vi det fyrste fyrst.
== Tal frå {veke}
@kunde
God morgon.

I {veke} hadde vi 18 prosent fleire reisande over {kai} enn same veke i fjor, og appen tolte det utan å blunke.
Kundesenteret fekk berre fire spørsmål om avgangar. Eg ville berre seie at det er lagt merke til.

Venleg helsing
{frå}
@eg +4h
Så hyggjeleg å høyre! Eg les det høgt på morgonmøtet.

Kari
== Nedetid natt til {dag}
@kunde
Hei,

vi byter brannmur natt til {dag}, mellom klokka 01 og 03. Posisjonar frå båtane kan falle ut i to periodar på om lag ti
minutt. De treng ikkje gjere noko, men no veit de kvifor det blinkar.

Driftssentralen
== Lyd på kaia: «{båt} er i rute»
@kunde
Hei Kari.

Blindeforbundet spør om opplesing av avgangar på {kai}. Kva ville det koste å få det til, og kor lang tid treng de?

{frå}
@eg +2d
Hei {til}!

Vi har teksten frå før, så det er mest høgtalaren og ein knapp som manglar. Eg reknar fire dagar på oss, pluss utstyr.
Eit grovt overslag er kr {sum}. Skal eg skrive det som eit tilbod?

Kari
@kunde +1d
Ja takk, gjer det. Vi tek det i leiargruppa {dag}.
""")

COUNCIL_PLAYS = plays("""
== Kartlag for {sak}
@kunde
Hei {til},

teknisk eining ynskjer eit eige kartlag for {sak} på innbyggjarsida. Vi har data i eit rekneark, men koordinatane er
skrivne på tre ulike måtar. Er det noko de kan rydde i?

Beste helsing
{frå}
Vik kommune
@eg +1d
Hei {til}!

Ja, det har vi gjort før. Send reknearket slik det er, så lagar vi eit lite program som les alle tre. De slepp å skrive
om noko. Fyrste utkast kan vere klart i løpet av ei veke.

Kari
@kunde +3h
Det var godt å høyre. Reknearket kjem i eigen e-post.
@eg +4d
No ligg kartlaget i testmiljøet. Elleve punkt hamna i fjorden, dei har eg lista opp nedst på sida. Ser du på dei?
@kunde +1d
Haha, eitt av dei ER i fjorden (badeplassen). Resten har eg retta.
== Innkalling: styringsgruppe {dag} kl. {klokka}
@kunde
Hei alle.

Eg kallar inn til møte i styringsgruppa {dag} kl. {klokka} på rådhuset, møterom Hopperstad.

1. Godkjenning av referat
2. Framdrift: {sak}
3. Økonomi
4. Ymse

Kaffi frå kvart på.

{frå}
@eg +2h
Eg kjem. Tek med tala for punkt 2.

Kari
== Referat frå {dag}
@kunde
Hei, og takk for eit godt møte.

Kort oppsummert:
- {sak}: de leverer ny versjon i {veke}
- universell utforming: vi bestiller test av tre innbyggjarar frå {stad}
- opplæring: to timar på rådhuset, dato kjem

Sei frå innan fredag om noko er feil attgjeve.

{frå}
== Innbyggjar frå {stad} får ikkje sendt skjema
@kunde
Hei,

ein innbyggjar frå {stad} får feilmelding når han sender inn skjemaet om {sak}. Det står berre «ugyldig verdi». Han
har prøvd tre gonger og er ikkje blid.

{frå}
@eg +30m
Hei!

Eg fann det: postnummeret byrja på null, og ein gammal kontroll gjorde det om til eit tal. Det er retta no. Vil du be
han prøve ein gong til, og hels frå oss?

Kari
@kunde +1h
No gjekk det. Han ba meg seie at han er blidare.
== Databehandlaravtale, revidert
@kunde
Hei {til}.

Juristen vår har gått gjennom databehandlaravtalen og har to merknader til punkt 7 (sletting) og ein til punkt 11
(underleverandørar). Eg foreslår at vi tek dei på telefon {dag} kl. {klokka}.

{frå}
@eg +6h
Det høyrest fint ut. Merknadene til punkt 7 er vi samde i, så det blir nok ein kort samtale.
== Vintervedlikehald i {veke}
@postmottak
Til leverandørar med utstyr i felt

I {veke} blir det saltprøver langs vegen ved {stad}. Målestasjonar kan vise avvik. Ta kontakt med teknisk eining om
de treng tilgjenge til skapa.

Dette er ein automatisk e-post. Svar går til postmottaket.
""")


def deliver(office: PostOffice) -> None:
    for round_ in range(4):
        for place, play in enumerate(FERRY_PLAYS):
            customer = FERRY[(place + round_) % 3] if "Nedetid" not in play.subject else FERRY[2]
            colleague = {"kollega": OLA} if (place + round_) % 3 == 0 else {}
            perform(
                office,
                play,
                cast={"kunde": customer, "eg": KARI, **colleague},
                start=office.day(6 + 41 * round_ + 5.7 * place),
                folder="Kundar/Fjordtrafikk" if round_ else "INBOX",
                slots=SLOTS,
            )
    for round_ in range(3):
        for place, play in enumerate(COUNCIL_PLAYS):
            colleague = {"kollega": OLA} if (place + round_) % 2 == 0 else {}
            automatic = "Vintervedlikehald" in play.subject
            speaker = {"postmottak": COUNCIL[2]} if automatic else {"kunde": COUNCIL[(place + round_) % 2]}
            perform(
                office,
                play,
                cast={**speaker, "eg": KARI, **colleague},
                start=office.day(9 + 50 * round_ + 7.3 * place),
                folder="Kundar/Vik kommune",
                slots=SLOTS,
            )
