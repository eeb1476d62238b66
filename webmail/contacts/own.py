"""What one person has: every look-up starts here, so that nobody meets another's contacts or a deleted one."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import QuerySet

from .models import Address, Contact, Group


def contacts_of(person: AbstractBaseUser) -> QuerySet[Contact]:
    return Contact.objects.filter(person_id=person.pk, deleted_at=None)


def addresses_of(person: AbstractBaseUser) -> QuerySet[Address]:
    return Address.objects.filter(person_id=person.pk, contact__deleted_at=None)


def groups_of(person: AbstractBaseUser) -> QuerySet[Group]:
    return Group.objects.filter(person_id=person.pk)


def lock(person: AbstractBaseUser) -> None:
    """Inside a transaction: one change at a time for each person, so that two processes can't add the same twice."""
    get_user_model().objects.select_for_update().filter(pk=person.pk).values_list("pk").first()
