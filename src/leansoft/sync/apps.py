from django.apps import AppConfig


class SyncConfig(AppConfig):
    name = "leansoft.sync"
    label = "sync"
