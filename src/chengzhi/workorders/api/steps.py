"""Taking the steps: each answers with the state and the deadlines that follow."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router

from chengzhi.workorders.api.orders import acting, photos_of
from chengzhi.workorders.api.schemas import (
    AssigneeIn,
    CheckIn,
    CommentIn,
    FileIn,
    HandlingIn,
    MergeIn,
    PhotosIn,
    ReasonIn,
    SteppedOut,
    UnitIn,
    VerificationIn,
)
from chengzhi.workorders.commands import check, file, handle, notes, verify

router = Router()
ANSWERS: dict[Any, Any] = {200: SteppedOut}
ONE = "/{int:work_order_id}"


def _who(request: HttpRequest) -> dict[str, Any]:
    return {"actor": acting(request), "now": timezone.now()}


@router.post(f"{ONE}/accept", response=ANSWERS)
def accept(request: HttpRequest, work_order_id: int, body: ReasonIn) -> Any:
    """Take the report on for filing (受理)."""
    return verify.accept(work_order_id, reason=body.reason, **_who(request))


@router.post(f"{ONE}/reject", response=ANSWERS)
def reject(request: HttpRequest, work_order_id: int, body: ReasonIn) -> Any:
    """Refuse the report, with the reason (不予受理)."""
    return verify.reject(work_order_id, reason=body.reason, **_who(request))


@router.post(f"{ONE}/ask-verification", response=ANSWERS)
def ask_verification(request: HttpRequest, work_order_id: int, body: AssigneeIn) -> Any:
    """Send a collector to see whether it exists (派发核实)."""
    return verify.ask_verify(work_order_id, assignee=body.assignee, **_who(request))


@router.post(f"{ONE}/verification", response=ANSWERS)
def verification(request: HttpRequest, work_order_id: int, body: VerificationIn) -> Any:
    """Write down what 核实 found."""
    return verify.record_verification(
        work_order_id,
        result=body.result,
        reason=body.reason,
        photos=photos_of(body.photos),
        **_who(request),
    )


@router.post(f"{ONE}/file", response=ANSWERS)
def put_on_file(request: HttpRequest, work_order_id: int, body: FileIn) -> Any:
    """File it under a condition row (立案)."""
    return file.file(
        work_order_id,
        condition_number=body.condition_number,
        matter_code=body.matter_code,
        **_who(request),
    )


@router.post(f"{ONE}/void", response=ANSWERS)
def void(request: HttpRequest, work_order_id: int, body: ReasonIn) -> Any:
    """Cancel it, with the reason (作废)."""
    return file.void(work_order_id, reason=body.reason, **_who(request))


@router.post(f"{ONE}/merge", response=ANSWERS)
def merge(request: HttpRequest, work_order_id: int, body: MergeIn) -> Any:
    """Close it as a duplicate of another (并案)."""
    return file.merge(work_order_id, master=body.master, reason=body.reason, **_who(request))


@router.post(f"{ONE}/dispatch", response=ANSWERS)
def dispatch(request: HttpRequest, work_order_id: int, body: UnitIn) -> Any:
    """Send it to the unit that handles it (派遣)."""
    return handle.dispatch(work_order_id, unit=body.unit, reason=body.reason, **_who(request))


@router.post(f"{ONE}/accept-task", response=ANSWERS)
def accept_task(request: HttpRequest, work_order_id: int) -> Any:
    """Take the task (接收任务)."""
    return handle.accept_task(work_order_id, **_who(request))


@router.post(f"{ONE}/return-task", response=ANSWERS)
def return_task(request: HttpRequest, work_order_id: int, body: ReasonIn) -> Any:
    """Send the task back to the dispatcher, with the reason (回退)."""
    return handle.return_task(work_order_id, reason=body.reason, **_who(request))


@router.post(f"{ONE}/change-handler", response=ANSWERS)
def change_handler(request: HttpRequest, work_order_id: int, body: UnitIn) -> Any:
    """Give the task to another unit, with the reason (改派)."""
    return handle.change_handler(work_order_id, unit=body.unit, reason=body.reason, **_who(request))


@router.post(f"{ONE}/handling", response=ANSWERS)
def handling(request: HttpRequest, work_order_id: int, body: HandlingIn) -> Any:
    """Report that it is done (反馈)."""
    return handle.record_handling(
        work_order_id, photos=photos_of(body.photos), note=body.note, **_who(request)
    )


@router.post(f"{ONE}/assign-check", response=ANSWERS)
def assign_check(request: HttpRequest, work_order_id: int, body: AssigneeIn) -> Any:
    """Send a collector to look whether it is gone (派发核查)."""
    return check.assign_check(work_order_id, assignee=body.assignee, **_who(request))


@router.post(f"{ONE}/check", response=ANSWERS)
def record_check(request: HttpRequest, work_order_id: int, body: CheckIn) -> Any:
    """Write down what 核查 found."""
    return check.record_check(
        work_order_id,
        result=body.result,
        reason=body.reason,
        photos=photos_of(body.photos),
        **_who(request),
    )


@router.post(f"{ONE}/close", response=ANSWERS)
def close(request: HttpRequest, work_order_id: int) -> Any:
    """Close it after a check that passed (结案)."""
    return check.close(work_order_id, **_who(request))


@router.post(f"{ONE}/comments", response=ANSWERS)
def comment(request: HttpRequest, work_order_id: int, body: CommentIn) -> Any:
    """Add a remark to the timeline."""
    return notes.comment(work_order_id, text=body.text, **_who(request))


@router.post(f"{ONE}/attachments", response=ANSWERS)
def attach(request: HttpRequest, work_order_id: int, body: PhotosIn) -> Any:
    """Add stored files to the record."""
    return notes.attach(work_order_id, photos=photos_of(body.photos), **_who(request))
