"""The program's addresses: those of mail, and of the admin where there is one."""

from django.conf import settings
from django.urls import include, path

from webmail.administration.site import site

urlpatterns = [path("", include("webmail.web.urls"))]
if settings.ADMIN:
    urlpatterns.insert(0, path(settings.ADMIN_PATH, site.urls))
handler400 = "webmail.web.views.errors.bad_request"
handler403 = "webmail.web.views.errors.permission_denied"
handler404 = "webmail.web.views.errors.not_found"
handler500 = "webmail.web.views.errors.server_error"
