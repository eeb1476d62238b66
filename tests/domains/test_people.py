"""Signing in and reading, by the rows: through the front door, on a real mail server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.front.odd import letter
from tests.front.visitor import Visitor
from tests.servers.dovecot import Dovecot, MailUser
from webmail.accounts.connections import pool
from webmail.accounts.models import Person
from webmail.domains import registry

WRONG = "does not know this name and password"
Make = Callable[..., Any]


def typed(user: MailUser, name: str) -> MailUser:
    return replace(user, name=name)


def test_two_domains_with_the_same_name_are_two_people(domain: Make, person: Make) -> None:
    domain("fjord.example")
    domain("fjell.example")
    here, there = person("kari", "fjord.example"), person("kari", "fjell.example")
    here.deliver("INBOX", letter(b"by the fjord"))
    there.deliver("INBOX", letter(b"on the fjell"))
    one, other = Visitor(), Visitor()
    assert one.sign_in(here).status == other.sign_in(there).status == 302
    assert "by the fjord" in one.list().text
    assert "on the fjell" in other.list().text
    assert {here.name, there.name} <= set(Person.objects.values_list("username", flat=True))


@pytest.mark.parametrize(
    ("fields", "login"),
    [
        ({"login": "local"}, "{0}"),
        ({"login": "template", "login_template": "%(local)s+%(domain)s"}, "{0}+{1}"),
    ],
)
def test_the_mail_server_knows_them_by_its_own_name(
    domain: Make, person: Make, visitor: Visitor, fields: dict[str, str], login: str
) -> None:
    domain("fjord.example", **fields)
    user = person("kari", "fjord.example", login=login)
    local = user.name.partition("+")[0]
    assert visitor.sign_in(typed(user, f"{local}@fjord.example")).status == 302
    assert visitor.list().status == 200
    assert Person.objects.filter(username=f"{local}@fjord.example").exists()


def test_the_host_says_the_domain(domain: Make, person: Make, visitor: Visitor) -> None:
    domain("fjord.example", hosts="testserver")
    user = person("kari", "fjord.example")
    assert "@fjord.example" in visitor.get("/sign-in/").text
    assert visitor.sign_in(typed(user, user.name.partition("@")[0])).status == 302
    assert Person.objects.filter(username=user.name).exists()


def test_nobody_learns_which_domains_there_are(domain: Make, person: Make, visitor: Visitor) -> None:
    domain("fjord.example")
    user = person("kari", "fjord.example")
    answers = [
        visitor.sign_in(typed(user, "kari@elsewhere.example")),
        visitor.sign_in(typed(user, "kari")),
        visitor.sign_in(replace(user, password="wrong")),
    ]
    assert [answer.status for answer in answers] == [422] * 3
    assert all(WRONG in answer.text for answer in answers)


def test_an_unknown_domain_is_as_much_work_and_tells_nobody_anything(
    domain: Make, person: Make, visitor: Visitor, dovecot: Dovecot, tap: Any
) -> None:
    domain("fjord.example", imap_url=tap.url)
    user = person("kari", "fjord.example")
    mark = tap.mark()
    assert visitor.sign_in(typed(user, "kari@elsewhere.example")).status == 422
    tap.settle()
    unknown, mark = tap.since(mark), tap.mark()
    assert visitor.sign_in(replace(user, password="wrong")).status == 422
    tap.settle()
    wrong = tap.since(mark)
    assert (unknown.connections, unknown.round_trips) == (wrong.connections, wrong.round_trips)
    assert "elsewhere" not in "".join(unknown.commands)


def test_the_default_takes_whom_no_other_does(domain: Make, person: Make, visitor: Visitor) -> None:
    domain("fjord.example", is_default=True)
    user = person("kari", "elsewhere.example")
    assert visitor.sign_in(user).status == 302


def test_only_people_who_are_listed(domain: Make, person: Make, visitor: Visitor) -> None:
    domain("fjord.example", provisioning="listed")
    user = person("kari", "fjord.example")
    refused = visitor.sign_in(user)
    assert (refused.status, WRONG in refused.text) == (422, True)
    assert not Person.objects.filter(username=user.name).exists()
    Person.objects.create(username=user.name)
    assert visitor.sign_in(user).status == 302


def test_a_password_never_goes_to_another_server(
    domain: Make, person: Make, visitor: Visitor, dovecot: Dovecot, tap: Any
) -> None:
    row = domain("fjord.example")
    user = person("kari", "fjord.example")
    visitor.sign_in(user)
    assert visitor.list().status == 200
    assert pool().stats().connections
    row.imap_url = tap.url
    row.save()
    mark = tap.mark()
    assert visitor.list().leads_back_to == "/folder/INBOX/"
    assert pool().stats().connections == 0
    tap.settle()
    assert tap.since(mark).connections == 0
    assert visitor.sign_in(user).status == 302
    assert visitor.list().status == 200


def test_a_domain_that_is_gone_signs_its_people_out(domain: Make, person: Make, visitor: Visitor) -> None:
    row = domain("fjord.example")
    domain("fjell.example")
    visitor.sign_in(person("kari", "fjord.example"))
    row.delete()
    assert visitor.list().leads_back_to == "/folder/INBOX/"


def test_folders_are_called_as_the_domain_says(domain: Make, person: Make, visitor: Visitor) -> None:
    domain("fjord.example", folder_sent="Ut", folder_trash="Bort")
    user = person("kari", "fjord.example")
    user.deliver("Ut", letter(b"what went out"))
    user.deliver("Bort", letter(b"gone before"))
    user.deliver("INBOX", letter(b"away with it"))
    visitor.sign_in(user)
    assert visitor.list("Ut").tree.xpath("//a[contains(@href, '/folder/Ut/')][.//*[contains(., 'Sent')]]")
    (address,) = visitor.list().rows
    _, _, _, validity, uid, _ = address.split("/")
    assert visitor.post("/mark/INBOX/", uid_validity=validity, uid=uid, do="trash").status == 302
    assert "away with it" in visitor.list("Bort").text


def test_limits_are_those_of_the_domain(domain: Make, person: Make, visitor: Visitor) -> None:
    domain("fjord.example", attachment_limit=3_000_000, smtp_url="smtp://127.0.0.1:1")
    visitor.sign_in(person("kari", "fjord.example"))
    assert visitor.get("/compose/").tree.xpath("//@data-limit") == ["3000000"]


def test_a_warm_page_asks_no_more_than_without_rows(
    domain: Make, person: Make, visitor: Visitor, tap: Any, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        domain(f"fjord{number}.example", imap_url=tap.url)
    user = person("kari", "fjord7.example")
    user.deliver("INBOX", letter(b"the only one"))
    visitor.sign_in(user)
    visitor.list()
    visitor.list()
    tap.settle()
    mark = tap.mark()
    with django_assert_max_num_queries(2):
        assert visitor.list().status == 200
    tap.settle()
    assert tap.since(mark).round_trips == 1


def test_without_rows_a_bare_name_stays_what_it_is(
    visitor: Visitor, mail_user: MailUser, dovecot: Dovecot, settings: Any
) -> None:
    settings.IMAP_URL = dovecot.url
    assert visitor.sign_in(mail_user).status == 302
    assert Person.objects.get().username == mail_user.name
    assert registry.domain_of(mail_user.name).key == 0


def test_who_was_here_before_there_were_domains_stays_the_same_person(
    domain: Make, visitor: Visitor, mail_user: MailUser, dovecot: Dovecot, settings: Any
) -> None:
    settings.IMAP_URL = dovecot.url
    visitor.sign_in(mail_user)
    before = Person.objects.get()
    domain("fjord.example", login="local")
    assert visitor.list().leads_back_to == "/folder/INBOX/"
    assert visitor.sign_in(typed(mail_user, f"{mail_user.name}@fjord.example")).status == 302
    after = Person.objects.get()
    assert (after.pk, after.username) == (before.pk, f"{mail_user.name}@fjord.example")


def test_a_blocked_person_is_not_let_in_by_a_new_domain(
    domain: Make, visitor: Visitor, mail_user: MailUser, dovecot: Dovecot, settings: Any
) -> None:
    settings.IMAP_URL = dovecot.url
    Person.objects.create(username=mail_user.name, is_active=False)
    domain("fjord.example", login="local")
    assert visitor.sign_in(typed(mail_user, f"{mail_user.name}@fjord.example")).status == 422
