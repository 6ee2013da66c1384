"""Taking the steps: each answers with the state and the deadlines that follow."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from chengzhi.audit import interface as audit
from chengzhi.workorders.api.deed_schemas import CloseIn, ReturnIn
from chengzhi.workorders.api.orders import acting, photos_of
from chengzhi.workorders.api.schemas import (
    AssigneeIn,
    CheckIn,
    CommentIn,
    CommentOut,
    ContactOut,
    FileIn,
    HandlingIn,
    MergeIn,
    OthersIn,
    PhotosIn,
    ReasonIn,
    SteppedOut,
    UnitIn,
    VerificationIn,
)
from chengzhi.workorders.api.versions import unchanged
from chengzhi.workorders.commands import check, file, handle, notes, verify
from chengzhi.workorders.queries.access import access_work_order

router = Router()
ANSWERS: dict[Any, Any] = {200: SteppedOut}
ONE = "/{int:work_order_id}"
CLOSED = CloseIn()


@router.post(f"{ONE}/accept", response=ANSWERS)
def accept(request: HttpRequest, work_order_id: int, body: ReasonIn) -> Any:
    """Take the report on for filing (受理)."""
    with unchanged(request, work_order_id, actor=acting(request)) as who:
        return verify.accept(work_order_id, reason=body.reason, **who)


@router.post(f"{ONE}/reject", response=ANSWERS)
def reject(request: HttpRequest, work_order_id: int, body: ReasonIn) -> Any:
    """Refuse the report, with the reason (不予受理)."""
    with unchanged(request, work_order_id, actor=acting(request)) as who:
        return verify.reject(work_order_id, reason=body.reason, **who)


@router.post(f"{ONE}/ask-verification", response=ANSWERS)
def ask_verification(request: HttpRequest, work_order_id: int, body: AssigneeIn) -> Any:
    """Send a collector to see whether it exists (派发核实)."""
    with unchanged(request, work_order_id, actor=acting(request)) as who:
        return verify.ask_verify(work_order_id, assignee=body.assignee, **who)


@router.post(f"{ONE}/verification", response=ANSWERS)
def verification(request: HttpRequest, work_order_id: int, body: VerificationIn) -> Any:
    """Write down what 核实 found."""
    with unchanged(request, work_order_id, actor=acting(request)) as who:
        return verify.record_verification(
            work_order_id,
            result=body.result,
            reason=body.reason,
            photos=photos_of(body.photos),
            **who,
        )


@router.post(f"{ONE}/file", response=ANSWERS)
def put_on_file(request: HttpRequest, work_order_id: int, body: FileIn) -> Any:
    """File it under a condition row (立案)."""
    with unchanged(request, work_order_id, actor=acting(request)) as who:
        return file.file(
            work_order_id,
            condition_number=body.condition_number,
            matter_code=body.matter_code,
            reason=body.reason,
            **who,
        )


@router.post(f"{ONE}/void", response=ANSWERS)
def void(request: HttpRequest, work_order_id: int, body: ReasonIn) -> Any:
    """Cancel it, with the reason (作废)."""
    with unchanged(request, work_order_id, actor=acting(request)) as who:
        return file.void(work_order_id, reason=body.reason, **who)


@router.post(f"{ONE}/merge", response=ANSWERS)
def merge(request: HttpRequest, work_order_id: int, body: MergeIn) -> Any:
    """Close it as a duplicate of another (并案)."""
    with unchanged(request, work_order_id, actor=acting(request)) as who:
        return file.merge(work_order_id, master=body.master, reason=body.reason, **who)


@router.post(f"{ONE}/dispatch", response=ANSWERS)
def dispatch(request: HttpRequest, work_order_id: int, body: UnitIn) -> Any:
    """Send it to the unit that handles it (派遣)."""
    with unchanged(request, work_order_id, actor=acting(request)) as who:
        return handle.dispatch(work_order_id, unit=body.unit, reason=body.reason, **who)


@router.post(f"{ONE}/accept-task", response=ANSWERS)
def accept_task(request: HttpRequest, work_order_id: int) -> Any:
    """Take the task (接收任务)."""
    with unchanged(request, work_order_id, actor=acting(request)) as who:
        return handle.accept_task(work_order_id, **who)


@router.post(f"{ONE}/return-task", response=ANSWERS)
def return_task(request: HttpRequest, work_order_id: int, body: ReturnIn) -> Any:
    """Send the task back to the dispatcher, with the reason (回退)."""
    with unchanged(request, work_order_id, actor=acting(request)) as who:
        return handle.return_task(
            work_order_id, reason_code=body.reason_code, reason=body.reason, **who
        )


@router.post(f"{ONE}/change-handler", response=ANSWERS)
def change_handler(request: HttpRequest, work_order_id: int, body: UnitIn) -> Any:
    """Give the task to another unit, with the reason (改派)."""
    with unchanged(request, work_order_id, actor=acting(request)) as who:
        return handle.change_handler(work_order_id, unit=body.unit, reason=body.reason, **who)


@router.post(f"{ONE}/handling", response=ANSWERS)
def handling(request: HttpRequest, work_order_id: int, body: HandlingIn) -> Any:
    """Report that it is done (反馈)."""
    with unchanged(request, work_order_id, actor=acting(request)) as who:
        return handle.record_handling(
            work_order_id, photos=photos_of(body.photos), note=body.note, **who
        )


@router.post(f"{ONE}/assign-check", response=ANSWERS)
def assign_check(request: HttpRequest, work_order_id: int, body: AssigneeIn) -> Any:
    """Send a collector to look whether it is gone (派发核查)."""
    with unchanged(request, work_order_id, actor=acting(request)) as who:
        return check.assign_check(work_order_id, assignee=body.assignee, **who)


@router.post(f"{ONE}/check", response=ANSWERS)
def record_check(request: HttpRequest, work_order_id: int, body: CheckIn) -> Any:
    """Write down what 核查 found."""
    with unchanged(request, work_order_id, actor=acting(request)) as who:
        return check.record_check(
            work_order_id,
            result=body.result,
            reason=body.reason,
            reason_code=body.reason_code,
            photos=photos_of(body.photos),
            confirmed=tuple(body.confirmed) if body.confirmed is not None else None,
            **who,
        )


@router.post(f"{ONE}/close", response=ANSWERS)
def close(request: HttpRequest, work_order_id: int, body: CloseIn = CLOSED) -> Any:
    """Close it after a check that passed (结案)."""
    with unchanged(request, work_order_id, actor=acting(request)) as who:
        return check.close(work_order_id, result=body.result, **who)


@router.get(f"{ONE}/comments", response={200: list[CommentOut]})
def comments(request: HttpRequest, work_order_id: int) -> Any:
    """Return the remarks on the timeline, oldest first."""
    order = access_work_order(acting(request), work_order_id)
    said = (e for e in audit.history(order.subject) if e.name == "workorders.commented")
    return [{**vars(entry), "text": entry.data["text"]} for entry in said]


@router.post(f"{ONE}/comments", response=ANSWERS)
def comment(request: HttpRequest, work_order_id: int, body: CommentIn) -> Any:
    """Add a remark to the timeline."""
    with unchanged(request, work_order_id, actor=acting(request)) as who:
        return notes.comment(work_order_id, text=body.text, **who)


@router.post(f"{ONE}/attachments", response=ANSWERS)
def attach(request: HttpRequest, work_order_id: int, body: PhotosIn) -> Any:
    """Add stored files to the record."""
    with unchanged(request, work_order_id, actor=acting(request)) as who:
        return notes.attach(work_order_id, photos=photos_of(body.photos), **who)


@router.post(f"{ONE}/verification-assignee", response=ANSWERS)
def reassign_verification(request: HttpRequest, work_order_id: int, body: AssigneeIn) -> Any:
    """Send another collector to verify (改派核实)."""
    with unchanged(request, work_order_id, actor=acting(request)) as who:
        return verify.reassign_verification(work_order_id, assignee=body.assignee, **who)


@router.post(f"{ONE}/not-duplicate", response=ANSWERS)
def not_duplicate(request: HttpRequest, work_order_id: int, body: OthersIn) -> Any:
    """Write down that the candidates are other problems (不是重复)."""
    with unchanged(request, work_order_id, actor=acting(request)) as who:
        return file.not_duplicate(work_order_id, others=tuple(body.others), **who)


@router.post(f"{ONE}/reporter", response={200: ContactOut})
def show_reporter(request: HttpRequest, work_order_id: int, body: ReasonIn) -> Any:
    """Show who reported, unmasked, for a stated reason; looking is an event."""
    with unchanged(request, work_order_id, actor=acting(request)) as who:
        return notes.show_reporter(work_order_id, reason=body.reason, **who)
