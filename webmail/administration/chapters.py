"""How the admin's lists are grouped: by what one looks for, not by which package keeps it."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

CHAPTERS: Final = (
    (gettext_noop("People"), ("Person", "Session", "SignInEvent", "Tries")),
    (gettext_noop("Mail"), ("MailDomain", "Outgoing", "Instance", "Holding")),
    (gettext_noop("Administration"), ("Group", "LogEntry")),
)
# What Django calls otherwise.
NAMES: Final = {"Group": gettext_noop("Roles"), "LogEntry": gettext_noop("Log of the admin")}


def chapters(apps: list[dict[str, Any]], *, address: str) -> list[dict[str, Any]]:
    """Django's list of apps as ours; what belongs nowhere keeps its app."""
    models = {
        model["object_name"]: model | {"name": _(NAMES[model["object_name"]])}
        if model["object_name"] in NAMES
        else model
        for app in apps
        for model in app["models"]
    }
    named = {name for _title, names in CHAPTERS for name in names}
    found = []
    for title, names in CHAPTERS:
        if shown := [models[name] for name in names if name in models]:
            slug = title.lower()
            found.append(
                {
                    "name": _(title),
                    "app_label": slug,
                    "app_url": address,
                    "has_module_perms": True,
                    "models": shown,
                }
            )
    rest = [
        app | {"models": [one for one in app["models"] if one["object_name"] not in named]} for app in apps
    ]
    return [*found, *(app for app in rest if app["models"])]
