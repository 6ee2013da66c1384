"""Loads what must be known before the first request: every context's events."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class SiteConfig(AppConfig):
    """The frame around the contexts."""

    name = "chengzhi.site"
    label = "site"

    def ready(self) -> None:
        """Import every context's `events`, so that the register of names is complete."""
        autodiscover_modules("events")
