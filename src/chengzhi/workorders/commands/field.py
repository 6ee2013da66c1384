"""What the field works by: beats, control areas and windows, on-the-spot policies."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor
from chengzhi.audit import interface as audit
from chengzhi.kernel.errors import InvalidInput, NotVisible
from chengzhi.places import interface as places
from chengzhi.standards import store
from chengzhi.workorders.events import FieldSettingChanged
from chengzhi.workorders.models import Beat, ControlWindow, SpotPolicy
from chengzhi.workorders.queries.beats import forget_beats
from chengzhi.workorders.queries.control import as_control, forget_controls
from chengzhi.workorders.queries.directory import directory
from chengzhi.workorders.queries.people import collectors
from chengzhi.workorders.rules.control import when_text
from chengzhi.workorders.rules.fieldwork import BEAT_WRITERS, CONTROL_WRITERS, POLICY_WRITERS
from chengzhi.workorders.rules.limits import civil_date
from chengzhi.workorders.types import POLICY_KIND_LABELS, ControlDraft, PolicyKind

EVERY_DAY = "1234567"
Setting = Beat | ControlWindow | SpotPolicy


@transaction.atomic
def add_beat(
    *,
    person: str,
    area_prefix: str,
    actor: Actor,
    now: datetime,
    weekdays: str = EVERY_DAY,
    note: str = "",
) -> int:
    """Say which collector looks after an area, from today on (采集员责任网格).

    :raises InvalidInput: no collector, no area of the county, no day, or already said.
    """
    accounts.require(actor, *BEAT_WRITERS)
    name = collectors(actor.county, now=now).get(person)
    if name is None:
        raise InvalidInput("所选人员不是本县在岗的采集员，请另选一人。", field="person")
    _refuse_area(area_prefix, actor, now=now)
    days = _days(weekdays)
    try:
        with transaction.atomic():
            beat = Beat.objects.create(
                county=actor.county,
                person=person,
                area_prefix=area_prefix,
                weekdays=days,
                note=_short(note, 200, "备注", "note"),
                valid_from=civil_date(now),
            )
    except IntegrityError as error:
        raise InvalidInput(f"{name} 已负责这个范围，请先停用旧的安排。", field="person") from error
    _told("新增", "责任网格", f"{area_prefix} 由{name}巡查", f"beat:{beat.pk}", actor, now)
    return beat.pk


def _refuse_area(prefix: str, actor: Actor, *, now: datetime) -> None:
    """A town, a community, a patrol grid or a cell: all begin with the nine digits of a town."""
    towns = directory(actor.county, now=now).towns
    if not prefix.isalnum() or len(prefix) > 20 or prefix[:9] not in towns:
        sentence = f"范围“{prefix[:20]}”不在本县的街道（乡镇）内，请另选。"
        raise InvalidInput(sentence, field="area_prefix")


def _days(weekdays: str) -> str:
    days = "".join(sorted(set(weekdays)))
    if not days or any(day not in EVERY_DAY for day in days):
        raise InvalidInput("没有选择星期，请至少选一天。", field="weekdays")
    return days


def _short(text: str, most: int, label: str, field: str, *, least: int = 0) -> str:
    said = text.strip()
    if not least <= len(said) <= most:
        raise InvalidInput(f"{label}应有 {least} 至 {most} 字，请重写。", field=field)
    return said


@transaction.atomic
def end_beat(pk: int, *, actor: Actor, now: datetime) -> None:
    """Stop a beat from today on; it stays in the table for the tasks it explains."""
    accounts.require(actor, *BEAT_WRITERS)
    beat = _ended(Beat, pk, actor, now)
    text = f"{beat.area_prefix} 不再由 {beat.person} 巡查"
    _told("停用", "责任网格", text, f"beat:{pk}", actor, now)


@transaction.atomic
def add_control(draft: ControlDraft, *, actor: Actor, now: datetime) -> int:
    """Write down where and when something is allowed (管控范围、时段).

    :raises InvalidInput: the sentence names the field and the cure.
    """
    accounts.require(actor, *CONTROL_WRITERS)
    sound = _sound(draft, actor, now=now)
    row = ControlWindow.objects.create(
        county=actor.county,
        title=sound.title,
        permit=sound.permit,
        polygon=sound.polygon,
        area_prefix=sound.area_prefix,
        road=sound.road,
        matter_prefixes=" ".join(sound.matter_prefixes),
        weekdays=sound.weekdays,
        from_time=sound.from_time,
        to_time=sound.to_time,
        valid_from=sound.valid_from or civil_date(now),
        valid_to=sound.valid_to,
        created_by=actor.ref,
    )
    text = f"{row.title}，{when_text(as_control(row))}"
    _told("新增", "管控范围", text, f"control:{row.pk}", actor, now)
    return row.pk


def _sound(draft: ControlDraft, actor: Actor, *, now: datetime) -> ControlDraft:
    begins = draft.valid_from or civil_date(now)
    if draft.valid_to is not None and draft.valid_to <= begins:
        raise InvalidInput("结束日期早于开始日期，请改正。", field="valid_to")
    if draft.from_time and draft.from_time == draft.to_time:
        raise InvalidInput("时段的起止相同，请改正；全天不必填。", field="to_time")
    if draft.area_prefix:
        _refuse_area(draft.area_prefix, actor, now=now)
    if draft.road and places.road(draft.road) is None:
        raise InvalidInput(f"没有代码为“{draft.road[:20]}”的道路，请另选。", field="road")
    if not (draft.polygon or draft.area_prefix or draft.road):
        raise InvalidInput("没有划定范围，请在地图上画，或选网格、道路。", field="polygon")
    return replace(
        draft,
        title=_short(draft.title, 100, "名称", "title", least=2),
        permit=_short(draft.permit, 100, "许可文号", "permit"),
        polygon=places.drawn_surface(draft.polygon) if draft.polygon else None,
        matter_prefixes=_matters(draft.matter_prefixes, on=civil_date(now)),
        weekdays=_days(draft.weekdays),
        valid_from=begins,
    )


def _matters(prefixes: tuple[str, ...], *, on: date, needed: bool = False) -> tuple[str, ...]:
    chosen = tuple(dict.fromkeys(prefix.strip() for prefix in prefixes if prefix.strip()))
    if needed and not chosen:
        raise InvalidInput("没有选择事项，请至少选一类。", field="matter_prefixes")
    known = [row.code for row in store.current().matters(on=on)]
    for prefix in chosen:
        if not any(code.startswith(prefix) for code in known):
            raise InvalidInput(f"没有代码以“{prefix[:10]}”开头的事项。", field="matter_prefixes")
    if len(" ".join(chosen)) > 200:
        raise InvalidInput("所选事项太多，请改选整类。", field="matter_prefixes")
    return chosen


@transaction.atomic
def end_control(pk: int, *, actor: Actor, now: datetime) -> None:
    """End a control area or window today; it stays in the table for the orders it explains."""
    accounts.require(actor, *CONTROL_WRITERS)
    row = _ended(ControlWindow, pk, actor, now)
    _told("停用", "管控范围", row.title, f"control:{pk}", actor, now)


@transaction.atomic
def publish_policy(
    *,
    title: str,
    document: str,
    matter_prefixes: tuple[str, ...],
    sample_percent: int,
    actor: Actor,
    now: datetime,
    kind: PolicyKind = PolicyKind.SPOT,
) -> int:
    """Publish what collectors may handle on the spot, or what the camera that reported it may check.

    Whoever publishes answers for it.

    :raises InvalidInput: the sentence names the field and the cure.
    """
    accounts.require(actor, *POLICY_WRITERS)
    if not 0 <= sample_percent <= 100:
        raise InvalidInput("抽查比例应在 0 至 100 之间，请改正。", field="sample_percent")
    policy = SpotPolicy.objects.create(
        county=actor.county,
        kind=kind,
        title=_short(title, 100, "名称", "title", least=2),
        document=_short(document, 100, "文号", "document", least=2),
        matter_prefixes=" ".join(_matters(matter_prefixes, on=civil_date(now), needed=True)),
        sample_percent=sample_percent,
        answerable=actor.ref,
        valid_from=civil_date(now),
    )
    text = f"《{policy.title}》（{policy.document}），抽查 {sample_percent}%"
    _told("公布", POLICY_KIND_LABELS[kind], text, f"spot-policy:{policy.pk}", actor, now)
    return policy.pk


@transaction.atomic
def end_policy(pk: int, *, actor: Actor, now: datetime) -> None:
    """End a policy today; the orders it closed keep naming it."""
    accounts.require(actor, *POLICY_WRITERS)
    policy = _ended(SpotPolicy, pk, actor, now)
    _told(
        "废止",
        POLICY_KIND_LABELS[policy.kind],
        f"《{policy.title}》",
        f"spot-policy:{pk}",
        actor,
        now,
    )


def _ended(model: Any, pk: int, actor: Actor, now: datetime) -> Any:
    rows = model.objects.select_for_update().filter(county=actor.county, pk=pk)
    row, on = rows.first(), civil_date(now)
    if row is None or (row.valid_to is not None and row.valid_to <= on):
        raise NotVisible("没有这一条，或它已经停用。")
    row.valid_to = on
    row.save(update_fields=["valid_to"])
    return row


def _told(deed: str, what: str, text: str, subject: str, actor: Actor, now: datetime) -> None:
    event = FieldSettingChanged(deed=deed, what=what, text=text)
    audit.record(event, subject=subject, actor=actor.ref, at=now)
    for forget in (forget_beats, forget_controls):
        forget()
        transaction.on_commit(forget)
