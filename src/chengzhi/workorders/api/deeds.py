"""Returns, forced ends, links, referrals, bundles and fieldwork."""

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router

from chengzhi.places.types import Point
from chengzhi.workorders.api.deed_schemas import (
    AgainIn,
    AnsweredOut,
    AnswerIn,
    BundleIn,
    BundleOut,
    ControlOut,
    ForceCloseIn,
    HandledIn,
    LinkedOut,
    ReferIn,
    ReferralOut,
    ReturnIn,
    TaskOut,
)
from chengzhi.workorders.api.orders import acting, photos_of
from chengzhi.workorders.api.schemas import ReasonIn, ReportedOut, SteppedOut
from chengzhi.workorders.api.versions import unchanged
from chengzhi.workorders.commands import again, bundle, check, followers, refer, returns, spot
from chengzhi.workorders.queries import control, links, tasks
from chengzhi.workorders.types import Report

router = Router()
ANSWERS: dict[Any, Any] = {200: SteppedOut}
ONE = "/{int:work_order_id}"


def _who(request: HttpRequest) -> dict[str, Any]:
    return {"actor": acting(request), "now": timezone.now()}


@router.post(f"{ONE}/return-acceptance", response=ANSWERS)
def return_acceptance(request: HttpRequest, work_order_id: int, body: ReturnIn) -> Any:
    """Send an accepted report back to the acceptance officer (退回受理)."""
    with unchanged(request, work_order_id, actor=acting(request)) as who:
        return returns.return_acceptance(
            work_order_id, reason_code=body.reason_code, reason=body.reason, **who
        )


@router.post(f"{ONE}/return-filing", response=ANSWERS)
def return_filing(request: HttpRequest, work_order_id: int, body: ReturnIn) -> Any:
    """Send a filed order back to the duty manager (退回立案)."""
    with unchanged(request, work_order_id, actor=acting(request)) as who:
        return returns.return_filing(
            work_order_id, reason_code=body.reason_code, reason=body.reason, **who
        )


@router.post(f"{ONE}/recheck", response=ANSWERS)
def recheck(request: HttpRequest, work_order_id: int, body: ReturnIn) -> Any:
    """Have it checked again before it is closed (退回核查)."""
    with unchanged(request, work_order_id, actor=acting(request)) as who:
        return returns.recheck(
            work_order_id, reason_code=body.reason_code, reason=body.reason, **who
        )


@router.post(f"{ONE}/force-close", response=ANSWERS)
def force_close(request: HttpRequest, work_order_id: int, body: ForceCloseIn) -> Any:
    """End it without a check, saying what became of the problem (强制结案)."""
    with unchanged(request, work_order_id, actor=acting(request)) as who:
        return check.force_close(work_order_id, **body.dict(), **who)


@router.post(f"{ONE}/split", response=ANSWERS)
def split(request: HttpRequest, work_order_id: int, body: ReasonIn) -> Any:
    """Take it out of its master again, while that is open (拆出并案)."""
    with unchanged(request, work_order_id, actor=acting(request)) as who:
        return followers.split(work_order_id, reason=body.reason, **who)


@router.post(f"{ONE}/report-again", response={201: LinkedOut})
def report_again(request: HttpRequest, work_order_id: int, body: AgainIn) -> Any:
    """Make a new work order, linked to this closed one, because its problem is back."""
    with unchanged(request, work_order_id, actor=acting(request)) as who:
        made = again.report_again(
            work_order_id,
            description=body.description,
            channel=body.channel,
            photos=photos_of(body.photos),
            **who,
        )
        return 201, {"id": made.pk, "code": made.code, "state": made.state, "origin": work_order_id}


@router.get(f"{ONE}/referrals", response=list[ReferralOut])
def referrals(request: HttpRequest, work_order_id: int) -> Any:
    """List its referrals to enforcement, newest first."""
    return links.referrals(acting(request), work_order_id)


@router.post(f"{ONE}/referrals", response={201: ReferralOut})
def refer_to_enforcement(request: HttpRequest, work_order_id: int, body: ReferIn) -> Any:
    """Refer the violation behind it to enforcement (移送执法)."""
    made = refer.refer(work_order_id, **body.dict(), **_who(request))
    found = links.referrals(acting(request), work_order_id)
    return 201, next(card for card in found if card.id == made.pk)


@router.post("/referrals/{int:referral_id}/answer", response=AnsweredOut)
def answer_referral(request: HttpRequest, referral_id: int, body: AnswerIn) -> Any:
    """Write down what enforcement answered; the same answer again changes nothing."""
    is_new = refer.note_referral_answer(referral_id, **body.dict(), **_who(request))
    return {"is_new": is_new}


@router.post("/bundles", response=BundleOut)
def dispatch_bundle(request: HttpRequest, body: BundleIn) -> Any:
    """Dispatch several filed orders to one unit in one deed (捆绑派遣)."""
    return bundle.dispatch_bundle(body.orders, unit=body.unit, reason=body.reason, **_who(request))


@router.post("/handled-on-the-spot", response={201: ReportedOut})
def handled_on_the_spot(request: HttpRequest, body: HandledIn) -> Any:
    """Report what a collector removed at once, under the published policy (现场处置)."""
    said = body.dict(exclude={"condition_number", "photos"})
    received = Report(**said, photos=photos_of(body.photos))
    made = spot.report_handled(received, condition_number=body.condition_number, **_who(request))
    return 201, made


@router.get("/tasks", response=list[TaskOut])
def my_tasks(request: HttpRequest) -> Any:
    """List what the collector has to verify or check, the most urgent first."""
    return tasks.my_tasks(**_who(request))


@router.get("/control", response=ControlOut)
def control_at(
    request: HttpRequest,
    matter_code: Annotated[str, Field(max_length=5)],
    lon: Annotated[float, Field(ge=-180, le=180)],
    lat: Annotated[float, Field(ge=-90, le=90)],
) -> Any:
    """Say whether a matter is allowed at a place now: a control area or window (管控范围)."""
    actor, now = acting(request), timezone.now()
    point = Point(lon=lon, lat=lat)
    said = control.control_here(actor.county, matter=matter_code, point=point, at=now, now=now)
    return {"control": said}
