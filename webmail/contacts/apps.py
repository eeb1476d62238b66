from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "webmail.contacts"
    label = "contacts"
