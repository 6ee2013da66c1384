"""权责矩阵: rules added, ended and flagged; every change says what it would have meant."""

import re
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import shapely
from django.db import IntegrityError, transaction
from django.db.models import Q

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor
from chengzhi.audit import interface as audit
from chengzhi.kernel.errors import InvalidInput, NotVisible
from chengzhi.places import interface as places
from chengzhi.standards import store
from chengzhi.workorders.events import (
    LayerLoaded,
    RoutingChanged,
    RoutingFlagged,
    SuggestionChanged,
)
from chengzhi.workorders.models import RoutingLayer, RoutingRule, WorkOrder
from chengzhi.workorders.queries.directory import (
    Directory,
    directory,
    forget_directory,
    named_rows,
    spot_of,
)
from chengzhi.workorders.queries.trial import draft_row, trial
from chengzhi.workorders.rules.limits import civil_date
from chengzhi.workorders.rules.routing import WRITERS, time_text, what_text, where_text
from chengzhi.workorders.types import DryRun, RuleDraft, State, Suggestion

MOST_NOTE = 200
MOST_METRES = 2000
SLOT = re.compile(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d")
MOST_RESUGGESTED = 1000


def add_routing_rule(*, actor: Actor, now: datetime, **said: Any) -> int:
    """Say who handles what, where and when, from a day on (派遣规则); see `RuleDraft`."""
    return add_rule(RuleDraft(**said), actor=actor, now=now)


@transaction.atomic
def add_rule(draft: RuleDraft, *, actor: Actor, now: datetime) -> int:
    """Write a rule into the matrix; the dry run over the last weeks is kept in its event.

    :raises InvalidInput: the rule could never apply, or is there already.
    """
    checked = check_draft(draft, actor=actor, now=now)
    tried = trial(actor, add=(draft_row(checked, actor.county, now=now),), now=now)
    number = write_rule(checked, tried, actor=actor, now=now)
    settle(actor=actor, now=now)
    return number


def write_rule(draft: RuleDraft, tried: DryRun | None, *, actor: Actor, now: datetime) -> int:
    """Write a checked rule and its event; the caller settles what follows from it."""
    rule = _created(draft, actor)
    _tell("新增", rule, tried, actor, now)
    return rule.pk


def check_draft(draft: RuleDraft, *, actor: Actor, now: datetime) -> RuleDraft:
    """Return the draft as it will be written, or refuse it with the field at fault.

    :raises NotPermitted: the actor may not change the rules.
    :raises InvalidInput: something in it does not exist or contradicts itself.
    """
    accounts.require(actor, *WRITERS)
    known, on = directory(actor.county, now=now), civil_date(now)
    if draft.unit not in known.handlers:
        sentence = f"单位 {draft.unit} 不存在、已撤销或不承担处置，请另选。"
        raise InvalidInput(sentence, field="unit")
    _refuse_unknown_matter(draft, on=on)
    _refuse_unknown_area(draft.area_prefix, known)
    _refuse_unknown_road(draft)
    _refuse_unknown_kind(draft.handler_kind, on=on)
    _refuse_unknown_person(draft, on=on)
    _refuse_odd_times(draft, on=on)
    if len(draft.note) > MOST_NOTE:
        raise InvalidInput(f"备注最多 {MOST_NOTE} 字，请缩短。", field="note")
    if len(draft.layer) > 60:
        raise InvalidInput("图层名称最多 60 字，请缩短。", field="layer")
    weekdays = "".join(sorted(set(draft.weekdays)))
    weekdays = "" if len(weekdays) == 7 else weekdays
    return RuleDraft(
        **{**asdict(draft), "weekdays": weekdays, "valid_from": draft.valid_from or on}
    )


def _created(draft: RuleDraft, actor: Actor) -> RoutingRule:
    try:
        with transaction.atomic():
            return RoutingRule.objects.create(county=actor.county, **asdict(draft))
    except IntegrityError as error:
        raise InvalidInput(
            "已有同样事项、范围和类型的规则，请先停用旧规则。", field="matter_prefix"
        ) from error


def _refuse_unknown_matter(draft: RuleDraft, *, on: date) -> None:
    prefix = draft.matter_prefix
    matters = store.current().matters(on=on) if prefix else []
    if prefix and not any(row.code.startswith(prefix) for row in matters):
        sentence = f"没有代码以“{prefix[:10]}”开头的事项，请从事项表中选择。"
        raise InvalidInput(sentence, field="matter_prefix")
    numbers = {row.condition_no for row in store.current().handling_versions(prefix)}
    if draft.condition_number and draft.condition_number not in numbers:
        sentence = "选了立案条件，须先选一个事项，并且该事项有这种条件。"
        raise InvalidInput(sentence, field="condition_number")


def _refuse_unknown_area(prefix: str, known: Directory) -> None:
    """A town, a community, a patrol grid or a cell: all begin with the nine digits of a town."""
    if prefix and (not prefix.isalnum() or len(prefix) > 20 or prefix[:9] not in known.towns):
        sentence = f"范围“{prefix[:20]}”不在本县的街道（乡镇）内，请另选；全县不必填。"
        raise InvalidInput(sentence, field="area_prefix")


def _refuse_unknown_road(draft: RuleDraft) -> None:
    if draft.road and places.road(draft.road[:20]) is None:
        raise InvalidInput(f"没有道路“{draft.road[:20]}”，请从道路表中选择。", field="road")
    if bool(draft.road) != bool(draft.road_metres) or not 0 <= draft.road_metres <= MOST_METRES:
        sentence = f"选了道路须写两侧多少米，1 至 {MOST_METRES}；不限道路的两项都不填。"
        raise InvalidInput(sentence, field="road_metres")


def _refuse_unknown_kind(code: str, *, on: date) -> None:
    if code and code not in {kind.code for kind in store.current().handler_kinds(on=on)}:
        raise InvalidInput(f"没有“{code[:30]}”这类处置单位，请另选。", field="handler_kind")


def _refuse_unknown_person(draft: RuleDraft, *, on: date) -> None:
    if not draft.person:
        return
    if draft.person not in {person.ref for person in accounts.people_in(draft.unit, on=on)}:
        raise InvalidInput("责任人不在所选单位，或已离岗，请另选。", field="person")


def _refuse_odd_times(draft: RuleDraft, *, on: date) -> None:
    if not set(draft.weekdays) <= set("1234567"):
        raise InvalidInput("星期用 1 至 7 表示，1 是周一，例如 12345。", field="weekdays")
    starts, _, ends = draft.slot.partition("-")
    if draft.slot and (not SLOT.fullmatch(draft.slot) or starts == ends):
        raise InvalidInput("时段应写成 18:00-06:00，起止不能相同；全天不必填。", field="slot")
    starts_on = draft.valid_from or on
    if starts_on < on:
        raise InvalidInput("启用日期不能早于今天，请改正。", field="valid_from")
    if draft.valid_to is not None and draft.valid_to <= starts_on:
        raise InvalidInput("停用日期须晚于启用日期，请改正；长期有效不必填。", field="valid_to")


@transaction.atomic
def end_routing_rule(pk: int, *, actor: Actor, now: datetime) -> None:
    """Stop a rule from today on; it stays in the table for the records it explains."""
    accounts.require(actor, *WRITERS)
    tried = trial(actor, end=frozenset({pk}), now=now)
    stop_rule(pk, tried, actor=actor, now=now)
    settle(actor=actor, now=now)


def stop_rule(pk: int, tried: DryRun | None, *, actor: Actor, now: datetime) -> None:
    """Stop a rule with its event; the caller settles what follows from it.

    :raises NotVisible: there is none in force, or not in this county.
    """
    on = civil_date(now)
    live = Q(valid_to__isnull=True) | Q(valid_to__gt=on)
    rows = RoutingRule.objects.select_for_update().filter(live, county=actor.county)
    rule = rows.filter(pk=pk).first()
    if rule is None:
        raise NotVisible("没有这条派遣规则，或它已经停用。")
    rule.valid_to = on
    rule.save(update_fields=["valid_to"])
    _tell("停用", rule, tried, actor, now)


def settle(*, actor: Actor, now: datetime) -> int:
    """Forget the rules that are kept, and ask them again for what waits for dispatch."""
    forget_directory()
    transaction.on_commit(forget_directory)
    return resuggest(actor=actor, now=now)


def _tell(deed: str, rule: RoutingRule, tried: DryRun | None, actor: Actor, now: datetime) -> None:
    known = directory(actor.county, now=now)
    row = named_rows([rule], county=actor.county, on=civil_date(now))[0]
    parts = (what_text(row), where_text(row), time_text(row))
    text = f"{'、'.join(part for part in parts if part)}，由{known.unit_name(rule.unit)}处置"
    event = RoutingChanged(deed=deed, text=text, **(tried_fields(tried) if tried else {}))
    audit.record(event, subject=f"routing:{rule.pk}", actor=actor.ref, at=now)


def tried_fields(tried: DryRun) -> dict[str, Any]:
    """Return a dry run as the events keep it."""
    nobody = "由人决定"
    return {
        "looked": tried.looked,
        "would_change": tried.changed,
        "moves": [f"{was or nobody} → {to or nobody}：{count}" for was, to, count in tried.moves],
        "trial_text": (
            f"；{tried.since.isoformat()} 以来 {tried.looked} 件案件中，{tried.changed} 件会换单位"
        ),
    }


def resuggest(*, actor: Actor, now: datetime) -> int:
    """Ask the rules again for what waits to be dispatched, and say on each record what changed.

    Nothing is dispatched: a dispatcher decides, and sees the old suggestion beside the new one.
    """
    known = directory(actor.county, now=now)
    waiting = WorkOrder.objects.select_for_update().filter(county=actor.county, state=State.FILED)
    changed = 0
    for order in waiting.order_by("pk")[:MOST_RESUGGESTED]:
        found = known.suggest(**spot_of(order), at=now)
        if found.unit == order.suggested_unit:
            continue
        changed += 1
        _tell_change(order, found, known, actor, now)
        order.suggested_unit, order.suggested_rule = found.unit, found.rule
        order.save(update_fields=["suggested_unit", "suggested_rule"])
    return changed


def _tell_change(
    order: WorkOrder, found: Suggestion, known: Directory, actor: Actor, now: datetime
) -> None:
    nobody = "由人决定"
    event = SuggestionChanged(
        code=order.code,
        was=order.suggested_unit,
        was_name=known.unit_name(order.suggested_unit) or nobody,
        was_rule=order.suggested_rule,
        unit=found.unit,
        unit_name=found.unit_name or nobody,
        rule=found.rule,
        reason=found.reasons[0],
    )
    audit.record(event, subject=order.subject, actor=actor.ref, at=now)


@transaction.atomic
def flag_routing_rules(*, county: str, actor: Actor, now: datetime) -> list[int]:
    """Stop using every rule whose unit is gone, and say why; it may run again and again.

    A rule whose person has left still names its unit: it stays in use and is marked on the page.
    """
    known = directory(county, now=now)
    rows = RoutingRule.objects.select_for_update().filter(
        county=county, valid_to__isnull=True, flag=""
    )
    flagged = [rule for rule in rows.order_by("pk") if rule.unit not in known.handlers]
    for rule in flagged:
        rule.flag = f"指定的单位{known.unit_name(rule.unit)}已撤销"
        rule.flagged_at = now
        rule.save(update_fields=["flag", "flagged_at"])
        event = RoutingFlagged(rule=rule.pk, reason=rule.flag)
        audit.record(event, subject=f"routing:{rule.pk}", actor=actor.ref, at=now)
    if flagged:
        forget_directory()
        transaction.on_commit(forget_directory)
    return [rule.pk for rule in flagged]


@transaction.atomic
def load_layer(title: str, *, geometry: Any, actor: Actor, now: datetime) -> int:
    """Load a polygon under a name, or load it anew (权责图层); rules that name it apply from now on.

    :raises InvalidInput: it is no polygon in WGS-84 degrees, or has no name.
    """
    accounts.require(actor, *WRITERS)
    name = title.strip()
    if not 0 < len(name) <= 60:
        raise InvalidInput("图层名称应有 1 至 60 字，请重写。", field="title")
    layer, _ = RoutingLayer.objects.update_or_create(
        county=actor.county,
        title=name,
        defaults={"geometry": polygon_of(geometry), "loaded_at": now},
    )
    users = RoutingRule.objects.filter(county=actor.county, layer=name, valid_to__isnull=True)
    event = LayerLoaded(title=name, rule_count=users.count())
    audit.record(event, subject=f"routing-layer:{layer.pk}", actor=actor.ref, at=now)
    forget_directory()
    transaction.on_commit(forget_directory)
    return layer.pk


def polygon_of(geojson: Any) -> Any:
    """Return the one polygon of a GeoJSON geometry, feature or collection.

    :raises InvalidInput: there is none, or it is broken or not in degrees.
    """
    found = geojson if isinstance(geojson, dict) else {}
    if found.get("type") == "FeatureCollection" and len(found.get("features") or []) == 1:
        found = found["features"][0]
    if isinstance(found, dict) and found.get("type") == "Feature":
        found = found.get("geometry") or {}
    sentence = "图层须是 GeoJSON 的一个面（Polygon 或 MultiPolygon），经纬度坐标，请改正。"
    if not isinstance(found, dict) or found.get("type") not in ("Polygon", "MultiPolygon"):
        raise InvalidInput(sentence, field="file")
    try:
        shape = shapely.geometry.shape(found)
    except (ValueError, TypeError, IndexError, shapely.errors.ShapelyError) as error:
        raise InvalidInput(sentence, field="file") from error
    west, south, east, north = shape.bounds if not shape.is_empty else (0, 0, 0, 0)
    if not shape.is_valid or not (70 < west < east < 140 and 0 < south < north < 56):
        raise InvalidInput(sentence, field="file")
    return {"type": found["type"], "coordinates": found["coordinates"]}
