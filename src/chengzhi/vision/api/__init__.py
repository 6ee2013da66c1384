"""Endpoints of the context, split by who speaks to them."""

from chengzhi.vision.api import (  # their endpoints hang on the worker's router
    leases,
    presets,
    rechecks,
    trials,
)
from chengzhi.vision.api.worker import router

__all__ = ["leases", "presets", "rechecks", "router", "trials"]
