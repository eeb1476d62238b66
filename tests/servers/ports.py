"""Free ports below those the kernel hands to clients, so that a restarted server finds its own again."""

from __future__ import annotations

import random
import socket

LOOPBACK = "127.0.0.1"
_choice = random.SystemRandom()


def free_ports(count: int) -> list[int]:
    """`count` different TCP ports nobody listens on now; another process may still win the race for one."""
    found: list[int] = []
    while len(found) < count:
        port = _choice.randrange(15000, 32000)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((LOOPBACK, port))
            except OSError:
                continue
        if port not in found:
            found.append(port)
    return found
