"""Mail of unusual make: each is something that a reader of mail has to know what to do with."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from email.utils import format_datetime

from ..letter import Part, attached, base64_lines, multipart, plain
from ..people import BAND, COUNCIL, FERRY, KARI, OLA, OWNERS, SOLVEIG, Person
from .documents import archive, docx, pdf, wav, xlsx
from .invitations import invitation
from .office import ANSWERED, STARRED, UNREAD, PostOffice
from .pictures import chart, fjord, gradient
from .tnef import tnef

FOLDER = "Archive"
POSTMASTER = Person("Mail Delivery System", "mailer-daemon@post.fjord.example")


def deliver(office: PostOffice) -> None:
    for owner in OWNERS:
        _files(office, owner)
        _structures(office, owner)
        _headers(office, owner)
        _calendar(office, owner)
    _large(office)


def _files(office: PostOffice, owner: Person) -> None:
    other = KARI if owner is OLA else OLA
    files = archive(
        {"les-meg.txt": "Alle bileta frå turen.\n", "fjord.png": fjord("dag"), "kveld.png": fjord("kveld")}
    )
    sheet = xlsx([("Hamn", "Lengd", "Breidd"), ("Florneset", 61.85, 5.2), ("Haugsbø", 61.9, 5.34)])
    office.send(
        multipart(
            "mixed",
            plain("Hei,\n\nher er alt i éin e-post: rapport, tal, notat og bilete.\n\nSolveig"),
            attached(pdf("Årsrapport", ["Omsetnad: 4,2 mill. kr", "Tilsette: 5", "Kaffi: 311 liter"]),
                     "application/pdf", "Årsrapport 2025 (endeleg).pdf"),
            attached(sheet, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "hamner.xlsx"),
            attached(docx(["Notat", "Dette er eit kort notat om hamnene."]),
                     "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "notat.docx"),
            attached(files, "application/zip", "bilete.zip"),
            attached(chart((12, 15, 11, 19, 24, 22, 27)), "image/png", "søyler.png"),
            attached(b"hamn;lengd;breidd\r\nFlorneset;61,85;5,20\r\n", "text/csv; charset=utf-8", "hamner.csv"),
        ),
        sender=SOLVEIG, to=[owner], subject="Alle vedlegga samla", date=office.day(16), folder=FOLDER, flags=STARRED,
    )  # fmt: skip
    winmail = tnef(
        "Referat frå styremøtet",
        "Hei,\n\nvedlagt er referatet.\n\nHelsing\nJon Arne",
        {"Referat frå styremøtet.pdf": ("application/pdf", pdf("Referat", ["Sak 1: godkjent", "Sak 2: utsett"])),
         "logo.png": ("image/png", gradient((31, 78, 95), (206, 232, 246)))},
        office.now - timedelta(days=24),
    )  # fmt: skip
    office.send(
        multipart("mixed", plain("Hei,\n\nvedlagt er referatet.\n\nHelsing\nJon Arne", charset="windows-1252"),
                  attached(winmail, "application/ms-tnef", "winmail.dat")),
        sender=COUNCIL[1], to=[owner], subject="Referat frå styremøtet", date=office.day(24), folder=FOLDER,
        extra={"X-MS-Has-Attach": "yes", "X-Mailer": "Microsoft Outlook 16.0"},
    )  # fmt: skip
    html = (
        '<p>Hei!</p><p>Slik såg det ut då vi kom inn fjorden:</p><p><img src="cid:dag@tur" alt="Fjorden om dagen" '
        'width="480"></p><p>Og slik då vi fór att:</p><p><img src="cid:kveld@tur" alt="Fjorden om kvelden" '
        'width="480"></p><p>Ha det bra så lenge!</p>'
    )
    text = plain("Hei!\n\nSlik såg det ut då vi kom inn fjorden, og slik då vi fór att.")
    related = multipart(
        "related",
        plain(html, subtype="html"),
        attached(fjord("dag"), "image/png", "dag.png", inline="dag@tur"),
        attached(fjord("kveld"), "image/png", "kveld.png", inline="kveld@tur"),
    )
    office.send(
        multipart("alternative", text, related), sender=other, to=[owner], subject="Bilete frå turen",
        date=office.day(13), folder=FOLDER, flags=STARRED,
    )  # fmt: skip


def _structures(office: PostOffice, owner: Person) -> None:
    inner = multipart("mixed", plain("Hei, sjå vedlagt avtale. Frist fredag.\n\nMarit"),
                      attached(pdf("Avtale", ["§ 1 Partane", ("§ 2 "
                          "Omfang")]), "application/pdf", "avtale.pdf"))  # fmt: skip
    when = format_datetime(office.ago(days=21))
    fields = (("From", f"Marit Lid <{COUNCIL[0].address}>"), ("To", owner.address), ("Subject", "Avtale til signering"),
              ("Date", when), ("Message-ID", "<avtale@vik-kommune.example>"), ("MIME-Version", "1.0"))  # fmt: skip
    nested = Part((("Content-Type", "message/rfc822"), ("Content-Disposition", "attachment")),
                  Part((*fields, *inner.fields), inner.body).octets())  # fmt: skip
    office.send(
        multipart("mixed", plain("Vidaresender heile e-posten som vedlegg, så ser du alt.\n\nSolveig"), nested),
        sender=SOLVEIG, to=[owner], subject="Fwd: Avtale til signering", date=office.day(20), folder=FOLDER,
    )  # fmt: skip
    signature = "-----BEGIN PGP SIGNATURE-----\n\niHUEABYKAB0WIQRla29ybiBkZW1vIHNpZ25hdHVyZQUCZ2Vrb3JuAAoJEA==\n=ekrn\n"
    office.send(
        multipart(
            "signed",
            plain("Hei,\n\ndenne e-posten er signert med OpenPGP.\n\nPriya"),
            attached(f"{signature}-----END PGP SIGNATURE-----\n".encode(), "application/pgp-signature", "signature.asc",
                     encoding="7bit"),
            params='; micalg=pgp-sha512; protocol="application/pgp-signature"',
        ),
        sender=Person("Priya Raman", "priya@python-brukarar.example"), to=[owner], subject="Nøkkelen min er fornya",
        date=office.day(33), folder=FOLDER,
    )  # fmt: skip
    signed = hashlib.sha512(b"ekorn").digest() * 24
    office.send(
        multipart("signed", plain("Vedtaket er signert elektronisk.\n\nPostmottak"),
                  attached(b"0\x82\x06\x00" + signed, "application/pkcs7-signature", "smime.p7s"),
                  params='; micalg=sha-256; protocol="application/pkcs7-signature"'),
        sender=COUNCIL[2], to=[owner], subject="Vedtak i sak 26/118", date=office.day(37), folder=FOLDER,
    )  # fmt: skip
    _bounce(office, owner)
    _read(office, owner)
    flowed = (
        "Hei! Denne teksten er skriven som format=flowed (RFC 3676), så linjene er \nbrotne mjukt og skal flyte "
        "saman til det er plass til dei på skjermen, \nsame om han er smal eller brei.\n\n"
        "> Og dette er eit sitat, som òg kan flyte over \n> fleire linjer.\n>> Eit sitat i sitatet.\n\n"
        "Fast linje.\nEi til.\n\n-- \nHåvard Lie\nhttps://python-brukarar.example/~havard"
    )
    office.send(
        plain(flowed, flowed=True), sender=Person("Håvard Lie", "havard@python-brukarar.example"), to=[owner],
        subject="Om linjer som flyt", date=office.day(28), folder=FOLDER,
    )  # fmt: skip


def _bounce(office: PostOffice, owner: Person) -> None:
    lost = "gunhild.saeter@fjordtrafikk.example"
    sent, text = office.ago(days=10, minutes=2), "Hei, her er tabellen."
    id_ = office.send(text, sender=owner, to=[Person("", lost)], subject="Ny rutetabell", date=sent)
    status = (
        "Reporting-MTA: dns; post.fjord.example\r\nArrival-Date: "
        f"{format_datetime(office.ago(days=10))}\r\n\r\nFinal-Recipient: rfc822; {lost}\r\nAction: failed\r\n"
        "Status: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\r\n"
    )
    original = f"From: {owner.address}\r\nTo: {lost}\r\nSubject: Ny rutetabell\r\nMessage-ID: {id_}\r\n\r\n{text}\r\n"
    words = f"The mail system could not deliver your message.\n\n<{lost}>: 550 5.1.1 User unknown"
    report = multipart(
        "report",
        plain(words, charset="us-ascii", encoding="7bit"),
        Part((("Content-Type", "message/delivery-status"),), status.encode()),
        Part((("Content-Type", "message/rfc822"),), original.encode()),
        params="; report-type=delivery-status",
    )
    office.send(
        report, sender=POSTMASTER, to=[owner], subject="Undelivered Mail Returned to Sender", date=office.day(10),
        folder=FOLDER, extra={"Auto-Submitted": "auto-replied", "Return-Path": "<>"},
    )  # fmt: skip


def _read(office: PostOffice, owner: Person) -> None:
    """The receipt for a letter that asked for one."""
    sent = office.ago(days=12, hours=3)
    id_ = office.send(
        "Hei Solveig,\n\nsei frå når du har lese dette.", sender=owner, to=[SOLVEIG], subject="Nøklane til Loftet",
        date=sent, extra={"Disposition-Notification-To": owner.address},
    )  # fmt: skip
    notice = (
        f"Final-Recipient: rfc822; {SOLVEIG.address}\r\nOriginal-Message-ID: {id_}\r\n"
        "Disposition: manual-action/MDN-sent-manually; displayed\r\n"
    )
    report = multipart(
        "report",
        plain("Meldinga er vist for mottakaren."),
        Part((("Content-Type", "message/disposition-notification"),), notice.encode()),
        params="; report-type=disposition-notification",
    )
    office.send(
        report, sender=SOLVEIG, to=[owner], subject="Lesen: Nøklane til Loftet", date=office.ago(days=12),
        folder=FOLDER, references=(id_,),
    )  # fmt: skip


def _headers(office: PostOffice, owner: Person) -> None:
    long = "Vedkomande høyringa om ny fartsgrense, kryssande ferjeleier, skiltplan, omkøyring og " * 4
    everybody = [
        Person(f"Deltakar nr. {number}", f"deltakar{number}@kurs.example") for number in range(1, 181)
    ]
    other = KARI if owner is OLA else OLA
    receipt = {"Disposition-Notification-To": SOLVEIG.address}
    high = {"X-Priority": "1", "Importance": "high"}
    odd: tuple[tuple[Person, str | None, str, list[Person], dict[str, str]], ...] = (
        (COUNCIL[1], long.strip(), "Sjå emnefeltet.\n\nJon Arne", [owner], {}),
        (BAND[2], None, "Gløymde emnet, men du skjønar nok: notane ligg i gangen.\n\nÅse Marie", [owner], {}),
        (BAND[3], "", "Eg òg.\n\nBjørn", [owner], {}),
        (
            Person("Kursleiar", "kurs@kurs.example"),
            "Velkomne til kurs!",
            "Hei alle 181!",
            [*everybody, owner],
            {},
        ),
        (SOLVEIG, "Sei frå når du har lese dette", "Eg ber om kvittering.\n\nSolveig", [owner], receipt),
        (FERRY[2], "HASTAR: stengt kai", "Kaia er stengd til klokka 14 grunna høg sjø.", [owner], high),
        (
            other,
            "🐿️ Ekorn på trappa 🌰🍂",
            "Han sat der i fem minutt og stirde på meg. 🐿️\n\nEmoji: 👩‍💻🏔️🇳🇴",
            [owner],
            {},
        ),
        (
            Person("", "noreply@system.example"),
            "Passordet ditt går ut om 14 dagar",
            "Automatisk melding.",
            [owner],
            {},
        ),
        (
            Person("Lid, Marit (Vik kommune)", COUNCIL[0].address),
            "Namn med komma og parentes",
            "Test.",
            [owner],
            {},
        ),
    )
    for place, (sender, subject, text, to, extra) in enumerate(odd):
        office.send(
            text, sender=sender, to=to, subject=subject, date=office.day(7 + 4 * place), folder=FOLDER, extra=extra,
            flags=ANSWERED if place == 4 else frozenset({"\\Seen", "$label1", "oppfolging"}),
        )  # fmt: skip
    raw = (
        f"Date: {format_datetime(office.ago(days=41))}\r\nSubject: Ingen står som avsendar\r\n"
        "X-Note: rå UTF-8 i emnet, og verken From, To eller Message-ID\r\n\r\nHei frå ingen.\r\n"
    )
    office.file(owner, FOLDER, raw.encode(), office.ago(days=41))
    hidden = (
        "From: Korpset <styret@nesmusikklag.example>\r\nTo: undisclosed-recipients:;\r\nSubject: Dugnad\r\n"
        f"Date: {format_datetime(office.ago(days=43))}\r\nMessage-ID: <dugnad@nesmusikklag.example>\r\n"
        "\r\nTil alle!\r\n"
    )
    office.file(owner, FOLDER, hidden.encode(), office.ago(days=43))
    broken = (
        b"From: =?utf-8?B?SGFsdnQ?= <halvt@odd.example>\r\nTo: noen\r\nSubject: =?iso-8859-1?Q?Kl=F8nete_emne?=\r\n"
        b"Date: i fjor haust\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=brest\r\n\r\n--brest\r\n"
        b"Content-Type: text/plain; charset=ukjend-8\r\nContent-Transfer-Encoding: base64\r\n\r\nSGVpISBTbHV0dGVu"
        b"IG1hbmdsYXI=\r\n--brest\r\nContent-Type: image/png; name=\"halvt.png\"\r\n\r\n\r\n"
    )  # fmt: skip
    office.file(owner, FOLDER, broken, office.ago(days=47), UNREAD)


def _calendar(office: PostOffice, owner: Person) -> None:
    start = (office.now + timedelta(days=8)).replace(hour=9, minute=15, second=0)
    common = {
        "uid": f"mote-{owner.first}@fjord.example",
        "title": "Vekemøte",
        "place": "Møterommet, andre høgda",
    }
    for method, subject, days in (
        ("REQUEST", "Invitasjon: Vekemøte", 15),
        ("CANCEL", "Avlyst: Vekemøte", 11),
    ):
        date = office.day(days)
        part = invitation(
            "Vi går gjennom veka, ein halvtime.", method=method, start=start, length=timedelta(minutes=30),
            organiser=SOLVEIG, guests=list(OWNERS), made=date, rule="FREQ=WEEKLY;BYDAY=MO;COUNT=12", **common,
        )  # fmt: skip
        office.send(part, sender=SOLVEIG, to=[owner], subject=subject, date=date, folder=FOLDER)


def _large(office: PostOffice) -> None:
    sound = wav(175)
    part = attached(b"", "audio/x-wav", "øving-heile-kvelden.wav")
    office.send(
        multipart("mixed", plain("Opptak av øvinga, litt stort dessverre. Høyr på takt 48!\n\nSverre"),
                  Part(part.fields, base64_lines(sound))),
        sender=BAND[1], to=list(OWNERS), subject="Opptak frå øvinga (10 MB)", date=office.day(9), folder="Korpset",
    )  # fmt: skip
