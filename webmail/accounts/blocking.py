"""A person who may no longer sign in is told nothing more and has no connection left, from that moment."""

from __future__ import annotations

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from webmail.signins.sessions import end_all

from .models import Person


@receiver((post_save, post_delete), sender=Person)
def end_what_is_open(sender: type[Person], instance: Person, **what: object) -> None:  # noqa: ARG001 - Django's
    if not instance.is_active or what["signal"] is post_delete:
        end_all(instance)
