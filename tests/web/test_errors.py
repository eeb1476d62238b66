import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.test import RequestFactory, override_settings
from django.urls import path

from webmail import urls as program
from webmail.accounts.errors import MailServerError
from webmail.web.views import errors


def broken(request):
    raise ZeroDivisionError("secret words")


def forbidden(request):
    raise PermissionDenied("secret words")


def server(request, reason):
    raise MailServerError(reason, "<b>its words</b>")


def too_big(request):
    raise RequestDataTooBig


urlpatterns = [
    *program.urlpatterns,
    path("x/broken/", broken),
    path("x/forbidden/", forbidden),
    path("x/big/", too_big),
    path("x/server/<str:reason>/", server),
]
handler400, handler403 = program.handler400, program.handler403
handler404, handler500 = program.handler404, program.handler500


@pytest.fixture(autouse=True)
def _places(db, client):
    client.raise_request_exception = False
    with override_settings(ROOT_URLCONF=__name__):
        yield


@pytest.mark.parametrize(
    ("place", "status"),
    [
        ("/x/broken/", 500),
        ("/x/forbidden/", 403),
        ("/x/nothing/", 404),
        ("/x/big/", 413),
        ("/folder/a//b/", 404),
    ],
)
def test_a_page_for_every_error(client, place, status):
    answer = client.get(place)
    page = answer.content.decode()
    assert answer.status_code == status
    assert page.count("<h1") == 1
    assert "secret words" not in page
    assert "Traceback" not in page
    assert "no-store" in answer["Cache-Control"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("reason", ["down", "lost", "timeout", "tls", "busy", "refused", "something-new"])
def test_the_mail_servers_failures(client, reason):
    answer = client.get(f"/x/server/{reason}/")
    assert answer.status_code == 503
    assert answer["Retry-After"] == "10"
    assert "&lt;b&gt;its words&lt;/b&gt;" in answer.content.decode()
    assert f'href="/x/server/{reason}/"' in answer.content.decode()


def test_too_many_tries():
    answer = errors.error_page(RequestFactory().get("/"), 429)
    assert answer.status_code == 429
    assert b"One moment" in answer.content


def test_in_the_language_of_the_browser(client):
    assert (
        "Her er det ingenting"
        in client.get("/x/nothing/", headers={"Accept-Language": "nn"}).content.decode()
    )
