"""Endpoints of the context, split by who speaks to them."""

from chengzhi.vision.api import (  # their endpoints hang on the worker's router
    leases,
    presets,
    rechecks,
    trials,
)
from chengzhi.vision.api.cost import router as cost_router
from chengzhi.vision.api.worker import router

__all__ = ["cost_router", "leases", "presets", "rechecks", "router", "trials"]
