"""Signing in with the mail account: the mail server says yes or no."""

from __future__ import annotations

import secrets
import unicodedata
from contextlib import suppress
from typing import NoReturn

from django.conf import settings
from django.contrib.auth import login as start_session
from django.contrib.auth import logout as end_session
from django.http import HttpRequest, HttpResponse

from webmail.domains.domain import of_settings
from webmail.domains.registry import Account, account_of, domains
from webmail.imap.connection import Connection
from webmail.imap.errors import AuthenticationError, EncodeError, UnavailableError
from webmail.imap.holder import Holder
from webmail.imap.server import Password
from webmail.signins import ending, sessions
from webmail.signins.names import folded

from . import confirming, second_step
from .access import holder_of, keep_credentials
from .attempts import counted
from .client import ROUTE_COOKIE, route_of
from .connections import hub, open_connection, pool, server_of, understood, waiting_for
from .errors import MailServerError, SecondStepNeededError, WrongCredentialsError
from .models import Person
from .tally import tallied

BACKEND = "django.contrib.auth.backends.ModelBackend"
LONGEST = 254


@tallied()
def sign_in(request: HttpRequest, *, username: str, password: str) -> Person:
    """Asks the mail server, makes the person at the first success, and starts a fresh session.

    Raises WrongCredentialsError (the same for every kind of no), TooManyAttemptsError and MailServerError, and
    SecondStepNeededError where only `finish` starts the session. The response of this request gets the cookie from
    CredentialCookieMiddleware.
    """
    username = unicodedata.normalize("NFC", username.strip())
    if not username or not password or max(len(username), len(password)) > LONGEST or _has_controls(username):
        raise WrongCredentialsError
    account = account_of(username, host=request.get_host())
    with counted(request, account.username, typed=username):
        connection, person = _welcomed(account, password)
    if second_step.is_asked(person):
        connection.close()
        request.META[COOKIE_CHANGE] = second_step.begin(
            request, person, login=account.login, password=password
        )
        raise SecondStepNeededError(person)
    try:
        holder = _started(request, person, login=account.login, password=password)
    except BaseException:
        connection.close()
        raise
    pool().adopt(holder, connection)
    hub().end_others(holder)
    return person


@tallied()
def finish(request: HttpRequest, *, code: str = "", passkey: str = "") -> Person:
    """The second step, after which the session starts. Raises WrongCodeError and SecondStepOverError."""
    one = second_step.prove(request, code=code, passkey=passkey)
    hub().end_others(_started(request, one.person, login=one.login, password=one.password))
    return one.person


def give_up(request: HttpRequest) -> None:
    """The second step is not taken: nothing of it is kept."""
    second_step.give_up(request)
    request.META[COOKIE_CHANGE] = ""


def _started(request: HttpRequest, person: Person, *, login: str, password: str) -> Holder:
    # Django keeps the id when the same person signs in once more; a sign-in is always a new session.
    request.session.flush()
    start_session(request, person, backend=BACKEND)
    request.META[COOKIE_CHANGE] = keep_credentials(request, person, login=login, password=password)
    confirming.freshen(request)
    confirming.remember_factor(request, person)
    sessions.begin(request, person=person)
    return holder_of(person, login=login, password=password)


def _welcomed(account: Account, password: str) -> tuple[Connection, Person]:
    if not account.domain.known:
        _as_if_somebody()
    connection = _authenticated(account, password)
    try:
        person = _person_of(account)
        if person is None or not person.is_active:
            raise WrongCredentialsError("blocked")
    except BaseException:
        connection.close()
        raise
    return connection, person


def _as_if_somebody() -> NoReturn:
    """An address that nobody serves is as much work as a wrong password, and gets the same answer: a server of ours
    is asked about somebody who is nobody. Neither the name nor the password leaves."""
    made_up = secrets.token_hex(8)
    with suppress(MailServerError):
        _authenticated(Account(domains()[0], made_up, made_up), secrets.token_hex(8)).close()
    raise WrongCredentialsError


def _authenticated(account: Account, password: str) -> Connection:
    """A connection of its own, so that the answer is the server's of now. Where the server counts too many, the
    person's own idle ones make room."""
    person = Person.objects.filter(username=folded(account.username)).first()
    server = server_of(account.domain)
    with understood(), waiting_for(server, account.domain.threads):
        for attempt in (1, 2):
            connection = open_connection(server)
            try:
                connection.login(Password(account.login, password))
            except (AuthenticationError, EncodeError) as error:
                connection.close()
                raise WrongCredentialsError from error
            except UnavailableError:
                connection.close()
                if attempt == 2 or person is None or not pool().make_room(str(person.pk)):
                    raise
            except BaseException:
                connection.close()
                raise
            else:
                return connection
    raise AssertionError


def sign_out(request: HttpRequest) -> None:
    """Ends the session, the person's pooled connections and every cache of their mail."""
    person = request.user
    session = sessions.key_of(request)
    # The session first: a request that comes between the two must not find it and fill the pool again.
    end_session(request)
    request.META[COOKIE_CHANGE] = ""
    if isinstance(person, Person):
        ending.tell(person_id=person.pk, sessions=(session,))


COOKIE_CHANGE = "ekorn.credential_half"


def set_credential_cookie(request: HttpRequest, response: HttpResponse) -> None:
    """Hands the browser its half and its route after a sign-in, and takes them back after a sign-out."""
    half = request.META.get(COOKIE_CHANGE)
    if half:
        given = {settings.CREDENTIAL_COOKIE_NAME: half}
        if isinstance(request.user, Person):
            given[ROUTE_COOKIE] = route_of(request.user.pk)
        for name, value in given.items():
            response.set_cookie(
                name,
                value,
                max_age=settings.SESSION_COOKIE_AGE,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
    elif half == "":
        for name in (settings.CREDENTIAL_COOKIE_NAME, ROUTE_COOKIE):
            response.delete_cookie(name, samesite="Lax")


def _take_along(account: Account, username: str) -> None:
    """Whoever signed in by a name alone before there were mail domains is still the same person, where the same
    server knows them by the same name: with their settings, and blocked where they were."""
    former = folded(account.login)
    try:
        same = former != username and account.domain.imap_server() == of_settings().imap_server()
    except ValueError:
        return
    if same and not Person.objects.filter(username=username).exists():
        Person.objects.filter(username=former).update(username=username)


def _person_of(account: Account) -> Person | None:
    """None where only people who are listed may sign in, and this one is not."""
    username = folded(account.username)
    _take_along(account, username)
    if account.domain.listed_only:
        return Person.objects.filter(username=username).first()
    person, made = Person.objects.get_or_create(username=username)
    if made:
        person.set_unusable_password()
        person.save(update_fields=["password"])
    return person


def _has_controls(text: str) -> bool:
    return any(unicodedata.category(character) == "Cc" for character in text)
