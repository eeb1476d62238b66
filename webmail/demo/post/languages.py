"""Letters from the world, each in the charset and encoding that its sender's program might have chosen."""

from __future__ import annotations

from dataclasses import dataclass

from ..letter import multipart, plain
from ..people import KARI, OLA, Person
from .office import STARRED, PostOffice

FOLDER = "Archive/Verda"


@dataclass(frozen=True, slots=True)
class Note:
    name: str
    address: str
    subject: str
    text: str
    charset: str = "utf-8"
    encoding: str = "quoted-printable"


NOTES = (
    Note("Claire Fontaine", "claire@rivage.example", "Réservation confirmée : 14–17 juin",
         "Bonjour Kari,\n\nVotre chambre avec vue sur la mer est réservée du 14 au 17 juin. Le petit-déjeuner est "
         "servi "
         "de 7 h 30 à 10 h. Prévenez-nous si vous arrivez après 22 h : nous laisserons la clé chez le boulanger.\n\n"
         "À bientôt,\nClaire Fontaine\nHôtel du Rivage", "iso-8859-15"),
    Note("Jürgen Großmann", "j.grossmann@werft.example", "Angebot für zwölf Rettungswesten (überarbeitet)",
         "Sehr geehrte Frau Vestbø,\n\nanbei die überarbeitete Fassung. Die Lieferzeit verkürzt sich auf drei Wochen, "
         "weil die größeren Größen schon im Lager liegen.\n\nFür Rückfragen stehe ich gern zur Verfügung.\n\n"
         "Mit freundlichen Grüßen\nJürgen Großmann", "iso-8859-1", "8bit"),
    Note("Zuzanna Wójcik", "zuzanna@latarnia.example", "Zdjęcia z rejsu są już gotowe",
         "Cześć Kari!\n\nZdjęcia z rejsu wyszły przepięknie, zwłaszcza te o świcie. Wrzuciłam wszystkie do albumu. "
         "Żałuję tylko, że mgła nie puściła wcześniej.\n\nŚciskam,\nZuzanna", "iso-8859-2"),
    Note("田中 美咲", "misaki@minato.example", "来月の打ち合わせについて",
         "カリ様\n\nいつもお世話になっております。港町フェリーの田中です。\n\n来月の打ち合わせですが、十二日の午後はいかがでしょうか。"
         "資料は前日までにお送りします。\n\nよろしくお願いいたします。\n田中 美咲", "shift_jis", "base64"),
    Note("佐藤 健", "ken.sato@minato.example", "Re: 時刻表データの件",
         "カリさん\n\nデータを確認しました。平日の便はすべて合っています。日曜の最終便だけ五分ずれているようです。\n\n佐藤",
         "iso-2022-jp", "7bit"),
    Note("王小明", "xiaoming@haigang.example", "关于渡轮时刻表的问题",
         "您好，卡丽：\n\n我们正在做一个关于沿海渡轮的研究，想请教两个问题：第一，实时数据多久更新一次？"
         "第二，历史数据可以保存多长时间？\n\n谢谢！\n王小明", "gb18030", "base64"),
    Note("林雅婷", "yating@gangkou.example", "下週的視訊會議",
         "Kari 您好：\n\n下週三的視訊會議改到台北時間下午四點，也就是您那邊的上午九點。會議連結不變。"
         "\n\n雅婷", "big5", "base64"),
    Note("김서연", "seoyeon@hangguo.example", "노르웨이 여행 일정 문의",
         "안녕하세요, 카리 님.\n\n다음 달에 부모님과 함께 피오르를 보러 갑니다. 페리는 미리 예약해야 하나요? "
         "날씨가 좋은 날을 추천해 주시면 감사하겠습니다.\n\n김서연 드림", "euc-kr", "base64"),
    Note("Анна Петрова", "anna@gavan.example", "Фотографии маяков",
         "Здравствуйте, Кари!\n\nПосылаю обещанный список маяков. Самый красивый, по-моему, стоит на краю света: "
         "за ним только море и ветер.\n\nС тёплым приветом,\nАнна", "koi8-r", "8bit"),
    Note("Νίκος Παπαδόπουλος", "nikos@limani.example", "Το δρομολόγιο της Κυριακής",
         "Καλησπέρα Κάρι,\n\nτο δρομολόγιο της Κυριακής άλλαξε: το πλοίο φεύγει στις οκτώ και μισή. Ο καφές στο λιμάνι "
         "παραμένει ο ίδιος, δηλαδή εξαιρετικός.\n\nΝίκος", "iso-8859-7"),
    Note("ليلى منصور", "layla@mina.example", "شكرًا على الزيارة",
         "عزيزتي كاري،\n\nشكرًا جزيلًا على زيارتك الأسبوع الماضي. أعجبتنا الخريطة كثيرًا، وخاصة الطريقة التي تظهر بها "
         "السفن وهي تتحرك. هل يمكن أن نرى النسخة 2.0 في شهر مارس؟\n\nمع أطيب التحيات،\nليلى منصور", "utf-8", "base64"),
    Note("נועה לוי", "noa@namal.example", "תמונות מהנמל",
         "שלום קרי,\n\nמצורף קישור לתמונות מהנמל: https://namal.example/photos\nהרוח הייתה חזקה, אבל האור היה נהדר.\n\n"
         "להתראות,\nנועה", "utf-8", "base64"),
    Note("สมชาย ใจดี", "somchai@tharuea.example", "ขอบคุณสำหรับข้อมูลเรือ",
         "สวัสดีครับคุณคารี\n\nขอบคุณมากสำหรับข้อมูลตารางเรือ พวกเราชอบแผนที่แบบสดมาก "
         "เดือนหน้าเราจะลองทำที่ท่าเรือของเราบ้าง\n\nสมชาย", "utf-8", "base64"),
    Note("प्रिया शर्मा", "priya@samudra.example", "बैठक की पुष्टि",
         "नमस्ते कारी जी,\n\nगुरुवार सुबह दस बजे की बैठक पक्की है। मैं नए आँकड़े साथ लाऊँगी।\n\nप्रिया"),
    Note("Örn Þórsson", "orn@hofn.example", "Veðurspáin fyrir helgina",
         "Sæl Kari,\n\nveðurspáin er góð fyrir helgina. Við siglum út klukkan sjö og komum heim áður en myrkrið "
         "skellur "
         "á. Taktu með þér hlýja peysu.\n\nÖrn"),
    Note("Máret Sara", "maret@davvi.example", "Giitu veahki ovddas",
         "Bures Kari!\n\nGiitu veahki ovddas. Dál kárta čájeha buot báikenamaid riekta, maiddái daid main leat č, "
         "đ, ŋ, "
         "š, ŧ ja ž.\n\nDearvvuođat,\nMáret"),
    Note("Lucía Fernández", "lucia@faro.example", "¿Nos vemos en Bergen?",
         "¡Hola, Kari!\n\nLlego a Bergen el jueves por la mañana. ¿Tienes tiempo para un café? Prometo llevar "
         "turrón.\n\n"
         "Un abrazo,\nLucía", "windows-1252"),
    Note("Ayşe Yıldız", "ayse@liman.example", "Sunum için teşekkürler 🙏",
         "Merhaba Kari,\n\nsunum için çok teşekkürler. Öğrenciler özellikle gemilerin canlı haritasına bayıldı. "
         "🚢🗺️\n\nAyşe"),
    Note("Henrik Skov", "henrik@havn.example", "Mødet i Aarhus",
         "Hej Kari\n\nTak for sidst! Jeg har booket mødelokalet til kl. 10. Der er rundstykker.\n\nMange "
         "hilsner\nHenrik",
         "iso-8859-1"),
    Note("Emma Clarke", "emma@quayside.example", "Your talk in Newcastle 🎉",
         "Hi Kari,\n\nthe committee loved your proposal, so you're on! Thirty minutes, Friday after lunch, which "
         "is when "
         "people either sleep or ask good questions.\n\nCould you send a short bio and tell us if you need a "
         "left-handed lectern? (We have one. Nobody knows why.)\n\nBest,\nEmma"),
)  # fmt: skip


def deliver(office: PostOffice) -> None:
    for place, note in enumerate(NOTES):
        for owner, days in ((KARI, 8 + 6.5 * place), (OLA, 60 + 4 * place)):
            if owner is OLA and place % 3:
                continue
            office.send(
                plain(note.text, charset=note.charset, encoding=note.encoding),
                sender=Person(note.name, note.address),
                to=[owner],
                subject=note.subject,
                date=office.day(days),
                folder=FOLDER if place % 2 else "INBOX",
                flags=STARRED if place % 7 == 3 else frozenset({"\\Seen"}),
            )
    arabic = '<div dir="rtl"><h2>دعوة</h2><p>يسرنا دعوتكم إلى <b>معرض الملاحة</b> يوم الخميس.</p></div>'
    office.send(
        multipart("alternative", plain("دعوة إلى معرض الملاحة يوم الخميس.", encoding="base64"),
                  plain(arabic, subtype="html", encoding="base64")),
        sender=Person("معرض الملاحة", "maarad@mina.example"),
        to=[KARI],
        subject="دعوة: معرض الملاحة 2026 – Fjordhamn",
        date=office.day(31),
        folder=FOLDER,
    )  # fmt: skip
