from django.apps import AppConfig


class FactorsConfig(AppConfig):
    name = "webmail.factors"
    label = "factors"
