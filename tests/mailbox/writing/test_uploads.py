"""Files on their way: kept sealed, by person, within limits."""

import os
import time

import pytest

from webmail.accounts.access import Access
from webmail.accounts.models import Person
from webmail.mailbox import writing
from webmail.mailbox.errors import PartNotFoundError, TooLargeError, UploadQuotaError


def put(access, content=b"hello", filename="hello.txt", type_="text/plain", **more):
    return writing.upload(
        access=access, filename=filename, type=type_, chunks=[content[:3], content[3:]], **more
    )


def taken(access, token):
    download = writing.open_upload(access=access, token=token)
    return download, b"".join(download.chunks)


def files(settings):
    return [path for path in settings.UPLOAD_DIR.rglob("*") if path.is_file()]


def test_a_file_comes_back_as_it_was(access, settings):
    attached = put(access, b"hello" * 50_000)
    assert (attached.filename, attached.type, attached.size) == ("hello.txt", "text/plain", 250_000)
    download, octets = taken(access, attached.token)
    assert octets == b"hello" * 50_000
    assert (download.filename, download.size) == ("hello.txt", 250_000)
    assert download.inline_type == "text/plain; charset=utf-8"


def test_nothing_of_it_lies_on_the_disk_in_clear(access, settings):
    put(access, b"the secret recipe", filename="secret.txt")
    (path,) = files(settings)
    assert b"recipe" not in path.read_bytes()
    assert b"secret" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("content", [b"", b"x", b"y" * 65_536, b"z" * 65_537])
def test_any_size(access, content):
    attached = put(access, content)
    assert attached.size == len(content)
    assert taken(access, attached.token)[1] == content


def test_a_name_is_made_safe_and_a_wrong_type_is_none(access):
    attached = put(access, filename="../../etc/pass\r\nwd\u202egnp.exe", type_="text/html\r\nX: y")
    assert "/" not in attached.filename
    assert "\r" not in attached.filename
    assert "\u202e" not in attached.filename
    assert attached.type == "application/octet-stream"


def test_another_persons_is_not_there(access, db):
    attached = put(access)
    other = Access(Person.objects.create(username="other@fjord.example"), access.holder)
    with pytest.raises(PartNotFoundError):
        writing.open_upload(access=other, token=attached.token)
    writing.drop_upload(access=other, token=attached.token)
    assert taken(access, attached.token)[1] == b"hello"


@pytest.mark.parametrize(
    "token", ["", ".", "../1/x", "a" * 22, "in:", "in:1:2", "in:x:y:z::INBOX", "\0" * 30]
)
def test_what_is_no_token_is_not_there(access, token):
    with pytest.raises(PartNotFoundError):
        writing.open_upload(access=access, token=token)


def test_too_large_is_said_with_the_limit_and_leaves_nothing(access, settings):
    settings.ATTACHMENT_LIMIT = 1000
    put(access, b"x" * 600)
    with pytest.raises(TooLargeError) as error:
        put(access, b"x" * 401, beside=600)
    assert error.value.limit == 1000
    assert len(files(settings)) == 1


def test_a_person_has_a_quota(access, settings):
    settings.ATTACHMENT_LIMIT = 1000
    for _ in range(18):
        put(access, b"x" * 1000)
    with pytest.raises(UploadQuotaError) as error:
        put(access, b"x" * 1000)
    assert error.value.limit == 20_000
    assert len(files(settings)) == 18


def test_a_broken_arrival_leaves_nothing(access, settings):
    def broken():
        yield b"some"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        writing.upload(access=access, filename="a", type="", chunks=broken())
    assert files(settings) == []


def test_what_was_dropped_or_damaged_is_not_there(access, settings):
    kept, dropped = put(access), put(access)
    writing.drop_upload(access=access, token=dropped.token)
    writing.drop_upload(access=access, token=dropped.token)
    (path,) = files(settings)
    path.write_bytes(path.read_bytes()[:-1])
    for token in (kept.token, dropped.token):
        with pytest.raises(PartNotFoundError):
            writing.open_upload(access=access, token=token)


def test_only_what_nobody_saved_lately_is_swept(access, settings):
    old, _ = put(access), put(access)
    path = next(path for path in files(settings) if path.name == old.token)
    os.utime(path, (time.time() - 8 * 86_400,) * 2)
    assert writing.sweep_uploads(older_than=7 * 86_400) == 1
    assert not path.exists()
    assert len(files(settings)) == 1
