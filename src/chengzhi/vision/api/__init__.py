"""Endpoints of the context, split by who speaks to them."""

from chengzhi.vision.api.worker import router

__all__ = ["router"]
