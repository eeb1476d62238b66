"""Handing one message to the server, for one or many recipients, and telling the truth about what became of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import BinaryIO, Final

from webmail.smtp.connection import Connection
from webmail.smtp.content import END, on_the_wire
from webmail.smtp.envelope import Envelope, check, commands
from webmail.smtp.errors import (
    ConnectionLostError,
    EncodeError,
    NoMechanismError,
    ProtocolError,
    ReplyError,
    SmtpError,
    TlsError,
)
from webmail.smtp.outcome import Outcome, RecipientAnswer, Stage, State
from webmail.smtp.reply import Reply
from webmail.smtp.server import SLOWEST, Credentials, Server, Timeouts
from webmail.smtp.sign_in import sign_in

_GO_AHEAD: Final = 354


def submit(
    server: Server,
    credentials: Credentials | None,
    envelope: Envelope,
    message: BinaryIO,
    *,
    size: int,
    timeouts: Timeouts | None = None,
    handing_over: Callable[[], None] = lambda: None,
) -> Outcome:
    """Submits `message`, read from where it stands in pieces; `size` is its octets. Without credentials nobody signs
    in.

    `handing_over` is called once, when the server waits for the content and has got nothing of it yet. What the
    server or the network does wrong is in the Outcome; what `message` or `handing_over` raises comes through, and
    the server has then got no complete message.
    """
    try:
        check(envelope)
    except EncodeError as error:
        return Outcome("refused", stage="address", cause=str(error))
    submission = _Submission(envelope, message, size, timeouts or Timeouts(), handing_over)
    try:
        return submission.run(server, credentials)
    finally:
        submission.close()


class _Submission:
    """`stage` and `recipients` tell how far it got, `handed_over` whether content may be on its way."""

    def __init__(
        self,
        envelope: Envelope,
        message: BinaryIO,
        size: int,
        timeouts: Timeouts,
        handing_over: Callable[[], None],
    ) -> None:
        self.envelope = envelope
        self.message = message
        self.size = size
        self.timeouts = timeouts
        self.handing_over = handing_over
        self.stage: Stage = "connect"
        self.recipients: list[RecipientAnswer] = []
        self.handed_over = False
        self._connection: Connection | None = None

    def run(self, server: Server, credentials: Credentials | None) -> Outcome:
        try:
            self._connection = Connection.open(server, timeouts=self.timeouts)
            if credentials is not None:
                self.stage = "sign-in"
                sign_in(self._connection, credentials)
            return self._impossible(self._connection) or self._submit(self._connection)
        except TlsError as error:
            return self._ended("deferred", stage="tls", cause=str(error))
        except ReplyError as error:
            return self._decided(error.reply)
        except (NoMechanismError, EncodeError) as error:
            return self._ended("refused", cause=str(error))
        except SmtpError as error:
            return self._ended("unknown" if self.handed_over else "deferred", cause=str(error))

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()

    def _impossible(self, connection: Connection) -> Outcome | None:
        offer = connection.offer
        outcome = None
        if self.envelope.needs_utf8 and not offer.has("SMTPUTF8"):
            outcome = self._ended("refused", stage="utf8", cause="SMTPUTF8 is needed and not offered.")
        elif self.envelope.eight_bit and not offer.has("8BITMIME"):
            outcome = self._ended("refused", stage="eight-bit", cause="8BITMIME is needed and not offered.")
        elif offer.size_limit is not None and self.size > offer.size_limit:
            cause = f"The message has {self.size} octets, the server takes {offer.size_limit}."
            outcome = self._ended("refused", stage="size", cause=cause)
        if outcome is not None:
            connection.quit()
        return outcome

    def _submit(self, connection: Connection) -> Outcome:
        answers = self._answers(connection)
        outcome = self._envelope_taken(answers)
        if outcome is not None:
            self._back_out(connection, answers)
            return outcome
        self.stage = "data"
        answer = next(answers)
        outcome = self._hand_over(connection) if answer.code == _GO_AHEAD else self._decided(answer)
        if self.stage == "data" or outcome.state == "accepted":
            connection.quit()
        return outcome

    def _answers(self, connection: Connection) -> Iterator[Reply]:
        """The replies to MAIL, every RCPT and DATA; asked at once where the server takes that (RFC 2920)."""
        lines = (*commands(self.envelope, connection.offer, self.size), b"DATA\r\n")
        pipelining = connection.offer.has("PIPELINING")
        if pipelining:
            connection.send(b"".join(lines))
        for line in lines:
            if not pipelining:
                connection.send(line)
            yield connection.reply(line[:4].decode())

    def _envelope_taken(self, answers: Iterator[Reply]) -> Outcome | None:
        """None where at least one recipient is welcome."""
        self.stage = "sender"
        sender = next(answers)
        if not sender.positive:
            return self._decided(sender)
        self.stage = "recipients"
        for address in self.envelope.recipients:
            answer = next(answers)
            self.recipients.append(RecipientAnswer(address, answer))
            if not answer.positive:
                _check_no(answer)
        refusals = [recipient.reply for recipient in self.recipients if not recipient.reply.positive]
        if len(refusals) < len(self.recipients):
            return None
        return self._decided(next((reply for reply in refusals if reply.temporary), refusals[0]))

    def _back_out(self, connection: Connection, answers: Iterator[Reply]) -> None:
        """Nothing is to be sent, but a DATA that was asked for meanwhile may be waiting for content: an empty one for
        nobody. Whatever happens now, the outcome stands."""
        with suppress(SmtpError):
            if connection.offer.has("PIPELINING"):
                *_, last = answers
                if last.code == _GO_AHEAD:
                    connection.ask(END.removesuffix(b"\r\n"), name="DATA")
            connection.quit()

    def _hand_over(self, connection: Connection) -> Outcome:
        if connection.heard("DATA") is not None:
            raise ProtocolError("The mail server says more than it was asked for.")
        self.handing_over()
        self.stage = "content"
        self.handed_over = True
        connection.begin(self.timeouts.total + self.size / SLOWEST)
        early = self._send_content(connection)
        if early is None:
            connection.begin(self.timeouts.answer, patience=self.timeouts.answer)
        answer = early or connection.reply("content")
        if answer.positive and early is None:
            return self._ended("accepted", reply=answer)
        return self._decided(answer)

    def _send_content(self, connection: Connection) -> Reply | None:
        """All of it with its end; or what the server said before that, which is only ever a no."""
        try:
            for piece in on_the_wire(self.message):
                connection.send(piece)
                if early := connection.heard("content"):
                    return early
            connection.send(END)
        except ConnectionLostError:
            # Some say no and hang up; the no counts.
            if early := connection.heard("content"):
                return early
            raise
        return None

    def _decided(self, reply: Reply) -> Outcome:
        """By a reply that should be a no."""
        _check_no(reply)
        return self._ended("refused" if reply.permanent else "deferred", reply=reply)

    def _ended(
        self, state: State, *, reply: Reply | None = None, stage: Stage | None = None, cause: str = ""
    ) -> Outcome:
        return Outcome(state, tuple(self.recipients), reply, stage or self.stage, cause)


def _check_no(reply: Reply) -> None:
    if not (reply.temporary or reply.permanent):
        raise ProtocolError(f"The mail server's answer {reply.code} makes no sense here.")
