"""Where a link goes, where its text says it goes, and whether the two agree.

Browsers read an address more generously than RFC 3986: backslashes, missing slashes, tabs in the scheme,
percent signs and full-width letters in the host. What is emitted is rebuilt from its parts, so that what was
judged is what a browser follows (WHATWG URL, "4.4 URL parsing").
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import quote, unquote

from webmail.mail.html.policy import words

_STRIPPED = re.compile("[\t\n\r]")
_EDGES = "".join(map(chr, range(0x21))) + "\x7f\x85\xa0\ufeff\u2028\u2029"
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")
_WEB = re.compile(r"(https?):[/\\]*([^/\\?#]*)([/\\][^?#]*)?([?#].*)?", re.IGNORECASE | re.DOTALL)
_HOST = re.compile(
    r"(?=.{1,253}(?::|$))[a-z0-9_](?:[a-z0-9_-]{0,62})(?:\.[a-z0-9_](?:[a-z0-9_-]{0,62}))*\.?(?::[0-9]{0,5})?"
)
_IPV6 = re.compile(r"\[[0-9a-f:.]{2,45}\](?::[0-9]{0,5})?")
_UNSAFE = re.compile(
    "[\x00-\x20\"'<>\\\\`{}|^\x7f-\xa0\ud800-\udfff\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]"
)
_INVISIBLE = re.compile("[\xad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]")
_REVERSED = re.compile("[\u202d\u202e]")
_TEL = re.compile(r"tel:[+0-9().;=a-z*#-]{2,60}", re.IGNORECASE)
_MAILTO = re.compile(r"mailto:[^\x00-\x20\x7f]{0,2000}", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s@<>()\"',:;]{1,64}@([\w.-]{1,253})")
_SHOWN = re.compile(
    r"(?:(?P<scheme>https?):[/\\]{1,4}(?P<authority>[^\s/\\?#<>]{1,300})"
    r"|(?<![\w@./-])(?P<bare>(?:[\w-]{1,63}\.){1,8}[^\W\d_][\w-]{1,62})(?![\w@-]))",
    re.IGNORECASE,
)
_COMMON = words(
    "com net org edu gov mil int info biz name pro app dev xyz online shop site store club top bank live link"
    " click cloud email test example invalid localhost"
)
_NOT_COUNTRIES = words("js py md sh rs pl ps gz ai cc db so")
_LOOKALIKES = frozenset("асеорхуіјѕһԁԛԝԍӏαινορτυωκχ")

MAX_URL = 8000
MAX_TEXT = 4000


@dataclass(frozen=True, slots=True)
class Target:
    """`url` as it may stand in an `href`, `host` in ASCII ("" for `tel:`; the domain for `mailto:`)."""

    url: str
    host: str = ""
    address: str = ""
    international: bool = False
    deceptive: bool = False


def target(href: str) -> Target | None:
    """What `href` (entities decoded) leads to; None for relative, unknown, broken and overlong addresses."""
    href = _STRIPPED.sub("", href.strip(_EDGES))
    if len(href) > MAX_URL:
        return None
    scheme = _SCHEME.match(href)
    if href.startswith(("//", "\\\\", "/\\", "\\/")):
        href = "https:" + href
    elif scheme is None:
        return None
    kind = "https" if scheme is None else scheme.group(1).lower()
    if kind in ("http", "https"):
        return _web(href)
    if kind == "mailto":
        return _mailto(href)
    if kind == "tel":
        number = href.replace(" ", "").replace("\xa0", "")
        return Target("tel:" + number[4:]) if _TEL.fullmatch(number) else None
    return None


def web_address(url: str) -> str | None:
    """The address of a remote picture, rebuilt; None for what isn't http, https or `//host`."""
    found = target(url)
    return found.url if found and found.url.startswith("http") else None


def _web(href: str) -> Target | None:
    parts = _WEB.fullmatch(href)
    if parts is None:
        return None
    scheme, authority, path, rest = parts.groups()
    found = ascii_host(authority.rpartition("@")[2])
    if found is None:
        return None
    host, shown = found
    tail = _escape((path or "/").replace("\\", "/")) + _escape(rest or "")
    name = _without_port(host)
    international = "xn--" in name
    return Target(
        f"{scheme.lower()}://{host}{tail}",
        name,
        international=international,
        deceptive=international and _deceptive_host(_without_port(shown).rstrip(".")),
    )


def _mailto(href: str) -> Target | None:
    href = "mailto:" + _escape(href[7:].lstrip("/"))
    if not _MAILTO.fullmatch(href):
        return None
    address = unquote(href[7:].partition("?")[0])
    return Target(href, host=address.rpartition("@")[2].lower(), address=address.lower())


def _escape(text: str) -> str:
    return _UNSAFE.sub(lambda found: quote(found.group(), safe="", errors="replace"), text)


def _without_port(host: str) -> str:
    return host if host.endswith("]") else host.rpartition(":")[0] or host


def ascii_host(host: str) -> tuple[str, str] | None:
    """A host as it goes on the wire (with its port) and as it reads, or None where it is not a host name."""
    if "%" in host:
        host = unquote(host, errors="replace")
    host = _INVISIBLE.sub("", unicodedata.normalize("NFKC", host).replace("\u3002", ".")).lower()
    if _IPV6.fullmatch(host):
        return host, host
    name, colon, port = host.rpartition(":") if ":" in host else (host, "", "")
    try:
        wire = ".".join(_label(label) for label in name.split(".")) + colon + port
    except UnicodeError:
        return None
    if not _HOST.fullmatch(wire):
        return None
    return wire, ".".join(map(_read_label, wire.split(".")))


def _label(label: str) -> str:
    return label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii")


def _read_label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return label


def _deceptive_host(shown: str) -> bool:
    """A domain whose last label is in the letters of the rest hides nothing."""
    labels = shown.split(".")
    return labels[-1].isascii() and any(_deceptive(label) for label in labels)


def _deceptive(label: str) -> bool:
    """Whether a label mixes scripts that no language mixes, or is made only of letters that look Latin."""
    scripts = {unicodedata.name(letter, "?").split(" ", 1)[0] for letter in label if letter.isalpha()}
    scripts &= {"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"}
    if len(scripts) > 1:
        return True
    letters = {letter for letter in label if letter.isalpha()}
    return bool(letters) and not label.isascii() and letters <= _LOOKALIKES


def hosts_shown(text: str) -> list[str]:
    """The host names that a reader sees in `text`, in ASCII, without `www.`."""
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text[:MAX_TEXT]))
    hosts = []
    for found in _SHOWN.finditer(text):
        authority = found.group("authority")
        name = authority if authority is not None else found.group("bare")
        if authority is None and not _looks_like_host(name):
            continue
        host = ascii_host(name.rstrip(".,;:!)]}>'\"") if authority is None else _trim(name))
        if host is not None:
            hosts.append(_bare(_without_port(host[0])))
    return hosts


def _trim(authority: str) -> str:
    """An authority in running text shows what is before its `@` as if that were the host."""
    return authority.partition("@")[0].partition(":")[0].rstrip(".,;:!)]}>'\"")


def _looks_like_host(name: str) -> bool:
    labels = name.lower().rstrip(".").split(".")
    last = labels[-1]
    if labels[0] == "www" and len(labels) > 2:
        return True
    if last in _COMMON or not last.isascii():
        return True
    return len(last) == 2 and last.isalpha() and len(labels[-2]) > 1 and last not in _NOT_COUNTRIES


def _bare(host: str) -> str:
    return host.rstrip(".").removeprefix("www.")


def disagrees(text: str, goes: Target) -> str | None:
    """What to show beside a link whose `text` names another place than it goes to; None where all is well."""
    text = text if len(text) <= MAX_TEXT else text[: MAX_TEXT // 2] + " " + text[-MAX_TEXT // 2 :]
    if goes.address:
        shown = {found.group().lower() for found in _ADDRESS.finditer(text)}
        return goes.address if shown and goes.address not in shown else None
    if not goes.host:
        return None
    if goes.deceptive or _REVERSED.search(text):
        return goes.host
    host = _bare(goes.host)
    hosts = hosts_shown(text) + [found.group(1).lower() for found in _ADDRESS.finditer(text)]
    for shown in hosts:
        if not (host == shown or host.endswith("." + shown) or shown.endswith("." + host)):
            return goes.host
    return None
