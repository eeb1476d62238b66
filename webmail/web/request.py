"""A request as it reaches a view: what our middleware and django-htmx's have put on it."""

from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from .preferences import Preferences


class Request(HttpRequest):
    """For annotations only; Django makes the requests."""

    htmx: HtmxDetails
    preferences: Preferences
