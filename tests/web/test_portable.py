"""The settings as a file, through the front door."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

HERE = "/preferences/file/"


def upload(client, data: bytes):
    return client.post(HERE, {"file": SimpleUploadedFile("ekorn.json", data)})


def test_saved_and_taken_back(kari):
    client, person = kari
    client.post("/preferences/", {"theme": "dark", "language": "nn", "density": "compact"})
    saved = client.get(f"{HERE}save/")
    assert saved["Content-Disposition"].startswith('attachment; filename="ekorn-')
    assert saved["Cache-Control"] == "no-store"
    whole = json.loads(saved.content)
    assert whole["preferences"]["theme"] == "dark"
    client.post("/preferences/", {"theme": "light", "language": "en"})
    whole["weather"] = "<b>"
    page = upload(client, json.dumps(whole).encode())
    assert page.status_code == 200
    assert 'data-theme="dark"' in page.content.decode()
    assert 'lang="nn"' in page.content.decode()
    assert "weather" in page.content.decode()
    person.refresh_from_db()
    assert (person.theme, person.language) == ("dark", "nn")


@pytest.mark.parametrize(
    ("data", "status", "words"),
    [
        (b"hello", 422, "not a file that was saved here"),
        (b'{"kind": "ekorn preferences", "version": 9}', 422, "newer version"),
        (
            b'{"kind": "ekorn preferences", "version": 1, "preferences": {"theme": "<pink>"}}',
            422,
            "preferences.theme. Nothing was changed",
        ),
        (b" " * 2_000_001, 413, "too large"),
        (b" " * 2_200_000, 413, "too large"),
    ],
    ids=["other", "newer", "wrong", "large", "larger"],
)
def test_what_is_refused_is_said(kari, data, status, words):
    client, person = kari
    page = upload(client, data)
    assert page.status_code == status
    assert words in page.content.decode()
    person.refresh_from_db()
    assert person.theme == "auto"


def test_a_file_is_needed(kari):
    assert "Choose a file first" in kari[0].post(HERE, {}).content.decode()


def test_only_who_is_signed_in(client, db):
    assert client.get(f"{HERE}save/")["Location"].startswith("/sign-in/")
    assert upload(client, b"{}").status_code in (302, 401)


def test_csrf_is_asked_for(kari):
    client, _ = kari
    client.handler.enforce_csrf_checks = True
    assert upload(client, b"{}").status_code == 403
