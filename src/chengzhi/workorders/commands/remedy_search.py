"""Registering an ownerless problem, fencing it, and looking for its owner."""

from datetime import date, datetime

from django.db import transaction

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor
from chengzhi.kernel.errors import InvalidInput
from chengzhi.places import interface as places
from chengzhi.places.types import Located, Point
from chengzhi.workorders.commands.remedy_taking import (
    attach_to_remedy,
    book,
    may_remedy,
    step_remedy,
    take_remedy,
    tell_remedy,
)
from chengzhi.workorders.commands.whistle_taking import late_words
from chengzhi.workorders.events.remedy import (
    OwnerFound,
    OwnerSearched,
    RemedyFenced,
    RemedyNoticed,
    RemedyRegistered,
    ResponsibilityMet,
)
from chengzhi.workorders.models import OwnerSearch, Remedy, RemedyMeeting, WorkOrder
from chengzhi.workorders.procedure.remedy import REGISTRARS
from chengzhi.workorders.queries.access import access_work_order
from chengzhi.workorders.queries.remedy_access import locked_remedy
from chengzhi.workorders.rules.limits import civil_date
from chengzhi.workorders.rules.remedy_limits import remedy_settings
from chengzhi.workorders.rules.whistle_limits import ends_at
from chengzhi.workorders.rules.words import moment_text
from chengzhi.workorders.types import PhotoRef
from chengzhi.workorders.types.remedies import (
    CONCLUSION_LABELS,
    Conclusion,
    FundKind,
    Obligor,
    ProblemDraft,
    Track,
)

LONGEST = 2000


@transaction.atomic
def register_problem(draft: ProblemDraft, *, actor: Actor, now: datetime) -> Remedy:
    """Register a problem without a clear owner; a hazard must be fenced at once (无主难题).

    :raises NotPermitted: the actor may not register problems.
    :raises InvalidInput: a field is malformed.
    """
    accounts.require(actor, *sorted(REGISTRARS))
    _refuse_malformed(draft)
    place = places.locate(Point(lon=draft.lon, lat=draft.lat), now=now)
    if not place.town.startswith(actor.county) or not place.town:
        raise InvalidInput("地点不在本县任何镇街范围内，请重新选点。", field="lon")
    order = access_work_order(actor, draft.work_order) if draft.work_order else None
    remedy = _as_drafted(draft, place, order, actor=actor, now=now)
    remedy.set_alert()
    remedy.save()
    tell_remedy(remedy, _registered(remedy), actor=actor, now=now)
    attach_to_remedy(remedy, draft.photos, actor=actor, now=now)
    return remedy


def _as_drafted(
    draft: ProblemDraft, place: Located, order: WorkOrder | None, *, actor: Actor, now: datetime
) -> Remedy:
    """Return the problem with the limits that begin now; the caller saves."""
    limits = remedy_settings()
    solve = limits.solve_hazard if draft.is_hazard else limits.solve[draft.kind]
    return Remedy(
        county=actor.county,
        year=civil_date(now).year,
        kind=draft.kind,
        is_hazard=draft.is_hazard,
        description=draft.description.strip(),
        component_code=draft.component_code.strip(),
        work_order=order,
        created_by=actor.ref,
        registered_at=now,
        address=draft.address.strip(),
        lon=draft.lon,
        lat=draft.lat,
        town=place.town,
        grid=place.grid,
        squad=place.squad,
        fence_due_at=ends_at(limits.fence, since=now) if draft.is_hazard else None,
        search_due_at=ends_at(limits.search, since=now),
        solve_due_at=ends_at(solve, since=now),
    )


def _refuse_malformed(draft: ProblemDraft) -> None:
    if draft.kind not in remedy_settings().kinds:
        raise InvalidInput("没有选择问题类型，请从列表中选择。", field="kind")
    if not (-180 <= draft.lon <= 180 and -90 <= draft.lat <= 90):
        raise InvalidInput("经纬度超出范围，请在地图上点选。", field="lon")
    if not 0 < len(draft.address.strip()) <= 256:
        raise InvalidInput("地点应有 1 至 256 字，请写路名或参照物。", field="address")
    if len(draft.description) > LONGEST:
        raise InvalidInput(f"情况说明最多 {LONGEST} 字，请缩短。", field="description")
    if len(draft.component_code.strip()) > 17:
        raise InvalidInput("部件代码最多 17 位，请核对。", field="component_code")


def _registered(remedy: Remedy) -> RemedyRegistered:
    fence = f"，存在危险，须 {moment_text(remedy.fence_due_at)} 前围护" if remedy.is_hazard else ""
    return RemedyRegistered(
        code=remedy.code,
        kind=remedy.kind,
        kind_label=remedy_settings().kinds[remedy.kind],
        address=remedy.address,
        is_hazard=remedy.is_hazard,
        hazard_text=fence,
        solve_text=moment_text(remedy.solve_due_at),
        work_order=remedy.work_order_id or 0,
    )


@transaction.atomic
def fence(
    pk: int, *, note: str, actor: Actor, now: datetime, photos: tuple[PhotoRef, ...] = ()
) -> Remedy:
    """Write down that the place was fenced or marked (现场围护)."""
    remedy = locked_remedy(actor, pk)
    may_remedy(remedy, "fence", actor=actor)
    if not (note.strip() or photos):
        raise InvalidInput("请写明围护措施，或附围护照片。", field="note")
    remedy.fenced_at = remedy.fenced_at or now
    remedy.set_alert()
    remedy.save()
    event = RemedyFenced(
        code=remedy.code,
        note=note.strip()[:500],
        photo_count=len(photos),
        late_text=late_words(now, remedy.fence_due_at),
    )
    tell_remedy(remedy, event, actor=actor, now=now)
    attach_to_remedy(remedy, photos, actor=actor, now=now)
    return remedy


@transaction.atomic
def start_search(pk: int, *, actor: Actor, now: datetime) -> Remedy:
    """Begin to look for an owner."""
    remedy = locked_remedy(actor, pk)
    step = take_remedy(remedy, "start_search", actor=actor, now=now)
    step_remedy(
        remedy, step, actor=actor, now=now, note=f"{moment_text(remedy.search_due_at)} 前查明"
    )
    return remedy


@transaction.atomic
def log_search(
    pk: int, *, source: str, found: bool, result: str, actor: Actor, now: datetime
) -> Remedy:
    """Write down where an owner was looked for, and what came of it."""
    remedy = locked_remedy(actor, pk)
    may_remedy(remedy, "log_search", actor=actor)
    sources = remedy_settings().sources
    if source not in sources:
        raise InvalidInput("没有选择查找途径，请从列表中选择。", field="source")
    if not 0 < len(result.strip()) <= 500:
        raise InvalidInput("查找结果应有 1 至 500 字，请写明问了谁、怎么答复。", field="result")
    OwnerSearch.objects.create(
        remedy=remedy, source=source, found=found, result=result.strip(), by=actor.ref, at=now
    )
    event = OwnerSearched(
        code=remedy.code,
        source=source,
        source_label=sources[source],
        found=found,
        result_label="有线索" if found else "无主",
        result=result.strip(),
    )
    tell_remedy(remedy, event, actor=actor, now=now)
    return remedy


@transaction.atomic
def hold_meeting(
    pk: int,
    *,
    held_on: date,
    attendees: str,
    opinions: str,
    conclusion: Conclusion,
    actor: Actor,
    now: datetime,
) -> Remedy:
    """Write down a responsibility meeting: who was there, what each said, what follows."""
    remedy = locked_remedy(actor, pk)
    may_remedy(remedy, "hold_meeting", actor=actor)
    if held_on > civil_date(now) or held_on < civil_date(remedy.registered_at):
        raise InvalidInput("开会日期应在登记之后、今天以前，请改正。", field="held_on")
    if not 0 < len(attendees.strip()) <= 300:
        raise InvalidInput("请写明参加单位和人员（最多 300 字）。", field="attendees")
    if not 0 < len(opinions.strip()) <= LONGEST:
        raise InvalidInput(f"请写明各方意见（最多 {LONGEST} 字）。", field="opinions")
    RemedyMeeting.objects.create(
        remedy=remedy, held_on=held_on, attendees=attendees.strip(), opinions=opinions.strip(),
        conclusion=conclusion, by=actor.ref, at=now,
    )  # fmt: skip
    event = ResponsibilityMet(
        code=remedy.code,
        held_on=held_on.isoformat(),
        attendees=attendees.strip(),
        opinions=opinions.strip(),
        conclusion=conclusion,
        conclusion_label=CONCLUSION_LABELS[conclusion],
    )
    tell_remedy(remedy, event, actor=actor, now=now)
    return remedy


@transaction.atomic
def post_notice(
    pk: int, *, on: date, media: str, actor: Actor, now: datetime, is_notarized: bool = False
) -> Remedy:
    """Write down a public notice in media and on the spot (浙江省城乡规划条例 64)."""
    remedy = locked_remedy(actor, pk)
    may_remedy(remedy, "post_notice", actor=actor)
    if on > civil_date(now):
        raise InvalidInput("公告日期不能在今天之后，请改正。", field="on")
    if not 0 < len(media.strip()) <= 200:
        raise InvalidInput("请写明在哪家媒体、在现场何处公告（最多 200 字）。", field="media")
    remedy.notice_on, remedy.notice_media, remedy.is_notarized = on, media.strip(), is_notarized
    remedy.save()
    event = RemedyNoticed(
        code=remedy.code,
        notice_on=on.isoformat(),
        ends_on=remedy.notice_ends_on.isoformat() if remedy.notice_ends_on else "",
        media=media.strip(),
        notarized_text="；紧急，证据已公证保全" if is_notarized else "",
    )
    tell_remedy(remedy, event, actor=actor, now=now)
    return remedy


@transaction.atomic
def conclude_ownerless(pk: int, *, actor: Actor, now: datetime) -> Remedy:
    """Say that it has no owner, after every source was asked and a meeting confirmed it."""
    remedy = locked_remedy(actor, pk)
    step = take_remedy(remedy, "conclude_ownerless", actor=actor, now=now)
    remedy.searched_at = now
    late = late_words(now, remedy.search_due_at)
    step_remedy(remedy, step, actor=actor, now=now, late_text=late)
    return remedy


@transaction.atomic
def find_owner(pk: int, *, obligor: Obligor, actor: Actor, now: datetime) -> Remedy:
    """Record who must do it; from then on track A is closed (行政强制法 50)."""
    remedy = locked_remedy(actor, pk)
    if len(obligor.name.strip()) > 100 or len(obligor.contact) > 100:
        raise InvalidInput("责任人名称和联系方式各最多 100 字，请缩短。", field="name")
    if not 0 < len(obligor.basis.strip()) <= 500:
        raise InvalidInput("请写明认定责任人的依据（1 至 500 字）。", field="basis")
    step = take_remedy(remedy, "find_owner", actor=actor, now=now, obligor=obligor.name.strip())
    if remedy.track == Track.OWNERLESS:
        book(remedy, FundKind.RELEASE, remedy.budget_fen, actor=actor, now=now)
        remedy.track, remedy.budget_fen = Track.NONE, 0
    remedy.obligor_name, remedy.obligor_contact = obligor.name.strip(), obligor.contact.strip()
    remedy.obligor_basis, remedy.searched_at = obligor.basis.strip(), remedy.searched_at or now
    remedy.enter(step.target, now=now)
    remedy.save()
    event = OwnerFound(code=remedy.code, basis=remedy.obligor_basis)
    tell_remedy(remedy, event, actor=actor, now=now)
    return remedy


@transaction.atomic
def hand_over(pk: int, *, reason: str, actor: Actor, now: datetime) -> Remedy:
    """Give it back to the ordinary way: the owner does it, or a work order is dispatched."""
    remedy = locked_remedy(actor, pk)
    step = take_remedy(remedy, "hand_over", actor=actor, now=now, reason=reason)
    remedy.last_reason = reason
    step_remedy(remedy, step, actor=actor, now=now, note=reason)
    return remedy
