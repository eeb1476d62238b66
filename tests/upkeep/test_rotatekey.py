"""A new key while people are signed in and mail waits: nobody notices."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.factors.clock import code
from tests.front.visitor import Visitor
from tests.outbox.conftest import SECRET, Desk, mails
from tests.servers.dovecot import Dovecot, MailUser
from webmail.accounts.access import Access, holder_of
from webmail.accounts.models import Person
from webmail.factors import totp
from webmail.factors.proving import accepts, confirm_authenticator
from webmail.mailbox.writing import open_upload, upload
from webmail.outbox import listing
from webmail.sealed import server_halves


class Server:
    """Its `.env`, and what `manage.py rotatekey` says."""

    def __init__(self, place: Path, settings) -> None:
        self.place, self.settings = place, settings
        place.write_text("HTTPS=on\nCREDENTIAL_KEYS=\n# The rest stays.\nIMAP_URL=imaps://mail.example.org\n")
        place.chmod(0o640)

    def rotate(self, *arguments: str) -> str:
        out = io.StringIO()
        call_command("rotatekey", *arguments, stdout=out)
        return out.getvalue()

    def step(self, name: str) -> str:
        """Changes the file, and starts the program anew with it."""
        said = self.rotate(f"--{name}", str(self.place))
        lines = self.place.read_text().splitlines()
        (keys,) = (line.partition("=")[2] for line in lines if line.startswith("CREDENTIAL_KEYS="))
        self.settings.CREDENTIAL_KEYS = keys.split(",")
        assert {"HTTPS=on", "# The rest stays.", "IMAP_URL=imaps://mail.example.org"} <= set(lines)
        assert self.place.stat().st_mode & 0o777 == 0o640
        assert not any(half in said for half in keys.replace(",", ":").split(":")[1::2])
        return said


@pytest.fixture
def own(settings, tmp_path) -> Server:
    return Server(tmp_path / ".env", settings)


def key_ids() -> list[str]:
    return [key_id for key_id, _ in server_halves()]


def test_nobody_notices(
    own: Server, kari: Visitor, mail_user: MailUser, dovecot: Dovecot, server, later
) -> None:
    smtp = server()
    away, other = Visitor(), dovecot.user()
    assert away.sign_in(other).status == 302
    person = Person.objects.get(username=mail_user.name)
    desk = Desk(
        Access(person, holder_of(person, login=mail_user.name, password=mail_user.password)), mail_user
    )
    attached = upload(access=desk.access, filename="a.txt", type="text/plain", chunks=[b"in the file"])
    tomorrow = timezone.now() + timedelta(days=1)
    desk.send(desk.write(attachments=(attached,)), at=tomorrow)
    second = upload(access=desk.access, filename="b.txt", type="text/plain", chunks=[b"not sent yet"])
    app = totp.begin(person)
    assert confirm_authenticator(person, code(app))

    assert key_ids() == ["derived"]
    own.step("add")
    assert key_ids()[0] == "derived"
    assert kari.list().status == 200
    own.step("use")
    newest, former = key_ids()
    assert former == "derived"

    said = own.rotate()
    assert "1 messages on their way out sealed anew" in said
    assert "2 attached files sealed anew" in said
    assert "1 second factors sealed anew" in said
    assert "derived: still needed by 2 sign-ins, the last until" in said
    assert own.rotate().count("       0 ") == 3
    assert kari.list().status == 200
    assert "derived: still needed by 1 sign-ins" in own.rotate()
    assert "none, they are still needed" in own.step("remove")
    assert away.list().status == 200
    assert "derived: not needed any more" in own.rotate()
    assert "Taken out: derived." in own.step("remove")
    assert key_ids() == [newest]

    assert kari.list().status == away.list().status == 200
    assert b"".join(open_upload(access=desk.access, token=second.token).chunks) == b"not sent yet"
    totp.Authenticator.objects.update(last_step=0)
    assert accepts(person, code(app))
    (entry,) = listing.entries(person=person)
    assert SECRET in entry.subject
    later(days=2)
    (mail,) = mails(smtp)
    assert SECRET.encode() in mail
    assert b"aW4gdGhlIGZpbGU" in mail


def test_a_key_is_not_used_before_it_is_known(own: Server) -> None:
    own.rotate("--add", str(own.place))
    with pytest.raises(CommandError, match="not known here yet"):
        own.rotate("--use", str(own.place))


def test_the_first_is_never_taken_out(own: Server, db) -> None:
    own.step("add")
    own.rotate("--use", str(own.place))
    with pytest.raises(CommandError, match="not in use yet"):
        own.rotate("--remove", str(own.place))


def test_a_file_that_is_not_there(own: Server, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        own.rotate("--add", str(tmp_path / "nothing"))
