from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "leansoft.web"
    label = "web"
