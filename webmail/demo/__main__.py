"""`python -m webmail.demo`: a mail server with mail in it and our program in front, until Ctrl-C."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path
from types import FrameType

from .program import PROJECT, ProgramError, environment, free_port, migrate, serving
from .server import MailServer

ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main() -> int:
    options = _options()
    for each in ENDINGS:
        signal.signal(each, _end)
    try:
        with MailServer(imap_port=options.imap_port, smtp_port=options.smtp_port) as mail:
            if options.mail_only:
                _say(f"IMAP  {mail.imap_url}\nSMTP  {mail.smtp_url}", mail)
                signal.pause()
            else:
                _serve(options, mail)
    except KeyboardInterrupt:
        return 0
    except ProgramError as error:
        print(f"demo: {error}", file=sys.stderr)  # noqa: T201 - it is what a command says
    except OSError as error:
        print(f"demo: {error.strerror or error}", file=sys.stderr)  # noqa: T201
    return 1


def _end(_signal: int, _frame: FrameType | None) -> None:
    """Once: what is running is then ended in order, and impatience can't leave any of it behind."""
    for each in ENDINGS:
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt


def _serve(options: argparse.Namespace, mail: MailServer) -> None:
    port = free_port(options.port)
    env = environment(place=options.dir.resolve(), imap_url=mail.imap_url, smtp_url=mail.smtp_url)
    migrate(env)
    with serving(env, port=port) as program:
        _say(f"Ekorn is at http://localhost:{port}", mail)
        program.wait()
        raise ProgramError(f"The web server ended by itself (status {program.returncode})")


def _say(where: str, mail: MailServer) -> None:
    people = "\n".join(f"  {account.address}   password  {account.password}" for account in mail.accounts)
    print(f"\n{where}\n\n{people}\n\nCtrl-C ends it all.", flush=True)  # noqa: T201


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m webmail.demo", description=__doc__)
    parser.add_argument("--port", type=int, default=8000, help="of the web page; another if it is taken")
    parser.add_argument("--dir", type=Path, default=PROJECT / "var" / "demo", help="for database and key")
    parser.add_argument("--mail-only", action="store_true", help="the mail server alone")
    parser.add_argument("--imap-port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--smtp-port", type=int, default=0, help="0 takes a free one")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
