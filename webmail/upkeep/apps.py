from django.apps import AppConfig


class UpkeepConfig(AppConfig):
    name = "webmail.upkeep"
    label = "upkeep"
