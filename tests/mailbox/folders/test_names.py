"""Any name goes to a real Dovecot and comes back as it was, or is refused in words with nothing changed."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from webmail.accounts.access import Access
from webmail.accounts.folder_choices import FolderChoices
from webmail.mailbox import folders
from webmail.mailbox.folders import FolderExistsError, FolderNameError, FolderRefusedError

ODD = st.sampled_from(
    list(" &%*\"'\\~#?;<>{}()[]-+,.:@|^`$!=_æøåßİıſ漢🦫\u200f\u202e\u0301\ufeff\u00a0\t\x7f")
)
NAMES = st.text(ODD | st.characters(exclude_categories=("Cs",)), min_size=1, max_size=40)
SLOW = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


def names(access: Access) -> list[str]:
    return [entry.folder.name for entry in folders.overview(access=access).entries]


@SLOW
@given(NAMES, NAMES)
@example(" leading and trailing ", "a&b")
@example("&-", "&AOk-")
@example("100 % *sant*", 'sitat " og \\')
@example("\u202eTXT.exe", "مرحبا")
@example("\U0001f9ab\u200d\U0001f4a6", "e\u0301")
def test_there_and_back(access: Access, first: str, second: str) -> None:
    assume(first != second)
    before = names(access)
    try:
        made = folders.create_folder(access=access, label=first)
    except (FolderNameError, FolderRefusedError, FolderExistsError):
        assert names(access) == before
        return
    assert made == first
    assert sorted(names(access)) == sorted([*before, first])
    last = made
    try:
        last = folders.rename_folder(access=access, folder=made, label=second).name
        assert last == second
    except (FolderNameError, FolderRefusedError, FolderExistsError):
        assert made in names(access)
    try:
        inside = folders.create_folder(access=access, label=first, parent=last)
        assert inside == f"{last}/{first}"
    except (FolderNameError, FolderRefusedError, FolderExistsError):
        pass
    folders.delete_folder(access=access, folder=last, seal=folders.doomed(access=access, folder=last).seal)
    assert sorted(names(access)) == sorted(before)


@pytest.mark.parametrize("name", ["a\0b", "a\rb", "a\nb", "\ud83d", "a/b", "", "   ", "x" * 1001])
def test_what_is_never_sent(tapped, name: str) -> None:
    access, tap, _user = tapped
    folders.overview(access=access)
    tap.settle()
    mark = tap.mark()
    for attempt in (
        lambda: folders.create_folder(access=access, label=name),
        lambda: folders.rename_folder(access=access, folder="Sent", label=name),
    ):
        with pytest.raises((FolderNameError, folders.FolderProtectedError)):
            attempt()
    tap.settle()
    assert not any(line.startswith(("CREATE", "RENAME")) for line in tap.since(mark).commands)


@pytest.mark.parametrize("name", ["inbox", "InBox", "INBOX"])
def test_the_inbox_in_any_case_is_there_already(access: Access, name: str) -> None:
    with pytest.raises(FolderExistsError):
        folders.create_folder(access=access, label=name)


NAME = st.text(min_size=1, max_size=5)


@given(
    st.dictionaries(NAME, st.sampled_from(["", "sent", "trash"])),
    st.lists(NAME),
    st.frozensets(NAME),
    NAME,
    NAME,
)
def test_choices_are_kept_as_they_are(
    roles: dict[str, str], order: list[str], folded: frozenset[str], old: str, new: str
) -> None:
    choices = FolderChoices(roles, tuple(order), folded, True, {})
    assert FolderChoices.of(choices.kept()) == choices
    renamed = choices.after_rename({old: new})
    assert renamed.now(old) == new
    assert renamed.after_rename({new: old}).now(new) == old
    assert (old == new) or (old not in renamed.folded)
    assert old not in choices.without(frozenset((old,))).roles
