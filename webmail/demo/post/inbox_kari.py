"""Kari's newest mail, and what lies in her Drafts and Trash."""

from __future__ import annotations

from datetime import timedelta

from ..letter import SEEN, Part, attached, compose, multipart, plain
from ..people import BAND, BAND_LIST, COUNCIL, FAMILY, FERRY, KARI, OLA, SOLVEIG, TORE, Person
from . import newsletters
from .documents import pdf, xlsx
from .invitations import invitation
from .office import ANSWERED, NORWAY, STARRED, UNREAD, PostOffice
from .pictures import chart, fjord
from .script import quote

FJORD = "Fjord Systemer"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def deliver(office: PostOffice) -> None:
    _today(office)
    _yesterday(office)
    _this_week(office)
    _drafts_and_trash(office)


def _mail(
    office: PostOffice,
    sender: Person,
    subject: str,
    content: str | Part,
    flags: frozenset[str] = SEEN,
    *,
    minutes: float = 0,
    hours: float = 0,
    references: tuple[str, ...] = (),
    extra: dict[str, str] | None = None,
) -> str:
    date = office.ago(minutes=minutes, hours=hours)
    if hours > 20:
        date = office.waking(date - timedelta(minutes=13 * len(subject) % 55))
    return office.send(
        content, sender=sender, to=[KARI], subject=subject, date=date, flags=flags, references=references,
        extra=extra or {},
    )  # fmt: skip


def _today(office: PostOffice) -> None:
    _mail(office, OLA, "Kartet går på skjermen i ferjekøen no!", _ferry_picture(), UNREAD, minutes=4)
    _mail(
        office, FERRY[0], "Kan vi ta nattavgangane på møtet i morgon?",
        "Hei Kari!\n\nEg ser at nattavgangane frå Lote ligg inne med feil farge i appen: grøne, endå dei berre går på "
        "førehandstinging. Tek vi det på møtet i morgon, eller er det gjort på to minutt?\n\nElles har eg berre godt å "
        "melde. Folk på kaia smiler til skjermen.\n\nHelsing Gunnhild", UNREAD, minutes=19,
    )  # fmt: skip
    _mail(
        office, FAMILY[0], "Sundagsmiddag, og ein ting til",
        "Hei vennen!\n\nKjem du sundag? Eg lagar komle, og far har hogge ved til heile gata. Ta gjerne med den raude "
        "langpanna, ho har vore hos deg sidan påske.\n\nKlem frå mamma", UNREAD, minutes=47,
    )  # fmt: skip
    newsletters.send(office, newsletters.PAPER, KARI, number=40, date=office.ago(minutes=65), flags=UNREAD)
    before = (
        "Hei Kari,\n\nkan du sjå over tilbodet til Vik kommune før eg sender det? Eg er usikker på punkt 4, "
        "der vi lovar svar innan fire timar.\n\nTore"
    )
    first = _mail(office, TORE, "Tilbodet til Vik kommune", before, ANSWERED, hours=3)
    answer = "Ser fint ut! Skriv «i arbeidstida» bak fire timar, så sov vi alle betre.\n\nKari"
    second = office.send(
        f"{answer}\n\n{quote(before, TORE, office.ago(hours=3))}", sender=KARI, to=[TORE],
        subject="Re: Tilbodet til Vik kommune", date=office.ago(hours=2), references=(first,),
    )  # fmt: skip
    _mail(
        office, TORE, "Re: Tilbodet til Vik kommune",
        multipart("mixed", plain("Godt innspel, no er det endra. Endeleg utgåve ligg ved, eg sender ho klokka to om "
                                 f"du ikkje ropar.\n\nTore\n\n{quote(answer, KARI, office.ago(hours=2))}"),
                  attached(_offer(), "application/pdf", "Tilbod Vik kommune v3.pdf")),
        frozenset({"\\Flagged"}), minutes=82, references=(first, second),
    )  # fmt: skip
    _invite(office)
    _mail(
        office, Person("GitVerk", "varsel@gitverk.example"), "[fjord/kart] Tests passed on main (#418)",
        "All 1 204 checks have passed.\n\n  main  7c1f2aa  Show night departures in grey\n  by Ola Nes, 2 minutes "
        "32 seconds\n\nView the run: https://gitverk.example/fjord/kart/418\n\n--\nYou get this because you watch "
        "fjord/kart.", hours=2.6,
        extra={"List-Id": "fjord/kart <kart.fjord.gitverk.example>", "Auto-Submitted": "auto-generated"},
    )  # fmt: skip
    _mail(
        office, Person("Emma Clarke", "emma@quayside.example"), "Slides by Friday? (No pressure. Some pressure.)",
        "Hi Kari,\n\nlovely to have you on the programme! The printers close on Friday, so if you could send me the "
        "slides by then I would be for ever grateful. A title and a rough shape would also do.\n\nThe room has a "
        "projector, two microphones and, as of last week, heating.\n\nBest,\nEmma", UNREAD, hours=4,
    )  # fmt: skip
    newsletters.send(office, newsletters.WOOL, KARI, number=0, date=office.ago(hours=5.2))
    office.send(
        "Hei alle!\n\nTakk for ei strålande øving i går. Neste gong tek vi «Vinterlys» frå takt 48, og "
        "slagverket får endeleg bruke den store tromma.\n\nHugs: kakelista til julekonserten er lang, men "
        "ikkje lang nok.\n\nIngunn",
        sender=BAND[0], to=[BAND_LIST], subject="Takk for sist, og litt om julekonserten", date=office.ago(hours=6.5),
        copies=[KARI, OLA], extra={"List-Id": "Nes musikklag <alle.nesmusikklag.example>"},
    )  # fmt: skip


def _yesterday(office: PostOffice) -> None:
    _mail(
        office, COUNCIL[0], "Opplæring på rådhuset: kven kjem?",
        "Hei Kari,\n\nvi er no tolv påmelde til opplæringa, og tre av dei har aldri late att ei nettlesarfane. Kan vi "
        "leggje inn ein halvtime med det heilt grunnleggjande fyrst?\n\nRommet er tinga frå klokka ni, og kantina "
        "lovar "
        "svele.\n\nBeste helsing\nMarit Lid\nVik kommune", STARRED, hours=22,
    )  # fmt: skip
    rows: list[tuple[str | int, ...]] = [
        ("Månad", "Reisande", "Avvik"),
        ("September", 41220, 12),
        ("Oktober", 38954, 9),
        ("November", 36710, 7),
    ]
    _mail(
        office, FERRY[1], "Tala for november",
        multipart("mixed", plain("Hei,\n\nher er tala de spurde etter. Legg merke til kolonna for avvik: ho går "
            "rett veg "
                                 "tre månader på rad.\n\nRune"),
                  attached(xlsx(rows), SHEET, "Reisande hausten 2026.xlsx"),
                  attached(chart((41, 39, 37, 44, 52, 58, 49)), "image/png", "reisande.png")),
        hours=23.5,
    )  # fmt: skip
    _mail(
        office, Person("Bokhandelen på torget", "post@bokhandelen.example"), "Boka di er komen",
        "Hei Kari Vestbø!\n\nBoka du tinga, «Lys i vindauga: kystens fyr og fyrvaktarar», ligg klar hos oss. Vi "
        "held ho "
        "av i fjorten dagar.\n\nOpe 10–17, laurdag 10–15.\n\nHelsing oss på torget", UNREAD, hours=25,
    )  # fmt: skip
    _mail(
        office, Person("田中 美咲", "misaki@minato.example"), "資料をお送りします",
        plain("カリ様\n\nお世話になっております。先日お話しした時刻表の資料が完成しました。来週の会議の前にご覧いただければ幸いです。"
              "\n\n田中 美咲", charset="iso-2022-jp", encoding="7bit"), hours=27,
    )  # fmt: skip
    _mail(
        office, SOLVEIG, "Reiserekning for Bergen manglar éi kvittering",
        "Hei!\n\nAlt er godkjent utanom taxien den 14. Har du kvitteringa, eller skal vi føre han som båt?\n\nSolveig",
        ANSWERED, hours=28,
    )  # fmt: skip
    newsletters.send(office, newsletters.DIGEST, KARI, number=0, date=office.ago(hours=29))
    _mail(
        office, Person("Anders Vestbø", "anders@heime.example"), "Hornelen laurdag?",
        "Det er meldt sol og tre minus. Eg køyrer, du har med termosen. Ja?\n\nAnders", frozenset(), hours=31,
    )  # fmt: skip


def _this_week(office: PostOffice) -> None:
    _mail(
        office, Person("Turlaget", "post@turlaget.example"), "Kvittering for medlemskap 2027",
        multipart("mixed", plain("Hei Kari!\n\nTakk for at du er medlem. Kvitteringa ligg ved.\n\nTurlaget"),
                  attached(pdf("Kvittering", ["Medlem: Kari Vestbø", "År: 2027", "Betalt: kr 795,00"]),
                           "application/pdf", "kvittering-2027.pdf")), hours=47,
    )  # fmt: skip
    _mail(
        office, COUNCIL[1], "Re: Postnummer som byrjar på null",
        "Hei,\n\ndet verkar no. Fire innbyggjarar har sendt inn skjemaet i dag, og alle bur i eit postnummer med null "
        "fremst. Takk for tolmodet.\n\nJon Arne", hours=50,
    )  # fmt: skip
    _mail(
        office, Person("Zuzanna Wójcik", "zuzanna@latarnia.example"), "Zdjęcia z Bergen 📷",
        "Cześć Kari!\n\nObiecałam zdjęcia z targu rybnego, więc oto one: https://latarnia.example/bergen\n\nNajlepsze "
        "jest to, na którym mewa kradnie mi kanapkę.\n\nUściski,\nZuzanna", hours=53,
    )  # fmt: skip
    _mail(
        office, OLA, "Kan du sjå på denne feilen?",
        "Hei,\n\neg finn ikkje ut av kvifor båten hoppar over fjorden akkurat klokka 03.00. Det skjer berre éin gong i "
        "året, så eg mistenkjer sommartida.\n\n    02:59:58  61.8712  5.2210\n    03:00:00  59.9139 10.7522\n\n"
        "Han er altså i Oslo i to sekund. Det er ei ferje.\n\nOla", STARRED, hours=56,
    )  # fmt: skip
    newsletters.send(office, newsletters.MUSEUM, KARI, number=0, date=office.ago(hours=71))
    _mail(
        office, Person("Straumverket", "kundesenter@straumverket.example"), "Faktura for oktober: kr 612,40",
        "Hei Kari Vestbø,\n\nfakturaen for oktober er klar. Du brukte 8 prosent mindre straum enn i oktober i fjor.\n\n"
        "Forfall: den 20.\nSum: kr 612,40\n\nHelsing Straumverket", hours=75,
    )  # fmt: skip
    _mail(
        office, Person("Tante Gudrun", "gudrun@heime.example"), "Oppskrifta på lefsene",
        "Kjære Kari.\n\nHer er ho, slik mor skreiv ho:\n\n  2 kg poteter, kokte og kalde\n  200 g smør\n  2 dl fløyte\n"
        "  så mykje mjøl som deigen «bed om»\n\nDet siste må ein kjenne i hendene. Ring om det klistrar seg.\n\nTante "
        "Gudrun", STARRED, hours=79,
    )  # fmt: skip
    _mail(
        office, Person("Claire Fontaine", "claire@rivage.example"), "Votre séjour en juin",
        plain("Bonjour Kari,\n\nc'est noté pour la chambre côté mer. Le boulanger d'en face ouvre à six heures ; nous "
              "préférons vous prévenir, car le parfum réveille tout l'hôtel.\n\nÀ très bientôt,\nClaire",
              charset="iso-8859-15"), hours=98,
    )  # fmt: skip
    _mail(
        office, Person("Parkeringstenesta", "ikkjesvar@parkering.example"), "Løyvet ditt går ut om 30 dagar",
        "Dette er ei automatisk melding. Løyvet for KV 12345 går ut om 30 dagar. Du kan fornye det på nett.",
        hours=101, extra={"Auto-Submitted": "auto-generated"},
    )  # fmt: skip


def _ferry_picture() -> Part:
    text = (
        "Hei!\n\nEg står på kaia på Lote, og her heng skjermen med kartet vårt. Båten kjem inn akkurat der han skal, "
        "og dama ved sida av meg sa «det var no på tide».\n\nBiletet er teke herifrå, i retning heim.\n\nOla"
    )
    html = "".join(f"<p>{line}</p>" for line in text.split("\n\n"))
    html += (
        '<p><img src="cid:kaia@fjord" width="480" height="270" alt="Fjorden i kveldssol, sett frå kaia"></p>'
    )
    related = multipart("related", plain(html, subtype="html"),
                        attached(fjord("kveld", phase=0.4), "image/png", "kaia.png", inline="kaia@fjord"))  # fmt: skip
    return multipart("alternative", plain(text), related)


def _offer() -> bytes:
    lines = [
        "Til Vik kommune",
        "",
        "1. Kart for innbyggjarar",
        "2. Skjema for vatn og avlaup",
        "3. Opplæring, to timar",
        "4. Svar innan fire timar i arbeidstida",
        "",
        "Samla pris: kr 118 750 eks. mva.",
        "",
        "Tore Indrebø, " + FJORD,
    ]
    return pdf("Tilbod, utgåve 3", lines)  # fmt: skip


def _invite(office: PostOffice) -> None:
    start = (office.now + timedelta(days=1)).astimezone(NORWAY).replace(hour=10, minute=0, second=0)
    date = office.ago(minutes=118)
    part = invitation(
        "Statusmøte om sanntidskartet. Gunnhild og Rune kjem innom oss, så rydd av bordet.", method="REQUEST",
        uid="statusmote-fjordtrafikk@fjord.example", title="Statusmøte: Fjordtrafikk", place="Møterommet, andre høgda",
        start=start, length=timedelta(hours=1), organiser=SOLVEIG, guests=[KARI, OLA, FERRY[0], FERRY[1]], made=date,
        rule="FREQ=WEEKLY;INTERVAL=2;COUNT=6",
    )  # fmt: skip
    office.send(part, sender=SOLVEIG, to=[KARI, OLA], cc=[FERRY[0], FERRY[1]], date=date, flags=UNREAD,
                subject="Invitasjon: Statusmøte, Fjordtrafikk")  # fmt: skip


def _drafts_and_trash(office: PostOffice) -> None:
    drafts: tuple[tuple[str, str, list[Person], float], ...] = (
        ("Framlegg til årsmøtet", "Hei styret,\n\neg vil gjerne melde inn ei sak om", [BAND[0]], 26),
        ("Re: Slides by Friday? (No pressure. Some pressure.)", "Hi Emma,\n\nthe title will be", [], 3),
        ("", "Hugs: langpanne, termos, brodder", [], 70),
    )
    for subject, text, to, hours in drafts:
        data = _draft(office, subject, text, to, hours)
        office.file(KARI, "Drafts", data, office.ago(hours=hours), frozenset({"\\Seen", "\\Draft"}))
    bin_ = (
        ("Takk for at du handla hos oss", "Kva synest du om kjøpet? Svar på tre spørsmål."),
        ("Pakken er levert", "Pakken din ligg i postkassa."),
        ("Eingongskode", "Koden din er 48 12 07. Han gjeld i fem minutt."),
        ("Vi har endra vilkåra", "Frå og med fyrste januar gjeld nye vilkår."),
        ("Stadfest e-postadressa di", "Trykk på lenkja under."),
    )
    for round_ in range(4):
        for place, (subject, text) in enumerate(bin_):
            shop = Person("Nettbutikken", "ikkjesvar@nettbutikk.example")
            office.send(
                text, sender=shop, to=[KARI], subject=subject, folder="Trash",
                date=office.day(2 + 3 * place + 17 * round_),
            )  # fmt: skip


def _draft(office: PostOffice, subject: str, text: str, to: list[Person], hours: float) -> bytes:
    return compose(plain(text), sender=KARI, to=to, subject=subject, date=office.ago(hours=hours),
                   id_=office.new_id("fjord.example"))  # fmt: skip
