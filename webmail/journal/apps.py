from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "webmail.journal"
    label = "journal"
