"""Writing: what a person composes, its drafts and files, and where it goes once it is sent."""

from .answering import forward, reply
from .building import build, identity_of
from .checking import Check, Problem, check, everybody
from .composition import Attached, Composition, Origin, Received
from .discarding import discard, take_back
from .drafting import Saved, save_draft
from .editing import as_new, edit
from .filing import file_in_sent, mark_origins, remove_draft
from .resending import Resending, resend
from .rich import file_link
from .settling import settle
from .starting import new, signed_by
from .templates import Template, save_template, template, templates
from .uploads import Incoming, drop_upload, keep_on, open_upload, sweep_uploads, upload
from .words import Words

__all__ = [
    "Attached",
    "Check",
    "Composition",
    "Incoming",
    "Origin",
    "Problem",
    "Received",
    "Resending",
    "Saved",
    "Template",
    "Words",
    "as_new",
    "build",
    "check",
    "discard",
    "drop_upload",
    "edit",
    "everybody",
    "file_in_sent",
    "file_link",
    "forward",
    "identity_of",
    "keep_on",
    "mark_origins",
    "new",
    "open_upload",
    "remove_draft",
    "reply",
    "resend",
    "save_draft",
    "save_template",
    "settle",
    "signed_by",
    "sweep_uploads",
    "take_back",
    "template",
    "templates",
    "upload",
]
