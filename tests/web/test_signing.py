"""Signing in and out through the front door."""

import pytest
from django.test import Client

from webmail.accounts import connections


@pytest.mark.parametrize(
    "path",
    ["/", "/folder/INBOX/", "/message/INBOX/1/2/?view=text", "/preferences/", "/message/INBOX/1/2/source/"],
)
def test_a_stranger_signs_in_first_and_comes_back(front, path):
    client, user = front
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/")
    page = client.get(answer["Location"])
    assert page.status_code == 200
    signed = client.post(
        answer["Location"],
        {"username": user.name, "password": user.password, "next": path if path != "/" else ""},
    )
    assert signed.status_code == 302
    assert signed["Location"] == (path if path != "/" else "/folder/INBOX/")


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "/sign-out/",
        "\thttps://evil.example",
    ],
)
def test_nobody_is_sent_elsewhere(front, target):
    client, user = front
    answer = client.post("/sign-in/", {"username": user.name, "password": user.password, "next": target})
    assert answer["Location"] == "/folder/INBOX/"


def test_the_same_answer_for_every_no(front):
    client, user = front
    answers = [
        client.post("/sign-in/", {"username": name, "password": password})
        for name, password in (
            (user.name, "wrong"),
            ("nobody", user.password),
            (user.name, user.password + "\0"),
        )
    ]
    assert {answer.status_code for answer in answers} == {422}
    assert all(b"does not know this name and password" in answer.content for answer in answers)
    assert user.password.encode() not in b"".join(answer.content for answer in answers)


def test_both_fields_are_needed(front):
    client, user = front
    answer = client.post("/sign-in/", {"username": user.name})
    assert answer.status_code == 422
    assert b"Fill in both fields" in answer.content


def test_a_mail_server_that_does_not_answer_is_another_thing(front, settings):
    client, user = front
    settings.IMAP_URL = "imap://127.0.0.1:1"
    answer = client.post("/sign-in/", {"username": user.name, "password": user.password})
    assert answer.status_code == 503
    assert b"not answering" in answer.content
    assert user.name.encode() in answer.content


def test_signing_out_is_a_post_and_leaves_nothing_on_the_screen(visitor):
    assert visitor.get("/sign-out/").status_code == 405
    answer = visitor.post("/sign-out/", {})
    assert answer.status_code == 302
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert visitor.get("/folder/INBOX/")["Location"].startswith("/sign-in/?next=")


def test_csrf_is_asked_for(front):
    client, user = Client(enforce_csrf_checks=True), front[1]
    answer = client.post("/sign-in/", {"username": user.name, "password": user.password})
    assert answer.status_code == 403
    assert b"form" in answer.content


def test_a_kept_page_asks_whether_it_may_be_shown(visitor):
    person = visitor.client.session["_auth_user_id"]
    assert visitor.get(f"/alive/?person={person}").status_code == 204
    assert visitor.get("/alive/?person=999999").status_code == 401
    visitor.post("/sign-out/", {})
    assert visitor.get(f"/alive/?person={person}").status_code == 401


def test_a_password_changed_elsewhere_leads_to_the_sign_in_page_and_back(visitor):
    changed = visitor.user.change_password()
    connections.close_pool()
    answer = visitor.get("/folder/INBOX/?page=1")
    assert answer["Location"] == "/sign-in/?next=%2Ffolder%2FINBOX%2F%3Fpage%3D1"
    assert visitor.get(answer["Location"]).status_code == 200
    visitor.post("/sign-in/", {"username": changed.name, "password": changed.password})
    assert visitor.get("/folder/INBOX/").status_code == 200


def test_a_sign_in_that_ended_under_script_reloads_the_page(front):
    client, _ = front
    answer = client.get(
        "/message/INBOX/1/2/",
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/folder/INBOX/?page=2"},
    )
    assert answer["HX-Redirect"] == "/sign-in/?next=%2Ffolder%2FINBOX%2F%3Fpage%3D2"


def test_who_is_signed_in_does_not_see_the_door(visitor):
    assert visitor.get("/sign-in/")["Location"] == "/folder/INBOX/"
