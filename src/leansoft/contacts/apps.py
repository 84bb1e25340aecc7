from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "leansoft.contacts"
    label = "contacts"
