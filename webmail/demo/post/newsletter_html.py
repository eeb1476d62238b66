"""The look of the newsletters: tables in tables and inline styles, as such mail is still made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True, slots=True)
class Story:
    """One item: `note` is a price, a date or a reading time."""

    title: str
    text: str
    note: str = ""
    image: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Brand:
    """Whose newsletter it is, and the words around it."""

    name: str
    host: str
    ink: str
    paper: str
    accent: str
    font: str
    language: str
    button: str
    footer: str
    unsubscribe: str
    in_browser: str


_FRAME = """<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"
 "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" lang="{language}"><head>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>
<style type="text/css">
body {{ margin:0; padding:0; background:{paper}; }}
img {{ border:0; display:block; max-width:100%; }}
a {{ color:{accent}; }}
@media only screen and (max-width:620px) {{ .wide {{ width:100% !important; }}
 .half {{ display:block !important; width:100% !important; }} }}
</style></head>
<body style="margin:0;padding:0;background-color:{paper};font-family:{font};color:{ink}">
<div style="display:none;font-size:1px;line-height:1px;max-height:0;overflow:hidden">{preheader}</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="{paper}"><tr>
<td align="center" style="padding:24px 12px">
<p style="margin:0 0 12px;font-size:12px;color:#767676"><a href="https://{host}/vis/{number}"
 style="color:#767676">{in_browser}</a></p>
<table role="presentation" class="wide" width="600" cellpadding="0" cellspacing="0" border="0" bgcolor="#ffffff"
 style="width:600px;max-width:600px;border-radius:6px;overflow:hidden">
<tr><td align="center" bgcolor="{accent}" style="padding:26px 24px;background-color:{accent}">
<a href="https://{host}/" style="color:#ffffff;text-decoration:none;font-size:28px;font-weight:bold;
letter-spacing:.06em">{name}</a></td></tr>
{content}
<tr><td style="padding:22px 30px;border-top:1px solid #e4e4e4;font-size:12px;line-height:18px;color:#767676"
 align="center">{footer}<br><a href="https://{host}/meld-av?nr={number}" style="color:#767676">{unsubscribe}</a>
</td></tr></table>
<img src="https://{host}/o/{number}.gif" width="1" height="1" alt="">
</td></tr></table></body></html>
"""


def page(brand: Brand, *, title: str, preheader: str, content: str, number: int) -> str:
    return _FRAME.format(
        language=brand.language,
        title=escape(title),
        preheader=escape(preheader),
        content=content,
        number=number,
        host=brand.host,
        name=escape(brand.name),
        ink=brand.ink,
        paper=brand.paper,
        accent=brand.accent,
        font=brand.font,
        footer=escape(brand.footer),
        unsubscribe=escape(brand.unsubscribe),
        in_browser=escape(brand.in_browser),
    )


def hero(brand: Brand, *, image: str, title: str, text: str) -> str:
    return (
        f'<tr><td><img src="https://bilete.{brand.host}/{image}" width="600" height="300" alt="{escape(title)}" '
        f'style="width:100%;height:auto;background-color:{brand.paper}"></td></tr>'
        f'<tr><td style="padding:26px 30px 8px"><h1 style="margin:0 0 10px;font-size:26px;line-height:32px">'
        f'{escape(title)}</h1><p style="margin:0;font-size:16px;line-height:25px">{escape(text)}</p></td></tr>'
    )


def button(brand: Brand, *, link: str, text: str = "") -> str:
    return (
        '<tr><td align="center" style="padding:18px 30px 30px"><table role="presentation" cellpadding="0" '
        f'cellspacing="0" border="0"><tr><td bgcolor="{brand.accent}" style="border-radius:4px;'
        f'background-color:{brand.accent}"><a href="https://{brand.host}/{link}" style="display:inline-block;'
        f'padding:12px 26px;color:#ffffff;text-decoration:none;font-weight:bold">{escape(text or brand.button)}</a>'
        "</td></tr></table></td></tr>"
    )


def grid(brand: Brand, stories: Sequence[Story]) -> str:
    """Two in a row, each with its picture and price."""
    cells = [
        f'<td class="half" width="50%" valign="top" style="padding:12px"><table role="presentation" width="100%" '
        f'cellpadding="0" cellspacing="0" border="0"><tr><td><img src="https://bilete.{brand.host}/{story.image}" '
        f'width="246" height="246" alt="{escape(story.title)}" style="width:100%;height:auto;'
        f'background-color:{brand.paper}"></td></tr><tr><td style="padding:10px 4px"><b style="font-size:16px">'
        f'{escape(story.title)}</b><br><span style="font-size:14px;line-height:21px">{escape(story.text)}</span><br>'
        f'<span style="font-size:16px;font-weight:bold;color:{brand.accent}">{escape(story.note)}</span></td></tr>'
        "</table></td>"
        for story in stories
    ]
    rows = "".join(f"<tr>{''.join(cells[at : at + 2])}</tr>" for at in range(0, len(cells), 2))
    return (
        '<tr><td style="padding:8px 18px"><table role="presentation" width="100%" cellpadding="0" cellspacing="0" '
        f'border="0">{rows}</table></td></tr>'
    )


def column(brand: Brand, stories: Sequence[Story]) -> str:
    """One below the other, with a rule between."""
    return "".join(
        '<tr><td style="padding:18px 30px;border-top:1px solid #ececec">'
        + (
            f'<img src="https://bilete.{brand.host}/{story.image}" width="540" alt="" '
            f'style="width:100%;height:auto;margin:0 0 12px;background-color:{brand.paper}">'
            if story.image
            else ""
        )
        + f'<h2 style="margin:0 0 6px;font-size:19px;line-height:25px"><a href="https://{brand.host}/{story.link}" '
        f'style="color:{brand.ink};text-decoration:none">{escape(story.title)}</a></h2>'
        f'<p style="margin:0 0 6px;font-size:15px;line-height:23px">{escape(story.text)}</p>'
        f'<span style="font-size:12px;color:#767676">{escape(story.note)}</span></td></tr>'
        for story in stories
    )


def as_text(preheader: str, stories: Sequence[Story], brand: Brand) -> str:
    items = "\n\n".join(
        f"* {story.title}" + (f" ({story.note})" if story.note else "") + f"\n  {story.text}"
        for story in stories
    )
    return f"{preheader}\n\n{items}\n\n--\n{brand.footer}\n{brand.unsubscribe}: https://{brand.host}/meld-av"
