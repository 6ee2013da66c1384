"""The event log as a Django application; every context's events are registered at start."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class AuditConfig(AppConfig):
    """Loads each context's `events` module, so that every name has its shape and sentence."""

    name = "chengzhi.audit"

    def ready(self) -> None:
        autodiscover_modules("events")
