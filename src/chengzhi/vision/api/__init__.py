"""Endpoints of the context, split by who speaks to them."""

from chengzhi.vision.api import leases, trials  # their endpoints hang on the worker's router
from chengzhi.vision.api.worker import router

__all__ = ["leases", "router", "trials"]
