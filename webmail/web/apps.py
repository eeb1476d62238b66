from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "webmail.web"
    label = "web"
