from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "leansoft.accounts"
    label = "accounts"
