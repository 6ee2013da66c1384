"""Units are created and closed; never deleted, because old records name them."""

from datetime import date, datetime

from django.db import transaction

from chengzhi.accounts.events import UnitClosed, UnitCreated
from chengzhi.accounts.models import Person, Unit
from chengzhi.accounts.queries import visible_units
from chengzhi.accounts.rules import permit
from chengzhi.accounts.types import Actor, Permission, UnitKind
from chengzhi.audit import interface as audit
from chengzhi.kernel.errors import DomainError, InvalidInput, NotVisible


class UnitInUse(DomainError):
    """A unit with active people or sub-units cannot be closed."""

    code = "unit-in-use"
    status = 409


@transaction.atomic
def create_unit(
    *,
    code: str,
    name: str,
    kind: UnitKind,
    division: str,
    parent: str = "",
    actor: Actor,
    now: datetime,
) -> str:
    """Create a unit and return its code.

    :raises InvalidInput: code taken or empty, name empty, division of another county, no parent.
    :raises NotPermitted: the actor is no administrator.
    """
    permit(actor, Permission.MANAGE_UNITS)
    _refuse_bad_unit(code, name, division, actor)
    Unit.objects.create(
        code=code, name=name, kind=kind.value, division=division, parent=_parent(parent, actor)
    )
    created = UnitCreated(
        code=code, unit_name=name, kind=kind.value, division=division, parent=parent
    )
    audit.record(created, subject=f"unit:{code}", actor=actor.ref, at=now)
    return code


@transaction.atomic
def close_unit(code: str, *, closed_on: date, actor: Actor, now: datetime) -> None:
    """Close a unit from a day on.

    :raises UnitInUse: active people or open sub-units remain.
    """
    permit(actor, Permission.MANAGE_UNITS)
    unit = visible_units(actor).select_for_update().filter(code=code).first()
    if unit is None:
        raise NotVisible("没有这个机构，或者您无权查看。")
    _refuse_in_use(unit)
    unit.closed_on = closed_on
    unit.save(update_fields=["closed_on"])
    closed = UnitClosed(code=code, unit_name=unit.name, closed_on=closed_on.isoformat())
    audit.record(closed, subject=f"unit:{code}", actor=actor.ref, at=now)


def _refuse_bad_unit(code: str, name: str, division: str, actor: Actor) -> None:
    if not code.isalnum() or not code.isascii() or len(code) > 18:
        raise InvalidInput("机构代码只能用字母和数字，最多 18 位，例如 S01。", field="code")
    if not name.strip():
        raise InvalidInput("机构名称不能为空，请填写全称。", field="name")
    if not division.isdecimal() or not actor.county or not division.startswith(actor.county):
        raise InvalidInput(f"区划代码须以本县代码 {actor.county} 开头。", field="division")
    if Unit.objects.filter(code=code).exists():
        raise InvalidInput(f"机构代码 {code} 已被使用，请换一个。", field="code")


def _parent(code: str, actor: Actor) -> Unit | None:
    if not code:
        return None
    parent = visible_units(actor).filter(code=code, closed_on__isnull=True).first()
    if parent is None:
        raise InvalidInput(f"上级机构 {code} 不存在或已撤销，请重新选择。", field="parent")
    return parent


def _refuse_in_use(unit: Unit) -> None:
    if unit.closed_on is not None:
        raise UnitInUse(f"{unit.name}已于 {unit.closed_on} 撤销，不能重复撤销。")
    active = Person.objects.filter(unit=unit, is_active=True).count()
    if active:
        raise UnitInUse(f"{unit.name}还有 {active} 名在岗人员，请先停用或调出人员再撤销。")
    if Unit.objects.filter(parent=unit, closed_on__isnull=True).exists():
        raise UnitInUse(f"{unit.name}还有下级机构，请先撤销下级机构。")
