"""Who may do what in the admin, as groups. What stands here holds: it is written anew after every `migrate`.

After `migrate`, and not by a migration: the permissions of other apps are there only then, and grow with them.
"""

from __future__ import annotations

from typing import Any, Final

from django.apps import apps
from django.contrib.auth.management import create_permissions

HELP_DESK: Final = "Help desk"
PEOPLE: Final = "People"
SERVERS: Final = "Mail servers"
READERS: Final = "Readers"

_SEEN: Final = {
    "accounts.view_person",
    "accounts.view_identity",
    "administration.view_instance",
    "administration.view_holding",
    "signins.view_session",
    "signins.view_signinevent",
    "signins.view_tries",
}
ROLES: Final[dict[str, set[str]]] = {
    HELP_DESK: _SEEN | {"administration.unlock"},
    PEOPLE: _SEEN
    | {
        "accounts.add_person",
        "accounts.delete_person",
        "administration.unlock",
        "administration.block",
        "administration.export",
        "administration.steer",
        "outbox.view_outgoing",
    },
    SERVERS: {
        "domains.add_maildomain",
        "domains.change_maildomain",
        "domains.delete_maildomain",
        "domains.view_maildomain",
        "administration.view_instance",
        "administration.view_holding",
    },
    READERS: _SEEN | {"admin.view_logentry", "domains.view_maildomain", "outbox.view_outgoing"},
}


def make_roles(using: str, **_: Any) -> None:
    """Django's `post_migrate`."""
    from django.contrib.auth.models import Group, Permission

    named = {name.split(".")[0] for names in ROLES.values() for name in names}
    for label in named & set(apps.app_configs):
        create_permissions(apps.get_app_config(label), verbosity=0, using=using)
    found = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.using(using).select_related("content_type")
    }
    for role, names in ROLES.items():
        group, _made = Group.objects.using(using).get_or_create(name=role)
        group.permissions.set([found[name] for name in names if name in found])
