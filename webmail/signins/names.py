"""What is kept of a name that somebody typed to sign in, which may have been a password in the wrong field."""

from __future__ import annotations

import re
from typing import Final

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.utils.crypto import salted_hmac

from .models import LONGEST_NAME

# Linear: each character can only be one thing. The last label of a domain has letters only, as few passwords do.
_ADDRESS: Final = re.compile(r"[\w.+'=-]{1,64}@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}")


def folded(name: str) -> str:
    """Mail servers rarely tell `Kari@` from `kari@`, and people never do: one account."""
    return name.lower()[:LONGEST_NAME]


def person_named(name: str) -> AbstractBaseUser | None:
    return get_user_model()._default_manager.filter(username=folded(name)).first()


def labelled(account: str, typed: str = "") -> tuple[str, AbstractBaseUser | None]:
    """What is kept of a try at an account, and whose it is. Of nobody's it is what was `typed` that counts: the account
    may be an address only because the domain was added."""
    person = person_named(account)
    return shown(account if person else typed or account, known=person is not None), person


def shown(name: str, *, known: bool) -> str:
    """The name where it is a person's or an address; else "#" and a few digits that are the same each time."""
    name = folded(name)
    if not name or known or _ADDRESS.fullmatch(name):
        return name
    return "#" + salted_hmac("ekorn.signins.name", name, algorithm="sha256").hexdigest()[:8]
