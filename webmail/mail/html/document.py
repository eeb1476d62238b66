"""The reading frame's document and its policy.

The frame may have `allow-same-origin` and never `allow-scripts`. Same origin, because the page around it
measures the frame to give it its height, and because inline pictures are served only with the session cookie,
which a browser does not send from a document without an origin. With scripts off, in the frame's `sandbox`, in
the document's own `sandbox` and by `default-src 'none'`, an origin is of no use to what is inside.
"""

from __future__ import annotations

from html import escape

from webmail.mail.html.types import Sanitised

SANDBOX = "allow-popups allow-popups-to-escape-sandbox allow-same-origin"
"""For the `sandbox` attribute of the `<iframe>`, and in the document's own policy."""

MESSAGE = "ekorn-message"
"""The class of the element that holds the message where something of ours stands before it."""

_STYLE = """
html{color-scheme:light}
body{margin:0;padding:1rem;background:#fff;color:#1b1b1f;overflow-wrap:anywhere;
font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
img{max-width:100%}
table{overflow-wrap:normal}
pre{white-space:pre-wrap}
blockquote{margin:.5em 0;padding-left:1em;border-left:2px solid #c7c7cf}
a{color:#0b57c4}
@media (max-width:40rem){table{max-width:100%}}
.ekorn-blocked{display:inline-block;overflow:hidden;background:#f1f1f4;color:#55555f;font:.75rem/1.4 sans-serif;
outline:1px dashed #b4b4be;outline-offset:-1px}
.ekorn-paper{contain:paint}
"""


def document(content: Sanitised, *, title: str = "", lang: str = "", before: str = "") -> str:
    """The whole document for the frame (or for the print page).

    `before` is markup of our own, already safe, that goes ahead of the message: a print page's headers. The
    mail's rules are then scoped to the mail, so that they cannot hide or restyle what is ours (a browser too
    old for `@scope` leaves them out), and nothing of it is painted outside its paper: shadows, outlines and
    lines without height would reach up to the sender's name.
    """
    attributes = dict(content.body)
    language = f' lang="{escape(lang)}"' if lang and (before or "lang" not in attributes) else ""
    if before:
        attributes["class"] = f"{MESSAGE} {attributes.get('class', '')}".strip()
        message = f"<div{_written(attributes)}>{content.html}</div>"
        body = f'<body>{before}<div class="ekorn-paper">{message}</div></body>'
        own = f"@scope (.{MESSAGE}){{{content.stylesheet}}}"
    else:
        body = f"<body{_written(attributes)}>{content.html}</body>"
        own = content.stylesheet
    return (
        f'<!DOCTYPE html><html{language}><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style><style>{own}</style></head>{body}</html>"
    )


def _written(attributes: dict[str, str]) -> str:
    return "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())


def content_security_policy(*, frame_ancestors: str = "'self'", pictures: str = "'self'") -> str:
    """The `Content-Security-Policy` to send with `document`. The arguments are source lists of our own."""
    return (
        f"default-src 'none'; img-src {pictures}; style-src 'unsafe-inline'; form-action 'none'; "
        f"base-uri 'none'; frame-ancestors {frame_ancestors}; sandbox {SANDBOX}"
    )
