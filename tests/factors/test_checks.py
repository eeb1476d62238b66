import pytest

from webmail.factors.checks import second_factor


@pytest.mark.parametrize(
    ("value", "found"), [("off", []), ("optional", []), ("required", []), ("requird", ["ekorn.E040"])]
)
def test_a_word_that_is_none_is_named(settings, value, found):
    settings.SECOND_FACTOR = value
    assert [one.id for one in second_factor()] == found
