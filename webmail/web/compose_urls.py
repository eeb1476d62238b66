"""The addresses of writing. The converters are those of `urls`."""

from django.urls import path

from .views import answering, compose, resending, uploads

MESSAGE = "message/<folder:folder>/<number:uid_validity>/<number:uid>/"

urlpatterns = [
    path("compose/", compose.compose, name="compose"),
    path("compose/upload/", uploads.upload, name="compose-upload"),
    path("compose/file/<path:token>/", uploads.file, name="compose-file"),
    path("compose/forward/<folder:folder>/", answering.forward_many, name="forward-many"),
    path(f"{MESSAGE}resend/", resending.resend, name="resend"),
    *(path(f"{MESSAGE}{way}/", answering.answer, {"way": way}, name=way) for way in answering.WAYS),
]
