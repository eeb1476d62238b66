"""One pipeline: write all commands at once, give every answer to whom it belongs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from webmail.imap import errors
from webmail.imap.commands.command import Command
from webmail.imap.commands.select import Select
from webmail.imap.encode import Dialect, Segment
from webmail.imap.errors import (
    BadError,
    CommandError,
    ConnectionLostError,
    ImapError,
    LimitError,
    NoError,
    ProtocolError,
)
from webmail.imap.parse import Continuation, ParseLimits, Response, Tagged, Unknown, parse_response
from webmail.imap.reader import Reader
from webmail.imap.server import Limits
from webmail.metrics.wire import imap_answered
from webmail.wire.transport import Transport

PENDING: Final = object()


@dataclass(slots=True)
class Entry:
    """One command on its way since `began` (time.monotonic()). `outcome` becomes its result, or its CommandError."""

    command: Command[Any]
    tag: str
    segments: tuple[Segment, ...]
    outcome: Any = PENDING
    began: float = 0.0

    @classmethod
    def of(cls, command: Command[Any], tag: str, dialect: Dialect) -> Entry:
        command.reset()
        return cls(command, tag, command.encode(tag, dialect))

    @property
    def size(self) -> int:
        """Octets to send."""
        return sum(segment.size for segment in self.segments)

    @property
    def failed(self) -> bool:
        return isinstance(self.outcome, CommandError)


class Exchange:
    """`hear` gets every untagged response and whether a command took it, `done` every tagged one with its entry.
    `timed`: what commands take is measured here."""

    def __init__(
        self,
        transport: Transport,
        reader: Reader,
        limits: Limits,
        utf8: bool,
        hear: Callable[[Response, bool], None],
        done: Callable[[Entry, Tagged], None],
    ) -> None:
        self.pending: dict[str, Entry] = {}
        self._transport = transport
        self._reader = reader
        self._limits = limits
        self._parse_limits = ParseLimits(depth=limits.depth)
        self._utf8 = utf8
        self._hear = hear
        self._done = done
        self._responses = 0
        self.timed = True
        self._answered = 0.0

    def run(self, entries: Iterable[Entry]) -> None:
        """Until every entry has its outcome."""
        opener: Entry | None = None
        out: list[bytes] = []
        for entry in entries:
            if entry.command.touches and opener is not None:
                self._flush(out)
                if not self._opened(opener, entry):
                    continue
            if isinstance(entry.command, Select):
                opener = entry
            self._write(entry, out)
        self._flush(out)
        while self.pending:
            self.listen()

    def listen(self) -> Response:
        """Take in one response."""
        response = self.read()
        self.process(response)
        return response

    def read(self) -> Response:
        return self.parse(self._reader.response())

    def parse(self, raw: list[bytes]) -> Response:
        self._responses += 1
        if self._responses > self._limits.responses:
            raise LimitError("The mail server sends more responses than allowed.")
        return parse_response(raw, limits=self._parse_limits, utf8=self._utf8)

    def process(self, response: Response) -> None:
        if isinstance(response, Tagged):
            entry = self.pending.pop(response.tag, None)
            if entry is not None:
                self._finish(entry, response)
        elif isinstance(response, Unknown) and response.text.partition(" ")[0] in self.pending:
            raise ProtocolError("The mail server answered a command with nonsense.")
        elif isinstance(response, Continuation):
            for entry in self.pending.values():
                reply = entry.command.challenge(response.text)
                if reply is not None:
                    self.send(reply + b"\r\n")
                break
        else:
            taken = any(entry.command.collect(response) for entry in self.pending.values())
            self._hear(response, taken)

    def send(self, data: bytes) -> None:
        try:
            self._transport.send(data, self._reader.feed)
        except errors.TimeoutError:
            raise
        except ConnectionLostError:
            self._hear_last_words()
            raise

    def _hear_last_words(self) -> None:
        """What the server said before it hung up: a BYE with its reason, perhaps."""
        with suppress(ImapError):
            while True:
                self.listen()

    def start(self, entry: Entry) -> None:
        """Send one command, without waiting for its answer."""
        out: list[bytes] = []
        self._write(entry, out)
        self._flush(out)

    def _write(self, entry: Entry, out: list[bytes]) -> None:
        self.pending[entry.tag] = entry
        entry.began = time.monotonic()
        for segment in entry.segments:
            for piece in segment.pieces:
                if isinstance(piece, bytes):
                    out.append(piece)
                    continue
                self._flush(out)
                for chunk in piece.chunks():
                    self.send(chunk)
            if segment.wait:
                self._flush(out)
                if not self.invited(entry):
                    return

    def _flush(self, out: list[bytes]) -> None:
        if out:
            self.send(b"".join(out))
            out.clear()

    def invited(self, entry: Entry) -> bool:
        """Wait for the server's leave to send a literal; False if it answered the command instead."""
        while entry.outcome is PENDING:
            response = self.read()
            if isinstance(response, Continuation):
                return True
            self.process(response)
        return False

    def _opened(self, opener: Entry, entry: Entry) -> bool:
        """Has the mailbox that this command is meant for been opened? If not, it must not reach another one."""
        while opener.outcome is PENDING:
            self.listen()
        if opener.failed:
            entry.outcome = NoError(
                entry.command.name, "NO", "", "not sent, since its mailbox was not opened"
            )
        return not opener.failed

    def _finish(self, entry: Entry, tagged: Tagged) -> None:
        if self.timed:
            # A server does one after the other: the time of those before is not this one's.
            now = time.monotonic()
            imap_answered(entry.command.words, now - max(entry.began, self._answered), tagged.status)
            self._answered = now
        code = tagged.code.name if tagged.code else ""
        if tagged.status == "OK":
            entry.command.complete(tagged)
            entry.outcome = entry.command.result()
        elif tagged.status == "NO" and entry.command.salvages():
            entry.outcome = entry.command.result()
        else:
            error = NoError if tagged.status == "NO" else BadError
            entry.outcome = error(entry.command.name, tagged.status, code, tagged.text)
        self._done(entry, tagged)
