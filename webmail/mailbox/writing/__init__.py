"""Writing: what a person composes, its drafts and files, and where it goes once it is sent."""

from .composition import Attached, Composition, Origin, Received

__all__ = ["Attached", "Composition", "Origin", "Received"]
