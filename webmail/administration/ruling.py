"""What whoever administers may do with people. Whether they may is asked before, who did it is written down after."""

from __future__ import annotations

from webmail.accounts.models import Person
from webmail.factors import proving
from webmail.signins import sessions


def block(*, person: Person) -> None:
    """Sign-in is refused from now on; sessions, live pages and connections end, in every process."""
    person.is_active = False
    # As a row and not by a query: what is open ends by its signal.
    person.save(update_fields=["is_active"])


def unblock(*, person: Person) -> None:
    person.is_active = True
    person.save(update_fields=["is_active"])


def sign_out_everywhere(*, person: Person) -> int:
    """Of mail and of the admin, in every process. Returns how many sessions there were."""
    return sessions.end_all(person)


def reset_factor(*, person: Person) -> None:
    """The password alone signs in until a factor is set up anew."""
    proving.forget_all(person)
