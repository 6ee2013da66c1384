"""Endpoints of the context, split by who speaks to them."""

from chengzhi.vision.api import (  # their endpoints hang on the worker's router
    leases,
    rechecks,
    trials,
)
from chengzhi.vision.api.worker import router

__all__ = ["leases", "rechecks", "router", "trials"]
