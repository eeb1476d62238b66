"""Django's cache, for what can be done without: while it is away nothing is remembered, and no page breaks."""

from __future__ import annotations

import logging
from typing import Any

from django.core.cache import cache

_log = logging.getLogger(__name__)


def remembered(key: str) -> Any:
    try:
        return cache.get(key)
    except Exception as error:  # noqa: BLE001 - whatever the cache's driver raises
        _log.warning("The cache can't be asked: %s", type(error).__name__)
        return None


def remember(key: str, value: object, seconds: int) -> None:
    try:
        cache.set(key, value, seconds)
    except Exception as error:  # noqa: BLE001 - as above
        _log.warning("The cache can't be told: %s", type(error).__name__)
