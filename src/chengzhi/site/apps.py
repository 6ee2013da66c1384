"""Loads what must be known before the first request: the local standards and every context's events."""

from pathlib import Path

from django.apps import AppConfig
from django.conf import settings
from django.utils.module_loading import autodiscover_modules

from chengzhi.standards import configure


class SiteConfig(AppConfig):
    """The frame around the contexts."""

    name = "chengzhi.site"
    label = "site"

    def ready(self) -> None:
        """Name the local standards, and import every context's `events` into the register."""
        if settings.CHENGZHI_STANDARDS:
            configure(Path(settings.CHENGZHI_STANDARDS))
        autodiscover_modules("events")
