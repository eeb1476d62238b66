"""The program's addresses are those of its one web app."""

from django.urls import include, path

urlpatterns = [path("", include("webmail.web.urls"))]
handler400 = "webmail.web.views.errors.bad_request"
handler403 = "webmail.web.views.errors.permission_denied"
handler404 = "webmail.web.views.errors.not_found"
handler500 = "webmail.web.views.errors.server_error"
