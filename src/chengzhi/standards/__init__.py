"""Standards: codes, handling conditions, limits and the calendar, as dated data with sources."""

from chengzhi.standards.store import Standards, configure, current

__all__ = ["Standards", "configure", "current"]
