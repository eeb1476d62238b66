"""Where sessions are kept: rows of our own, with a cache in front where all processes share one.

A row's key is a digest of the session id, so whoever sees rows, keys of a cache or pages made of them can't take a
session over. In the cache an ended session leaves a mark that counts more than what is cached of it: no process can
put back what another ended meanwhile.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from django.conf import settings
from django.contrib.sessions.backends.base import VALID_KEY_CHARS, CreateError, SessionBase, UpdateError
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string

from .models import Session

# A cache that could not be told of an ending serves the session no longer than this.
CACHED_SECONDS: Final = 60
ENDED_SECONDS: Final = 24 * 3600
_SHARED: Final = (
    "django.core.cache.backends.redis.RedisCache",
    "django.core.cache.backends.memcached.PyMemcacheCache",
    "django.core.cache.backends.memcached.PyLibMCCache",
)
_log = logging.getLogger(__name__)


def digest(session_id: str) -> str:
    """The key of a session's row: 160 bits."""
    return sha256(b"ekorn session\0" + session_id.encode()).hexdigest()[:40]


class SessionStore(SessionBase):
    """`row` is the session as it was loaded, `about` what the next `save` writes of its columns."""

    row: Session | None = None

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self.about: dict[str, Any] = {}

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    @property
    def digest(self) -> str:
        """The key of its row; "" where there is none yet."""
        return digest(self.session_key) if self.session_key else ""

    def load(self) -> dict[str, Any]:
        key = self.digest
        row, is_cached = _cached(key)
        if not is_cached:
            row = _stored(key, self.session_key or "")
            if row is not None:
                _cache(row)
        if row is None:
            self._session_key = None
            return {}
        self.row = row
        return self.decode(row.session_data)

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(pk=digest(session_key)).exists()

    def create(self) -> None:
        while True:
            self._session_key = get_random_string(32, VALID_KEY_CHARS)
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        if self.session_key is None:
            self.create()
            return
        if must_create:
            self._session_cache = getattr(self, "_session_cache", {})
        data = dict(self.items())
        values = {"session_data": self.encode(data), "expire_date": self.get_expiry_date()}
        values |= {"last_used": timezone.now(), **self.about}
        if must_create:
            try:
                with transaction.atomic():
                    self.row = Session.objects.create(session_key=self.digest, **values)
            except IntegrityError as error:
                raise CreateError from error
        elif not Session.objects.filter(pk=self.digest).update(**values):
            raise UpdateError
        elif self.row is not None:
            for name, value in values.items():
                setattr(self.row, name, value)
            _cache(self.row)
        else:
            _uncache(self.digest)

    def delete(self, session_key: str | None = None) -> None:
        session_id = session_key or self.session_key
        if session_id is not None:
            end((digest(session_id),))
            former().filter(pk=session_id).delete()

    def flush(self) -> None:
        self.clear()
        self.delete()
        self._session_key, self.row, self.about = None, None, {}

    def touch(self, *, address: str | None, now: datetime) -> None:
        """It is used now, from there."""
        if self.row is not None:
            self.row.last_used, self.row.address = now, address
            Session.objects.filter(pk=self.row.pk).update(last_used=now, address=address)
            _cache(self.row)

    @classmethod
    def clear_expired(cls) -> None:
        Session.objects.filter(expire_date__lt=timezone.now()).delete()
        former().filter(expire_date__lt=timezone.now()).delete()


def end(keys: Iterable[str]) -> int:
    """From now on nobody has these sessions. Returns how many there were."""
    keys = tuple(keys)
    ended, _ = Session.objects.filter(pk__in=keys).delete()
    if _is_shared() and keys:
        try:
            cache.set_many({_ended_key(key): "1" for key in keys}, ENDED_SECONDS)
            cache.delete_many([_key(key) for key in keys])
        except Exception:  # noqa: BLE001 - whatever the cache's driver raises
            _log.warning(
                "The cache could not be told that sessions ended: it serves them %s s more.", CACHED_SECONDS
            )
    return ended


def former() -> Any:
    """Rows of the version that kept sessions in Django's own table, by session id."""
    from django.contrib.sessions.models import Session as FormerSession

    return FormerSession.objects


def _stored(key: str, session_id: str) -> Session | None:
    now = timezone.now()
    row = Session.objects.select_related("person").filter(pk=key, expire_date__gt=now).order_by().first()
    return row or _taken_over(key, session_id)


def _taken_over(key: str, session_id: str) -> Session | None:
    """A session that the former version began, which may still serve it: copied at its first use."""
    from .ending import was_ended

    old = former().filter(pk=session_id, expire_date__gt=timezone.now()).first()
    if old is None:
        return None
    person_id = SessionStore().decode(old.session_data).get("_auth_user_id")
    if not person_id or was_ended(person_id=int(person_id), session=key):
        return None
    values = {"session_data": old.session_data, "expire_date": old.expire_date, "person_id": person_id}
    return Session.objects.get_or_create(session_key=key, defaults=values)[0]


def _is_shared() -> bool:
    """Does every process see the same cache?"""
    return settings.CACHES["default"]["BACKEND"] in _SHARED


def _key(key: str) -> str:
    return f"session:{key}"


def _ended_key(key: str) -> str:
    return f"session-ended:{key}"


_CACHED: Final = ("session_data", "kind", "device", "address", "person_id")


def _cached(key: str) -> tuple[Session | None, bool]:
    """A row out of the cache, None for one that was ended; and whether the cache knew."""
    if not _is_shared():
        return None, False
    try:
        found = cache.get_many([_key(key), _ended_key(key)])
    except Exception:  # noqa: BLE001 - whatever the cache's driver raises; the database knows
        return None, False
    if _ended_key(key) in found:
        return None, True
    if _key(key) not in found:
        return None, False
    times, values = json.loads(found[_key(key)])
    expires, started, last_used = map(datetime.fromisoformat, times)
    if expires <= timezone.now():
        return None, False
    row = Session(session_key=key, expire_date=expires, started=started, last_used=last_used)
    for name, value in zip(_CACHED, values, strict=True):
        setattr(row, name, value)
    return row, True


def _cache(row: Session) -> None:
    if not _is_shared():
        return
    times = [at.isoformat() for at in (row.expire_date, row.started, row.last_used)]
    text = json.dumps([times, [getattr(row, name) for name in _CACHED]])
    try:
        cache.set(_key(row.pk), text, CACHED_SECONDS)
    except Exception:  # noqa: BLE001 - as above
        _uncache(row.pk)


def _uncache(key: str) -> None:
    if _is_shared():
        try:
            cache.delete(_key(key))
        except Exception:  # noqa: BLE001 - as above
            _log.warning("The cache could not be told of a change.")
