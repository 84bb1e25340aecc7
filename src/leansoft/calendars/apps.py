from django.apps import AppConfig


class CalendarsConfig(AppConfig):
    name = "leansoft.calendars"
    label = "calendars"
