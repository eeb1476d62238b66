"""Files at rest open for their owner alone, whole or not at all."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webmail.accounts.sealed_file import PIECE, SealedReader, SealedWriter, open_sealed
from webmail.sealed import UnsealError, seal, seal_for_job, unseal, unseal_for_job

WORD = b"hemmeleg"


def write(path: Path, *pieces: bytes, owner: str = "1/upload/a") -> Path:
    with SealedWriter(path, owner=owner) as file:
        for piece in pieces:
            file.write(piece)
    return path


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_what_was_written_comes_back(tmp_path, size):
    data = (WORD * (size // len(WORD) + 1))[:size]
    path = write(tmp_path / "deep" / "file", data)
    assert WORD not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    with open_sealed(path, owner="1/upload/a") as file:
        assert file.read() == data
    with SealedReader(path, owner="1/upload/a") as reader:
        assert reader.size == size


@settings(max_examples=25, deadline=None)
@given(pieces=st.lists(st.binary(max_size=PIECE // 2), max_size=6), bite=st.integers(1, 3 * PIECE))
def test_in_whatever_pieces(tmp_path_factory, pieces, bite):
    path = write(tmp_path_factory.mktemp("sealed") / "file", *pieces)
    with open_sealed(path, owner="1/upload/a") as file:
        assert b"".join(iter(lambda: file.read(bite), b"")) == b"".join(pieces)


def test_another_owner_or_another_server_opens_nothing(tmp_path, settings):
    path = write(tmp_path / "file", WORD)
    with pytest.raises(UnsealError), open_sealed(path, owner="2/upload/a") as file:
        file.read()
    settings.SECRET_KEY = "another"
    with pytest.raises(UnsealError), open_sealed(path, owner="1/upload/a") as file:
        file.read()


@pytest.mark.parametrize("cut", [1, 20, PIECE + 16, PIECE + 40])
def test_a_file_that_was_cut_is_not_taken_for_a_whole_one(tmp_path, cut):
    path = write(tmp_path / "file", WORD * PIECE)
    path.write_bytes(path.read_bytes()[:-cut])
    with pytest.raises(UnsealError), open_sealed(path, owner="1/upload/a") as file:
        file.read()


def test_an_interrupted_one_is_not_there(tmp_path):
    def interrupted():
        with SealedWriter(tmp_path / "file", owner="1") as file:
            file.write(WORD)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        interrupted()
    assert list(tmp_path.iterdir()) == []


def test_a_jobs_secret_is_for_that_job(settings):
    sealed = seal_for_job("secret", owner="7")
    assert unseal_for_job(sealed, owner="7") == "secret"
    for other in (lambda: unseal_for_job(sealed, owner="8"), lambda: unseal(sealed, half="x", owner="7")):
        with pytest.raises(UnsealError):
            other()
    with pytest.raises(UnsealError):
        unseal_for_job(seal("secret", half="A" * 43, owner="7"), owner="7")
