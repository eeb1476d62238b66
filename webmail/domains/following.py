"""What changes in this process holds at once, what changes elsewhere soon."""

from __future__ import annotations

from django.core.signals import request_finished
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from . import registry
from .models import MailDomain


@receiver((post_save, post_delete), sender=MailDomain)
def rows_changed(**_: object) -> None:
    # Now for what follows in this transaction, and once more when others can see it.
    registry.forget()
    transaction.on_commit(registry.forget)


@receiver(request_finished)
def page_served(**_: object) -> None:
    registry.keep_fresh()
