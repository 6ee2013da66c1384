"""What cameras saw at the place of a work order afterwards."""

from chengzhi.workorders.models import CameraLook
from chengzhi.workorders.types import LOOK_LABELS, LookCard


def looks_of(order: int) -> list[LookCard]:
    """Return the looks at a work order's place, newest first; the caller may see the order."""
    rows = CameraLook.objects.filter(order=order).select_related("order").order_by("-looked_at")
    return [
        LookCard(
            id=row.pk,
            camera=row.camera,
            answer=row.answer,
            answer_label=LOOK_LABELS[row.answer],
            looked_at=row.looked_at,
            remark=row.remark,
            still=row.still,
            is_after_handling=bool(row.order.handled_at and row.looked_at >= row.order.handled_at),
        )
        for row in rows
    ]
