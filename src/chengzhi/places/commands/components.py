"""The register of components: entered, changed, removed; codes are never given twice."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Permission
from chengzhi.audit import interface as audit
from chengzhi.kernel.errors import DomainError, InvalidInput
from chengzhi.places.commands.import_shapes import county_of, lock_version
from chengzhi.places.events import ComponentChanged, ComponentRegistered, ComponentRemoved
from chengzhi.places.models import Component
from chengzhi.places.queries.components import access_component, type_name
from chengzhi.places.queries.index import current
from chengzhi.places.rules.codes import component_code
from chengzhi.places.types import (
    COMPONENT_STATUS_LABELS,
    DATA_SOURCE_LABELS,
    ComponentChange,
    ComponentForm,
    ComponentStatus,
    Located,
    Point,
)


class OutsideCells(DomainError):
    """A component must stand in a unit grid (GB/T 47678.5 table 2: 所在单元网格标识码 M)."""

    code = "outside-cells"
    status = 422


class ComponentGone(DomainError):
    """A removed component is no longer changed."""

    code = "component-gone"
    status = 409


def register_component(form: ComponentForm, *, actor: Actor, now: datetime) -> str:
    """Enter a component and return its code of seventeen digits.

    :raises InvalidInput: an attribute is missing or the type is unknown.
    :raises OutsideCells: the point lies in no unit grid of the actor's county.
    """
    accounts.permit(actor, Permission.MANAGE_PLACES)
    on = timezone.localdate(now)
    name = form.name or type_name(form.type_code)
    check_form(form)
    place = cell_at(form.point, county=county_of(actor), now=now)
    with transaction.atomic():
        lock_version(actor.county)
        sequence = last_sequence(actor.county, form.type_code) + 1
        row = new_row(form, place, county=actor.county, sequence=sequence, on=on, name=name)
        row.save(force_insert=True)
        record_registered(row, actor=actor, now=now)
    return row.code


def check_form(form: ComponentForm) -> None:
    """Refuse a form that lacks what table 2 makes mandatory.

    :raises InvalidInput: the authority is missing, or a text is too long.
    """
    if not form.authority_code or not form.authority_name:
        raise InvalidInput("请填写主管部门代码和名称（必填）。", field="authority_code")
    for field, length in TEXT_LENGTHS.items():
        text = getattr(form, field) or ""
        if len(text) > length:
            raise InvalidInput(f"{field}超过{length}个字符，请缩短。", field=field)


TEXT_LENGTHS = {
    "name": 30,
    "authority_code": 18,
    "authority_name": 100,
    "owner_code": 18,
    "owner_name": 100,
    "maintainer_code": 18,
    "maintainer_name": 100,
    "remark": 1000,
}


def cell_at(point: Point, *, county: str, now: datetime) -> Located:
    """Return what a point lies in.

    :raises OutsideCells: no unit grid of the county holds it.
    """
    place = current(now=now).locate(point.lon, point.lat)
    if not place.cell.startswith(county) or not place.cell:
        raise OutsideCells(
            f"位置（{point.lon:.6f}, {point.lat:.6f}）不在本县任何单元网格内。请核对坐标或坐标系。",
            field="point",
        )
    return place


def last_sequence(county: str, type_code: str) -> int:
    """Return the highest number given so far, removed components included."""
    rows = Component.objects.filter(county=county, type_code=type_code)
    return rows.aggregate(last=Max("sequence"))["last"] or 0


def new_row(
    form: ComponentForm, place: Located, *, county: str, sequence: int, on: date, name: str
) -> Component:
    """Return a component not yet saved."""
    return Component(
        code=component_code(county, form.type_code, sequence),
        county=county,
        type_code=form.type_code,
        sequence=sequence,
        name=name,
        authority_code=form.authority_code,
        authority_name=form.authority_name,
        owner_code=form.owner_code,
        owner_name=form.owner_name,
        maintainer_code=form.maintainer_code,
        maintainer_name=form.maintainer_name,
        cell_code=place.cell,
        status=form.status,
        initial_on=form.initial_on or on,
        source=form.source,
        town_code=place.town,
        community_code=place.community,
        remark=form.remark,
        lon=round(form.point.lon, 7),
        lat=round(form.point.lat, 7),
    )


def record_registered(row: Component, *, actor: Actor, now: datetime) -> None:
    """Write the first event of a component."""
    event = ComponentRegistered(
        code=row.code,
        type_code=row.type_code,
        component_name=row.name,
        cell_code=row.cell_code,
        lon=row.lon,
        lat=row.lat,
        status=str(row.status),
    )
    audit.record(event, subject=f"component:{row.code}", actor=actor.ref, at=now, first=True)


@transaction.atomic
def change_component(
    code: str, change: ComponentChange, *, actor: Actor, now: datetime
) -> Component:
    """Change attributes of a component; moving it finds its unit grid again.

    :raises ComponentGone: it was removed.
    :raises InvalidInput: nothing is to change, or "removed" is set here.
    """
    accounts.permit(actor, Permission.MANAGE_PLACES)
    row = access_component(actor, code, lock=True)
    _still_there(row)
    values = _values(change, actor=actor, now=now)
    changed = {field: value for field, value in values.items() if getattr(row, field) != value}
    if not changed:
        raise InvalidInput("没有任何变化，请修改后再保存。", field="change")
    before = {field: str(getattr(row, field)) for field in changed}
    _apply(row, {**changed, "changed_on": timezone.localdate(now)})
    _record_change(row, before, actor=actor, now=now)
    return row


def _still_there(row: Component) -> None:
    if row.status == ComponentStatus.REMOVED:
        raise ComponentGone(f"部件{row.code}已移除，不能再变更；同处新设的部件请另行登记。")


def _values(change: ComponentChange, *, actor: Actor, now: datetime) -> dict[str, Any]:
    if change.status is ComponentStatus.REMOVED:
        raise InvalidInput("移除部件请使用“移除”，并说明原因。", field="status")
    values = {field: value for field, value in asdict(change).items() if value is not None}
    for field, length in TEXT_LENGTHS.items():
        if len(values.get(field, "")) > length:
            raise InvalidInput(f"{field}超过{length}个字符，请缩短。", field=field)
    values.pop("point", None)
    if change.point is not None:
        place = cell_at(change.point, county=actor.county, now=now)
        values |= {
            "lon": round(change.point.lon, 7),
            "lat": round(change.point.lat, 7),
            "cell_code": place.cell,
            "town_code": place.town,
            "community_code": place.community,
        }
    return values


def _apply(row: Component, values: dict[str, Any]) -> None:
    for field, value in values.items():
        setattr(row, field, value)
    row.save(update_fields=list(values))


def _record_change(row: Component, before: dict[str, str], *, actor: Actor, now: datetime) -> None:
    after = {field: str(getattr(row, field)) for field in before}
    labels = {field.name: str(field.verbose_name) for field in Component._meta.fields}
    text = "，".join(f"{labels[f]}“{_said(f, before)}”改为“{_said(f, after)}”" for f in before)
    event = ComponentChanged(code=row.code, before=before, after=after, fields_text=text)
    audit.record(event, subject=f"component:{row.code}", actor=actor.ref, at=now)


def _said(field: str, values: dict[str, str]) -> str:
    """Return a stored value in words, where it has some."""
    return WORDS.get(field, {}).get(values[field], values[field])


WORDS: dict[str, dict[str, str]] = {
    "status": {str(key): label for key, label in COMPONENT_STATUS_LABELS.items()},
    "source": {str(key): label for key, label in DATA_SOURCE_LABELS.items()},
}


@transaction.atomic
def remove_component(code: str, *, reason: str, actor: Actor, now: datetime) -> Component:
    """Mark a component as removed; its row and its code stay for ever.

    :raises ComponentGone: it was removed before.
    :raises InvalidInput: no reason is given.
    """
    accounts.permit(actor, Permission.MANAGE_PLACES)
    if not reason.strip():
        raise InvalidInput("请说明移除的原因。", field="reason")
    row = access_component(actor, code, lock=True)
    _still_there(row)
    _apply(row, {"status": ComponentStatus.REMOVED, "changed_on": timezone.localdate(now)})
    event = ComponentRemoved(code=row.code, reason=reason.strip())
    audit.record(event, subject=f"component:{row.code}", actor=actor.ref, at=now)
    return row
