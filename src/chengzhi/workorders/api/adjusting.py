"""Extensions, deferrals, shelving, notices and appeals for machines: ask, decide, read."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router

from chengzhi.workorders.api.adjusting_schemas import (
    AdjustmentPageOut,
    AppealIn,
    AppealPageOut,
    AppealsIn,
    ExtensionIn,
    LateStageOut,
    MarkedOut,
    NoticeIn,
    NoticePageOut,
    NoticesIn,
    RequestsIn,
    ShelvedIn,
    ShelvedPageOut,
    SupervisionIn,
    SuspensionIn,
)
from chengzhi.workorders.api.orders import acting, photos_of
from chengzhi.workorders.api.schemas import ReasonIn, SteppedOut
from chengzhi.workorders.commands import adjust, appeal, notice, suspend
from chengzhi.workorders.queries import adjustments, appeals, ledger, notices
from chengzhi.workorders.types.adjustments import (
    AdjustmentFilters,
    AdjustmentKind,
    Asked,
)
from chengzhi.workorders.types.notices import NoticeFilters

on_orders = Router()
router = Router()
ONE = "/{int:work_order_id}"


def _who(request: HttpRequest) -> dict[str, Any]:
    return {"actor": acting(request), "now": timezone.now()}


@on_orders.post(f"{ONE}/extensions", response={201: MarkedOut})
def ask_extension(request: HttpRequest, work_order_id: int, body: ExtensionIn) -> Any:
    """Ask for more time, in the unit of the limit (申请延期)."""
    asked = Asked(kind=AdjustmentKind.EXTENSION, reason=body.reason, amount=body.amount)
    photos = photos_of(body.photos)
    return 201, adjust.ask(work_order_id, asked=asked, photos=photos, **_who(request))


@on_orders.post(f"{ONE}/suspensions", response={201: MarkedOut})
def ask_suspension(request: HttpRequest, work_order_id: int, body: SuspensionIn) -> Any:
    """Ask to let the order stand until a day (申请缓办、挂账)."""
    asked = Asked(kind=body.kind, reason=body.reason, until=body.until, cause=body.cause)
    photos = photos_of(body.photos)
    return 201, adjust.ask(work_order_id, asked=asked, photos=photos, **_who(request))


@on_orders.post(f"{ONE}/resume", response={200: SteppedOut})
def resume(request: HttpRequest, work_order_id: int, body: ReasonIn) -> Any:
    """Go on before the day that was granted (恢复办理)."""
    return suspend.resume(work_order_id, reason=body.reason, **_who(request))


@on_orders.post(f"{ONE}/urgings", response={201: MarkedOut})
def urge(request: HttpRequest, work_order_id: int, body: NoticeIn) -> Any:
    """Urge the unit that has the task (催办)."""
    return 201, notice.urge(work_order_id, text=body.text, **_who(request))


@on_orders.post(f"{ONE}/supervisions", response={201: MarkedOut})
def supervise(request: HttpRequest, work_order_id: int, body: SupervisionIn) -> Any:
    """Issue a supervision notice (督办)."""
    found = notice.supervise(work_order_id, level=body.level, text=body.text, **_who(request))
    return 201, found


@on_orders.post(f"{ONE}/closing-confirmation", response={200: SteppedOut})
def confirm_closing(request: HttpRequest, work_order_id: int, body: ReasonIn) -> Any:
    """Let a supervised work order be closed (督办结案确认)."""
    return notice.confirm_closing(work_order_id, reason=body.reason, **_who(request))


@on_orders.post(f"{ONE}/appeals", response={201: MarkedOut})
def lodge_appeal(request: HttpRequest, work_order_id: int, body: AppealIn) -> Any:
    """Appeal against one late stage (超时申诉)."""
    photos = photos_of(body.photos)
    found = appeal.lodge(
        work_order_id, run=body.run, reason=body.reason, photos=photos, **_who(request)
    )
    return 201, found


@on_orders.get(f"{ONE}/late-stages", response={200: list[LateStageOut]})
def late_stages(request: HttpRequest, work_order_id: int) -> Any:
    """List the late stages of a work order, and until when they may be appealed."""
    return appeals.late_stages_of(acting(request), work_order_id, now=timezone.now())


@router.get("/adjustments", response={200: AdjustmentPageOut})
def list_adjustments(request: HttpRequest, asked: Query[RequestsIn]) -> Any:
    """List extensions, deferrals and shelvings that were asked for, newest first."""
    filters = AdjustmentFilters(
        states=tuple(asked.state),
        kinds=tuple(asked.kind),
        unit=asked.unit,
        overdue=asked.overdue,
        mine=asked.mine,
    )
    return adjustments.adjustments(
        acting(request), filters, now=timezone.now(), after=asked.after, size=asked.size
    )


@router.post("/adjustments/{int:adjustment_id}/first-approval", response={200: MarkedOut})
def first_approve(request: HttpRequest, adjustment_id: int, body: ReasonIn) -> Any:
    """Agree at the first level (初审同意)."""
    return adjust.first_approve(adjustment_id, note=body.reason, **_who(request))


@router.post("/adjustments/{int:adjustment_id}/grant", response={200: MarkedOut})
def grant(request: HttpRequest, adjustment_id: int, body: ReasonIn) -> Any:
    """Grant it: the end moves, or the order stands (批准)."""
    return adjust.grant(adjustment_id, note=body.reason, **_who(request))


@router.post("/adjustments/{int:adjustment_id}/refusal", response={200: MarkedOut})
def refuse(request: HttpRequest, adjustment_id: int, body: ReasonIn) -> Any:
    """Say no, with the reason (不批准)."""
    return adjust.refuse(adjustment_id, reason=body.reason, **_who(request))


@router.post("/adjustments/{int:adjustment_id}/withdrawal", response={200: MarkedOut})
def take_back(request: HttpRequest, adjustment_id: int, body: ReasonIn) -> Any:
    """Take the request back (撤回申请)."""
    return adjust.take_back(adjustment_id, reason=body.reason, **_who(request))


@router.get("/shelved", response={200: ShelvedPageOut})
def list_shelved(request: HttpRequest, asked: Query[ShelvedIn]) -> Any:
    """List what stands, the next day of review first (挂账台账)."""
    filters = ledger.standing(kinds=tuple(asked.kind), handler=asked.unit)
    found = ledger.ledger(
        acting(request), filters, now=timezone.now(), after=asked.after, size=asked.size
    )
    rows = [
        {
            "id": line.row.id,
            "code": line.row.code,
            "matter_name": line.row.matter_name,
            "handler": line.row.handler,
            "handler_name": line.row.handler_name,
            "kind": line.kind,
            "cause": line.cause,
            "reason": line.reason,
            "until": line.until,
        }
        for line in found.lines
    ]
    return {"rows": rows, "count": found.count, "after": found.after}


@router.get("/appeals", response={200: AppealPageOut})
def list_appeals(request: HttpRequest, asked: Query[AppealsIn]) -> Any:
    """List overtime appeals, newest first."""
    filters = AdjustmentFilters(
        states=tuple(asked.state), unit=asked.unit, overdue=asked.overdue, mine=asked.mine
    )
    return appeals.appeals(
        acting(request), filters, now=timezone.now(), after=asked.after, size=asked.size
    )


@router.post("/appeals/{int:appeal_id}/support", response={200: MarkedOut})
def support(request: HttpRequest, appeal_id: int, body: ReasonIn) -> Any:
    """Find for the unit at the first review (初审通过)."""
    return appeal.support(appeal_id, note=body.reason, **_who(request))


@router.post("/appeals/{int:appeal_id}/uphold", response={200: MarkedOut})
def uphold(request: HttpRequest, appeal_id: int, body: ReasonIn) -> Any:
    """Find for the unit: late, but not counted (成立，不计考核)."""
    return appeal.uphold(appeal_id, note=body.reason, **_who(request))


@router.post("/appeals/{int:appeal_id}/dismissal", response={200: MarkedOut})
def dismiss(request: HttpRequest, appeal_id: int, body: ReasonIn) -> Any:
    """Find against the unit, with the reason (不成立)."""
    return appeal.dismiss(appeal_id, reason=body.reason, **_who(request))


@router.post("/appeals/{int:appeal_id}/drop", response={200: MarkedOut})
def drop(request: HttpRequest, appeal_id: int) -> Any:
    """Take the appeal back (撤回申诉)."""
    return appeal.drop(appeal_id, **_who(request))


@router.get("/notices", response={200: NoticePageOut})
def list_notices(request: HttpRequest, asked: Query[NoticesIn]) -> Any:
    """List urgings and supervision notices, newest first."""
    filters = NoticeFilters(
        states=tuple(asked.state), kinds=tuple(asked.kind), unit=asked.unit, overdue=asked.overdue
    )
    return notices.notices(
        acting(request), filters, now=timezone.now(), after=asked.after, size=asked.size
    )


@router.post("/notices/{int:notice_id}/acknowledge", response={200: MarkedOut})
def acknowledge(request: HttpRequest, notice_id: int) -> Any:
    """Say that the notice has arrived (签收)."""
    return notice.acknowledge(notice_id, **_who(request))


@router.post("/notices/{int:notice_id}/reply", response={200: MarkedOut})
def reply(request: HttpRequest, notice_id: int, body: NoticeIn) -> Any:
    """Answer the notice (回复)."""
    return notice.reply(notice_id, text=body.text, **_who(request))


@router.post("/notices/{int:notice_id}/revoke", response={200: MarkedOut})
def revoke(request: HttpRequest, notice_id: int, body: ReasonIn) -> Any:
    """Take the notice back, with the reason (撤销)."""
    return notice.revoke(notice_id, reason=body.reason, **_who(request))
