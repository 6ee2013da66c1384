"""Work orders for machines and scripts: report once, list by key, take the steps."""

from ninja import Router

from chengzhi.workorders.api.adjusting import on_orders as requests_on_orders
from chengzhi.workorders.api.adjusting import router as requests
from chengzhi.workorders.api.coverage import router as coverage
from chengzhi.workorders.api.deeds import router as deeds
from chengzhi.workorders.api.nearby import router as nearby
from chengzhi.workorders.api.orders import router as orders
from chengzhi.workorders.api.remedies import router as remedies
from chengzhi.workorders.api.statistics import router as statistics
from chengzhi.workorders.api.steps import router as steps
from chengzhi.workorders.api.whistles import router as whistles

router = Router(tags=["work orders"])
router.add_router("/work-orders", orders)
router.add_router("/work-orders", nearby)
router.add_router("/work-orders", statistics)
router.add_router("/work-orders", steps)
router.add_router("/whistles", whistles)
router.add_router("/work-orders", deeds)
router.add_router("/work-orders", requests_on_orders)
router.add_router("", requests)
router.add_router("/remedies", remedies)
router.add_router("/coverage", coverage)

__all__ = ["router"]
