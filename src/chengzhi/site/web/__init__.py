"""Pages that belong to no context: home, search, what lies near, health, lock-out, offline."""

from chengzhi.site.web.home import home
from chengzhi.site.web.live import live
from chengzhi.site.web.metrics import metrics
from chengzhi.site.web.near import nearby_work_orders
from chengzhi.site.web.records import record
from chengzhi.site.web.search import search
from chengzhi.site.web.service import (
    health,
    locked_out,
    offline,
    ready,
    service_worker,
)

__all__ = [
    "health",
    "home",
    "live",
    "locked_out",
    "metrics",
    "nearby_work_orders",
    "offline",
    "ready",
    "record",
    "search",
    "service_worker",
]
