"""Which stages have something to say."""

from datetime import datetime

from chengzhi.workorders.models import Adjustment, Notice, WorkOrder


def due_alerts(*, now: datetime, most: int) -> list[int]:
    """Return the orders whose stage reached its warning or its end, most urgent first."""
    rows = WorkOrder.objects.filter(alert_at__lte=now).order_by("alert_at", "pk")
    return list(rows.values_list("pk", flat=True)[:most])


def due_requests(*, now: datetime, most: int) -> list[int]:
    """Return the requests that nobody has answered in time and of which nothing was said yet."""
    rows = Adjustment.objects.filter(alert_at__lte=now).order_by("alert_at", "pk")
    return list(rows.values_list("pk", flat=True)[:most])


def due_notices(*, now: datetime, most: int) -> list[int]:
    """Return the notices that nobody has answered in time and of which nothing was said yet."""
    rows = Notice.objects.filter(alert_at__lte=now).order_by("alert_at", "pk")
    return list(rows.values_list("pk", flat=True)[:most])
