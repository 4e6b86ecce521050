"""The Django application of accounts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Guests and people with an account."""

    name = "playground.accounts"
    label = "accounts"
    verbose_name = "Accounts"
