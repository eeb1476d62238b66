"""`python -m tests.outbox.hand_in`: in a process of its own, a person presses Send on what stands on standard input.

In: JSON with "user", "password", "composition" (a Composition's JSON), "seconds" (from now; null for at once), "draft"
(save one first). Out: the phase it is in then.
"""

import json
import sys
from datetime import timedelta

import django

django.setup()

from django.utils import timezone  # noqa: E402 (Django has to be set up first)

from webmail.accounts.access import Access, holder_of  # noqa: E402
from webmail.accounts.models import Person  # noqa: E402
from webmail.mailbox.writing import Composition, save_draft  # noqa: E402
from webmail.outbox.sending import send  # noqa: E402


def main() -> None:
    asked = json.load(sys.stdin)
    person, _ = Person.objects.get_or_create(username=asked["user"], defaults={"undo_seconds": 0})
    access = Access(person, holder_of(person, login=asked["user"], password=asked["password"]))
    composition = Composition.from_json(asked["composition"])
    now = timezone.now()
    if asked["draft"]:
        saved = save_draft(access=access, composition=composition, now=timezone.localtime(now))
        composition = saved.composition
    at = None if asked["seconds"] is None else now + timedelta(seconds=asked["seconds"])
    entry = send(access=access, composition=composition, now=now, at=at)
    sys.stdout.write(entry.phase)


if __name__ == "__main__":
    main()
