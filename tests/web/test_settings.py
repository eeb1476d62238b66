import pytest

from webmail.accounts.models import Person


def test_every_preference(visitor):
    choice = {
        "language": "nn",
        "time_zone": "America/New_York",
        "theme": "dark",
        "density": "compact",
        "page_size": "25",
        "prefer": "text",
        "keys": ["false"],
    }
    assert visitor.post("/preferences/", choice)["Location"] == "/preferences/"
    page = visitor.get("/preferences/").content.decode()
    assert "Innstillingar" in page
    assert "Lagra." in page
    assert 'lang="nn"' in page
    assert 'data-theme="dark"' in page
    assert 'data-density="compact"' in page
    assert "keys.js" not in page
    person = Person.objects.get(username=visitor.user.name)
    assert (person.time_zone, person.page_size, person.prefer, person.keys) == (
        "America/New_York",
        25,
        "text",
        False,
    )
    visitor.post("/preferences/", {"keys": ["false", "true"]})
    assert "keys.js" in visitor.get("/preferences/").content.decode()


def test_the_zone_is_that_of_the_person(visitor):
    visitor.post("/preferences/", {"time_zone": "Asia/Tokyo"})
    assert "17:41" in visitor.get(visitor.message()).content.decode()


def test_one_button_changes_one_thing(visitor):
    visitor.post("/preferences/", {"language": "nb", "theme": "light"})
    answer = visitor.post("/preferences/", {"theme": "dark", "next": "/folder/INBOX/?page=1"})
    assert answer["Location"] == "/folder/INBOX/?page=1"
    person = Person.objects.get(username=visitor.user.name)
    assert (person.language, person.theme) == ("nb", "dark")


@pytest.mark.parametrize(
    "data",
    [
        {"theme": "pink"},
        {"language": "xx"},
        {"page_size": "7"},
        {"page_size": "x"},
        {"time_zone": "Mars/Base"},
        {"density": ""},
    ],
)
def test_bad_preferences_change_nothing(visitor, data):
    assert visitor.post("/preferences/", data).status_code == 422
    person = Person.objects.get(username=visitor.user.name)
    assert (person.theme, person.language, person.page_size, person.time_zone) == ("auto", "", 50, "")


def test_a_visitor_chooses_before_signing_in(client, db):
    answer = client.post("/preferences/", {"language": "nn"})
    assert answer["Location"] == "/sign-in/"
    page = client.get("/sign-in/").content.decode()
    assert "Logg inn" in page
    assert 'lang="nn"' in page
    client.post("/preferences/", {"theme": "dark"})
    assert 'data-theme="dark"' in client.get("/sign-in/").content.decode()
    assert client.post("/preferences/", {"language": "xx"}).status_code == 400


def test_the_browsers_language_counts(client, db):
    assert (
        "Logg inn" in client.get("/sign-in/", headers={"Accept-Language": "nn-NO,nn;q=0.9"}).content.decode()
    )


def test_nothing_is_changed_by_a_link(visitor):
    visitor.get("/preferences/?theme=dark")
    assert Person.objects.get(username=visitor.user.name).theme == "auto"
    assert visitor.get("/trust/?address=a@b.example").status_code == 405
