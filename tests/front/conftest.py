"""The whole program behind Django's client, in front of a real mail server."""

import pytest

from tests.front.odd import letter
from tests.front.visitor import Visitor
from tests.servers.dovecot import MailUser
from webmail.accounts import connections


@pytest.fixture
def pool():
    """The program's connections end with the test."""
    yield
    connections.close_pool()


@pytest.fixture
def visitor(dovecot, settings, db, pool) -> Visitor:
    """Somebody who has not signed in; the mail server is `dovecot`."""
    settings.IMAP_URL = dovecot.url
    return Visitor()


@pytest.fixture
def kari(visitor, mail_user) -> Visitor:
    """Signed in as `mail_user`."""
    assert visitor.sign_in(mail_user).status == 302
    return visitor


@pytest.fixture
def message(kari: Visitor, mail_user: MailUser) -> str:
    """The address of the one message in the inbox."""
    mail_user.deliver("INBOX", letter(b"the only one"))
    (address,) = kari.list().rows
    return address
