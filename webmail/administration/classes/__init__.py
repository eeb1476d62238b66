"""What the admin shows, one module for each kind of thing. Thin: what they do are use cases of others."""

from . import domains, log, outbox, people, pool, signins

__all__ = ["domains", "log", "outbox", "people", "pool", "signins"]
