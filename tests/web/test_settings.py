import lxml.html
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


def test_every_preference_for_writing(visitor):
    choice = {
        "compose": "plain",
        "spell_language": "nn",
        "quote": ["false"],
        "quote_position": "below",
        "signature_on_reply": ["false"],
        "signature_above_quote": ["false"],
        "undo_seconds": "30",
        "save_sent": ["false"],
        "collect_recipients": ["false"],
        "request_receipts": ["false", "true"],
        "answer_receipts": "never",
    }
    assert visitor.post("/preferences/writing/", choice)["Location"] == "/preferences/writing/"
    person = Person.objects.get(username=visitor.user.name)
    kept = {name: getattr(person, name) for name in choice}
    wanted = {
        name: value[-1] == "true" if isinstance(value, list) else value for name, value in choice.items()
    }
    assert kept == wanted | {"undo_seconds": 30}
    page = lxml.html.document_fromstring(visitor.get("/preferences/writing/").content.decode())
    assert "Saved." in page.text_content()
    chosen = page.xpath("//select/option[@selected]/@value | //input[@type='radio'][@checked]/@value")
    assert chosen == ["plain", "nn", "below", "30", "never"]
    assert page.xpath("//input[@type='checkbox'][@checked]/@name") == ["request_receipts"]


def test_one_preference_for_writing_changes_one_thing(visitor):
    visitor.post("/preferences/writing/", {"undo_seconds": "17"})
    visitor.post("/preferences/writing/", {"compose": "plain"})
    person = Person.objects.get(username=visitor.user.name)
    assert (person.undo_seconds, person.compose, person.quote) == (17, "plain", True)
    assert ">17 seconds</option>" in visitor.get("/preferences/writing/").content.decode()


@pytest.mark.parametrize(
    "data",
    [
        {"undo_seconds": "61"},
        {"undo_seconds": "-1"},
        {"undo_seconds": ""},
        {"compose": "fancy"},
        {"quote_position": ""},
        {"spell_language": "xx"},
        {"answer_receipts": "always"},
        {"quote": "false", "compose": "x"},
    ],
)
def test_bad_preferences_for_writing_change_nothing(visitor, data):
    assert visitor.post("/preferences/writing/", data).status_code == 422
    person = Person.objects.get(username=visitor.user.name)
    assert (person.undo_seconds, person.compose, person.quote) == (5, "rich", True)
    assert (person.spell_language, person.answer_receipts) == ("", "ask")


def test_the_parts_of_the_settings(visitor):
    for address in (
        "/preferences/",
        "/preferences/writing/",
        "/preferences/labels/",
        "/preferences/identities/",
        "/preferences/second-step/",
        "/preferences/devices/",
        "/preferences/file/",
    ):
        page = lxml.html.document_fromstring(visitor.get(address).content.decode())
        tabs = page.xpath("//nav[@class='tabs']//a")
        assert [tab.get("href") for tab in tabs if tab.get("aria-current") == "page"] == [address]
