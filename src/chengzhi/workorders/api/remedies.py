"""Ownerless problems and remedies (无主难题、代整治) for machines: register, search, decide, work."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Status

from chengzhi.workorders.api.orders import acting, photos_of
from chengzhi.workorders.api.remedy_schemas import (
    AmountIn,
    AtOnceIn,
    BudgetIn,
    DoneIn,
    FenceIn,
    MeetingIn,
    NoticeIn,
    ObligorIn,
    PaymentIn,
    PeriodIn,
    ProblemIn,
    RatesOut,
    RemediesIn,
    RemedyOut,
    RemedyPageOut,
    RemedyReasonIn,
    RemedySteppedOut,
    RescheduleIn,
    SearchIn,
    SubstituteIn,
    WorkIn,
)
from chengzhi.workorders.commands import remedy_ground, remedy_search, remedy_work
from chengzhi.workorders.queries.remedies import remedy_page, remedy_rates
from chengzhi.workorders.queries.remedy_record import remedy_record
from chengzhi.workorders.types.remedies import (
    Obligor,
    ProblemDraft,
    RemedyFilters,
    Substitute,
    WorkDone,
    WorkOrdered,
)

router = Router()
ONE = "/{int:remedy_id}"
STEPPED: dict[Any, Any] = {200: RemedySteppedOut}


def _who(request: HttpRequest) -> dict[str, Any]:
    return {"actor": acting(request), "now": timezone.now()}


def _work(body: WorkIn) -> WorkOrdered:
    return WorkOrdered(contractor=body.contractor, text=body.text, photos=photos_of(body.photos))


@router.get("", response={200: RemedyPageOut})
def remedies(request: HttpRequest, asked: Query[RemediesIn]) -> Any:
    """List the remedies that you may see, newest first."""
    filters = RemedyFilters(
        states=tuple(asked.state),
        kinds=tuple(asked.kind),
        tracks=tuple(asked.track),
        towns=tuple(asked.town),
        open_only=asked.open_only,
        overdue=asked.overdue,
        hazard=asked.hazard,
        measure=asked.measure,
        text=asked.text.strip(),
    )
    return remedy_page(**_who(request), filters=filters, after=asked.after, size=asked.size)


@router.get("/rates", response={200: RatesOut})
def rates(request: HttpRequest, asked: Query[PeriodIn]) -> Any:
    """Return the two published rates of what was registered in the last days."""
    now = timezone.now()
    return remedy_rates(acting(request), since=now - timedelta(days=asked.days), until=now, now=now)


@router.post("", response={201: RemedySteppedOut})
def register(request: HttpRequest, body: ProblemIn) -> Any:
    """Register a problem without a clear owner."""
    draft = ProblemDraft(**body.dict(exclude={"photos"}), photos=photos_of(body.photos))
    return Status(201, remedy_search.register_problem(draft, **_who(request)))


@router.get(ONE, response={200: RemedyOut})
def one(request: HttpRequest, remedy_id: int) -> Any:
    """Return one remedy."""
    return remedy_record(acting(request), remedy_id, now=timezone.now())


@router.post(f"{ONE}/fence", response=STEPPED)
def fence(request: HttpRequest, remedy_id: int, body: FenceIn) -> Any:
    """Write down that the place was fenced (围护)."""
    photos = photos_of(body.photos)
    return remedy_search.fence(remedy_id, note=body.note, photos=photos, **_who(request))


@router.post(f"{ONE}/start-search", response=STEPPED)
def start_search(request: HttpRequest, remedy_id: int) -> Any:
    """Begin to look for an owner."""
    return remedy_search.start_search(remedy_id, **_who(request))


@router.post(f"{ONE}/searches", response=STEPPED)
def log_search(request: HttpRequest, remedy_id: int, body: SearchIn) -> Any:
    """Write down where an owner was looked for."""
    return remedy_search.log_search(remedy_id, **body.dict(), **_who(request))


@router.post(f"{ONE}/meetings", response=STEPPED)
def hold_meeting(request: HttpRequest, remedy_id: int, body: MeetingIn) -> Any:
    """Write down a responsibility meeting."""
    return remedy_search.hold_meeting(remedy_id, **body.dict(), **_who(request))


@router.post(f"{ONE}/notice", response=STEPPED)
def post_notice(request: HttpRequest, remedy_id: int, body: NoticeIn) -> Any:
    """Write down a public notice."""
    return remedy_search.post_notice(remedy_id, **body.dict(), **_who(request))


@router.post(f"{ONE}/conclude-ownerless", response=STEPPED)
def conclude_ownerless(request: HttpRequest, remedy_id: int) -> Any:
    """Say that it has no owner."""
    return remedy_search.conclude_ownerless(remedy_id, **_who(request))


@router.post(f"{ONE}/obligor", response=STEPPED)
def find_owner(request: HttpRequest, remedy_id: int, body: ObligorIn) -> Any:
    """Record who must do it."""
    return remedy_search.find_owner(remedy_id, obligor=Obligor(**body.dict()), **_who(request))


@router.post(f"{ONE}/hand-over", response=STEPPED)
def hand_over(request: HttpRequest, remedy_id: int, body: RemedyReasonIn) -> Any:
    """Give it back to the ordinary way."""
    return remedy_search.hand_over(remedy_id, reason=body.reason, **_who(request))


@router.post(f"{ONE}/approve", response=STEPPED)
def approve(request: HttpRequest, remedy_id: int, body: BudgetIn) -> Any:
    """Approve that the county does it (track A)."""
    return remedy_ground.approve(remedy_id, **body.dict(), **_who(request))


@router.post(f"{ONE}/decide", response=STEPPED)
def decide(request: HttpRequest, remedy_id: int, body: SubstituteIn) -> Any:
    """Decide that another performs it at the obligor's cost (track B)."""
    return remedy_ground.decide(remedy_id, substitute=Substitute(**body.dict()), **_who(request))


@router.post(f"{ONE}/reschedule", response=STEPPED)
def reschedule(request: HttpRequest, remedy_id: int, body: RescheduleIn) -> Any:
    """Set another day for the performance."""
    return remedy_ground.reschedule(remedy_id, **body.dict(), **_who(request))


@router.post(f"{ONE}/remind", response=STEPPED)
def remind(request: HttpRequest, remedy_id: int) -> Any:
    """Serve the reminder."""
    return remedy_ground.remind(remedy_id, **_who(request))


@router.post(f"{ONE}/perform-at-once", response=STEPPED)
def perform_at_once(request: HttpRequest, remedy_id: int, body: AtOnceIn) -> Any:
    """Remove at once what blocks a road, a waterway or a public place."""
    return remedy_ground.perform_at_once(
        remedy_id, place=body.place, is_unable=body.is_unable, work=_work(body), **_who(request)
    )


@router.post(f"{ONE}/performed", response=STEPPED)
def performed(request: HttpRequest, remedy_id: int, body: RemedyReasonIn) -> Any:
    """Stop, since the obligor did it."""
    return remedy_ground.performed(remedy_id, reason=body.reason, **_who(request))


@router.post(f"{ONE}/begin-work", response=STEPPED)
def begin_work(request: HttpRequest, remedy_id: int, body: WorkIn) -> Any:
    """Give the work to a contractor."""
    return remedy_work.begin_work(remedy_id, work=_work(body), **_who(request))


@router.post(f"{ONE}/tell-party", response=STEPPED)
def tell_party(request: HttpRequest, remedy_id: int, body: RemedyReasonIn) -> Any:
    """Write down how the party was told afterwards."""
    return remedy_work.tell_party(remedy_id, manner=body.reason, **_who(request))


@router.post(f"{ONE}/finish-work", response=STEPPED)
def finish_work(request: HttpRequest, remedy_id: int, body: DoneIn) -> Any:
    """Say that the work is done."""
    done = WorkDone(**body.dict(exclude={"photos"}), photos=photos_of(body.photos))
    return remedy_work.finish_work(remedy_id, done=done, **_who(request))


@router.post(f"{ONE}/accept-work", response=STEPPED)
def accept_work(request: HttpRequest, remedy_id: int, body: RemedyReasonIn) -> Any:
    """Accept the work."""
    return remedy_work.accept_work(remedy_id, note=body.reason, **_who(request))


@router.post(f"{ONE}/reject-work", response=STEPPED)
def reject_work(request: HttpRequest, remedy_id: int, body: RemedyReasonIn) -> Any:
    """Send the contractor back."""
    return remedy_work.reject_work(remedy_id, reason=body.reason, **_who(request))


@router.post(f"{ONE}/settle", response=STEPPED)
def settle(request: HttpRequest, remedy_id: int, body: AmountIn) -> Any:
    """Pay the contractor."""
    return remedy_work.settle(remedy_id, amount_fen=body.amount_fen, **_who(request))


@router.post(f"{ONE}/claim", response=STEPPED)
def claim(request: HttpRequest, remedy_id: int) -> Any:
    """Claim the cost from the obligor."""
    return remedy_work.claim(remedy_id, **_who(request))


@router.post(f"{ONE}/payments", response=STEPPED)
def record_payment(request: HttpRequest, remedy_id: int, body: PaymentIn) -> Any:
    """Write down a payment."""
    return remedy_work.record_payment(remedy_id, **body.dict(), **_who(request))


@router.post(f"{ONE}/close", response=STEPPED)
def close(request: HttpRequest, remedy_id: int) -> Any:
    """End it."""
    return remedy_work.close_remedy(remedy_id, **_who(request))


@router.post(f"{ONE}/write-off", response=STEPPED)
def write_off(request: HttpRequest, remedy_id: int, body: RemedyReasonIn) -> Any:
    """End the recovery without the whole sum."""
    return remedy_work.write_off(remedy_id, reason=body.reason, **_who(request))
