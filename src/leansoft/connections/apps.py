from django.apps import AppConfig


class ConnectionsConfig(AppConfig):
    name = "leansoft.connections"
    label = "connections"
