"""From the charset a mail names to the codec that reads it: a closed table, so no foreign name reaches `codecs`."""

from __future__ import annotations

import re
from encodings.aliases import aliases
from functools import lru_cache

TEXT_CODECS = frozenset(
    "ascii big5 big5hkscs cp037 cp437 cp720 cp737 cp775 cp850 cp852 cp855 cp856 cp857 cp858 cp860 cp861 cp862"
    " cp863 cp864 cp865 cp866 cp869 cp874 cp932 cp949 cp950 cp1006 cp1125 cp1250 cp1251 cp1252 cp1253 cp1254"
    " cp1255 cp1256 cp1257 cp1258 euc_jis_2004 euc_jisx0213 euc_jp euc_kr gb18030 gb2312 gbk hp_roman8 hz"
    " iso2022_jp iso2022_jp_1 iso2022_jp_2 iso2022_jp_2004 iso2022_jp_3 iso2022_jp_ext iso2022_kr iso8859_1"
    " iso8859_2 iso8859_3 iso8859_4 iso8859_5 iso8859_6 iso8859_7 iso8859_8 iso8859_9 iso8859_10 iso8859_11"
    " iso8859_13 iso8859_14 iso8859_15 iso8859_16 johab koi8_r koi8_t koi8_u kz1048 latin_1 mac_arabic"
    " mac_croatian mac_cyrillic mac_farsi mac_greek mac_iceland mac_latin2 mac_roman mac_romanian mac_turkish"
    " ptcp154 shift_jis shift_jis_2004 shift_jisx0213 tis_620 utf_16 utf_16_be utf_16_le utf_32 utf_32_be"
    " utf_32_le utf_7 utf_8".split()
)

# Supersets that mail means when it names the smaller set, as browsers read them (WHATWG Encoding, 4.2).
WIDER = {
    "ascii": "",
    "latin_1": "cp1252",
    "iso8859_1": "cp1252",
    "iso8859_9": "cp1254",
    "iso8859_11": "cp874",
    "tis_620": "cp874",
    "shift_jis": "cp932",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "big5": "cp950",
    "iso2022_jp": "iso2022_jp_ext",
    "iso2022_jp_1": "iso2022_jp_ext",
    "iso2022_jp_2": "iso2022_jp_ext",
}

MULTIBYTE = frozenset(
    "cp932 cp949 cp950 big5hkscs gb18030 johab euc_jp euc_jis_2004 euc_jisx0213 shift_jis_2004 shift_jisx0213"
    " hz iso2022_jp_ext iso2022_jp_3 iso2022_jp_2004 iso2022_kr".split()
)

OTHER_NAMES = {
    "ansi": "cp1252",
    "default": "",
    "unknown": "",
    "unknown8bit": "",
    "usascii": "ascii",
    "ansix341968": "ascii",
    "iso646us": "ascii",
    "windows31j": "cp932",
    "ms932": "cp932",
    "mskanji": "cp932",
    "sjis": "cp932",
    "shiftjis": "cp932",
    "xsjis": "cp932",
    "cp943": "cp932",
    "cp943c": "cp932",
    "ms936": "gb18030",
    "windows936": "gb18030",
    "cp936": "gb18030",
    "cp54936": "gb18030",
    "euccn": "gb18030",
    "chinesesimplified": "gb18030",
    "xgbk": "gb18030",
    "gb2312charset": "gb18030",
    "gb231280": "gb18030",
    "hzgb2312": "hz",
    "windows949": "cp949",
    "ms949": "cp949",
    "ksc5601": "cp949",
    "ksc56011987": "cp949",
    "ksc56011989": "cp949",
    "ks56011987": "cp949",
    "korean": "cp949",
    "windows950": "cp950",
    "bigfive": "cp950",
    "xxbig5": "cp950",
    "chinesebig5": "cp950",
    "eucjp": "euc_jp",
    "eucjpms": "euc_jp",
    "cp51932": "euc_jp",
    "cp50220": "iso2022_jp_ext",
    "cp50221": "iso2022_jp_ext",
    "cp50222": "iso2022_jp_ext",
    "jis": "iso2022_jp_ext",
    "csiso2022jp": "iso2022_jp_ext",
    "iso2022jpesc": "iso2022_jp_ext",
    "iso2022jpms": "iso2022_jp_ext",
    "iso88598i": "iso8859_8",
    "iso88598e": "iso8859_8",
    "logical": "iso8859_8",
    "visual": "iso8859_8",
    "iso88596i": "iso8859_6",
    "iso88596e": "iso8859_6",
    "windows874": "cp874",
    "tis62025331": "cp874",
    "macintosh": "mac_roman",
    "mac": "mac_roman",
    "macroman": "mac_roman",
    "maccyrillic": "mac_cyrillic",
    "macukrainian": "mac_cyrillic",
    "macce": "mac_latin2",
    "maccentraleurroman": "mac_latin2",
    "koi": "koi8_r",
    "koi8": "koi8_r",
    "koi8ru": "koi8_u",
    "unicode11utf7": "utf_7",
    "unicode20utf7": "utf_7",
    "csunicode11utf7": "utf_7",
    "utf7imap": "utf_7",
    "cp65000": "utf_7",
    "cp65001": "utf_8",
    "unicode11utf8": "utf_8",
    "unicode20utf8": "utf_8",
    "utf8mac": "utf_8",
    "utf8mb4": "utf_8",
    "utf8n": "utf_8",
    "cesu8": "utf_8",
    "unicode": "utf_16",
    "iso10646ucs2": "utf_16",
    "ucs2": "utf_16",
    "ucs2be": "utf_16_be",
    "ucs2le": "utf_16_le",
    "cp1200": "utf_16_le",
    "cp1201": "utf_16_be",
    "ucs4": "utf_32",
    "iso10646ucs4": "utf_32",
}

_NOT_NAME = re.compile(r"[^a-z0-9]")


def _squeeze(name: str) -> str:
    return _NOT_NAME.sub("", name.lower())


_TABLE = {
    _squeeze(alias): WIDER.get(codec, codec) for alias, codec in aliases.items() if codec in TEXT_CODECS
}
_TABLE |= {_squeeze(codec): WIDER.get(codec, codec) for codec in TEXT_CODECS}
_TABLE |= {f"windows{n}": f"cp{n}" for n in range(1250, 1259)}
_TABLE |= {f"ibm{n}": f"cp{n}" for n in range(1250, 1259)}
_TABLE |= {name: WIDER.get(codec, codec) for name, codec in OTHER_NAMES.items()}


@lru_cache(maxsize=512)
def codec(charset: str) -> str:
    """The codec for a charset's name as mail spells it.

    "" where there is none that decodes text, and for US-ASCII: what is not ASCII must be guessed then.
    """
    name = _squeeze(charset[:80].partition("*")[0])
    for spelt in (name, name.removeprefix("3d"), name.removeprefix("x"), name.removeprefix("cs")):
        if spelt in _TABLE:
            return _TABLE[spelt]
    if name.startswith("utf8"):
        return "utf_8"
    for prefix in ("charset", "win", "windows", "cp", "iso"):
        rest = name.removeprefix(prefix)
        if rest != name:
            for spelt in (rest, f"windows{rest}", f"iso{rest}"):
                if spelt in _TABLE:
                    return _TABLE[spelt]
    return ""
