"""Which legacy charset unlabelled octets are in, from a sample that is not UTF-8."""

from __future__ import annotations

import re

from webmail.mail.charset_names import codec

_RUN = re.compile(rb"[\x80-\xff]+")
_KANA = re.compile("[\u3041-\u30fe]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_COMMON_GB = re.compile(rb"[\xb0-\xd7][\xa1-\xfe]")
_COMMON_BIG5 = re.compile(rb"[\xa4-\xc6][\x40-\x7e\xa1-\xfe]")
_LONG_ENOUGH = 64
_NORMALIZER_SAMPLE = 4_096


def guess(sample: bytes) -> str:
    """A codec's name that decodes `sample` with few or no errors; windows-1252 in doubt.

    Western text has single high octets among ASCII letters; other alphabets and CJK have runs of them.
    """
    runs = _RUN.findall(sample)
    high = sum(map(len, runs))
    in_runs = sum(len(run) for run in runs if len(run) > 2)
    found = _cjk(sample, runs)
    if not found and in_runs * 2 >= high:
        found = _cyrillic(runs)
    if found:
        return found
    return _normalizer(sample) if high >= _LONG_ENOUGH and in_runs * 5 >= high else "cp1252"


def _decoded(sample: bytes, name: str) -> str | None:
    try:
        return sample.decode(name)
    except UnicodeDecodeError as error:
        if error.start > len(sample) - 4:
            return sample[: error.start].decode(name, "replace")
    return None


def _cjk(sample: bytes, runs: list[bytes]) -> str:
    """By the characters that running text can't do without: kana, Hangul, the first levels of GB 2312 and Big5."""
    best, best_share = "", 0.3
    for name in ("euc_jp", "cp932"):
        share = _share(_decoded(sample, name), _KANA)
        if share > best_share:
            best, best_share = name, share
    if best_share < 0.9 and _share(_decoded(sample, "euc_kr"), _HANGUL) > max(0.9, best_share):
        best = "cp949"
    if best:
        return best
    for name, common in (("gb18030", _COMMON_GB), ("cp950", _COMMON_BIG5)):
        text = _decoded(sample, name)
        wide = sum(1 for char in text or "" if "\u3400" <= char <= "\u9fff")
        if text is None or wide < 2 or wide * 2 < sum(1 for char in text if char > "\x7f"):
            continue
        if name == "gb18030":
            usual = sum(len(common.findall(run)) for run in runs if len(run) % 2 == 0)
        else:
            usual = len(common.findall(sample))
        if usual >= wide * 0.7:
            return name
    return ""


def _share(text: str | None, needed: re.Pattern[str]) -> float:
    wide = sum(1 for char in text or "" if char > "\x7f")
    return len(needed.findall(text or "")) / wide if wide else 0.0


def _cyrillic(runs: list[bytes]) -> str:
    """KOI8-R and windows-1251 keep small letters in each other's place for capitals."""
    octets = b"".join(runs)
    letters = sum(1 for octet in octets if octet >= 0xC0)
    if letters * 10 < len(octets) * 9:
        return ""
    lower_1251 = sum(1 for octet in octets if octet >= 0xE0)
    return "cp1251" if lower_1251 * 2 >= letters else "koi8_r"


def _normalizer(sample: bytes) -> str:
    # Takes 3 MB, and is asked only about what nobody labelled and nothing above recognised.
    import charset_normalizer

    best = charset_normalizer.from_bytes(sample[:_NORMALIZER_SAMPLE], steps=4, chunk_size=512).best()
    return (codec(best.encoding) if best else "") or "cp1252"
