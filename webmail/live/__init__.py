"""What changes in a mailbox, told at once to every page that is open on it: one IDLE a person, events to many."""

from .errors import EndedError, FullError
from .hub import Hub, HubStats
from .streams import SocketStream, Stream, ThreadStream

__all__ = ["EndedError", "FullError", "Hub", "HubStats", "SocketStream", "Stream", "ThreadStream"]
