"""Registering a division by code and name alone, before its shape is known."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Permission
from chengzhi.audit import interface as audit
from chengzhi.kernel.errors import DomainError, InvalidInput
from chengzhi.places.commands.import_shapes import bump, county_of, lock_version
from chengzhi.places.events import DivisionRegistered
from chengzhi.places.models import Division
from chengzhi.places.rules.codes import level_of, parent_of


class DivisionTaken(DomainError):
    """A code stands for one division at a time."""

    code = "division-taken"
    status = 409


@transaction.atomic
def register_division(
    code: str, name: str, *, actor: Actor, now: datetime, squad: str = ""
) -> None:
    """Register a division without a shape; a later import brings the shape.

    :raises InvalidInput: the code is malformed, of another county, or its parent is unknown.
    :raises DivisionTaken: the code stands already.
    """
    accounts.permit(actor, Permission.MANAGE_PLACES)
    version = lock_version(county_of(actor))
    level = level_of(code)
    if not code.startswith(actor.county) or not name:
        raise InvalidInput(f"“{code} {name}”不是本县（{actor.county}）的区划。", field="code")
    if Division.objects.filter(code=code, valid_to__isnull=True).exists():
        raise DivisionTaken(f"区划代码{code}已登记。变更名称请用导入。", field="code")
    Division.objects.create(
        code=code,
        name=name,
        level=level,
        parent=_parent(code),
        squad=squad,
        valid_from=timezone.localdate(now),
    )
    event = DivisionRegistered(code=code, division_name=name, level=str(level))
    audit.record(event, subject=f"division:{code}", actor=actor.ref, at=now, first=True)
    bump(version, code)


def _parent(code: str) -> Division | None:
    above = parent_of(code)
    if not above:
        return None
    parent = Division.objects.filter(code=above, valid_to__isnull=True).first()
    if parent is None:
        raise InvalidInput(f"上级区划{above}尚未登记，请先登记。", field="code")
    return parent
