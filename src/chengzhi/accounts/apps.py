"""Accounts as a Django application; it tells the event log what people are called."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Registers the names of people with the event log."""

    name = "chengzhi.accounts"

    def ready(self) -> None:
        from chengzhi.accounts.queries import names_of, people_named
        from chengzhi.audit import interface as audit

        audit.register_names("person", names_of, find=people_named)
