"""Reads of the component register."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from chengzhi import standards
from chengzhi.accounts.types import Actor
from chengzhi.kernel.errors import InvalidInput, NotVisible
from chengzhi.places.models import Component


@dataclass(frozen=True, kw_only=True)
class ComponentFilter:
    """What a list of components is narrowed to; empty means all."""

    text: str = ""  # part of the name, or the start of the code
    type_code: str = ""
    status: str = ""
    town: str = ""
    cell: str = ""


def visible_components(actor: Actor) -> QuerySet[Component]:
    """Return the components of the actor's county, in order of code."""
    return Component.objects.filter(county=actor.county or "-").order_by("code")


def filtered_components(actor: Actor, asked: ComponentFilter) -> QuerySet[Component]:
    """Return the visible components that fit a filter, in order of code."""
    rows = visible_components(actor)
    if asked.text:
        rows = rows.filter(Q(name__contains=asked.text) | Q(code__startswith=asked.text))
    exact = {
        "type_code": asked.type_code,
        "status": asked.status,
        "town_code": asked.town,
        "cell_code": asked.cell,
    }
    return rows.filter(**{field: value for field, value in exact.items() if value})


def access_component(actor: Actor, code: str, *, lock: bool = False) -> Component:
    """Return one component, locked for a change if asked.

    :raises NotVisible: there is none of that code in the actor's county.
    """
    rows = visible_components(actor)
    rows = rows.select_for_update() if lock else rows
    row = rows.filter(code=code).first()
    if row is None:
        raise NotVisible(f"没有部件{code}，或它不在您的辖区。请核对编号。")
    return row


def type_name(type_code: str) -> str:
    """Return the name of a component type (GB/T 47678.5 appendix A).

    A register may be recoded before the standard takes effect, so the day does not matter.

    :raises InvalidInput: the standard has no such type.
    """
    found = standards.current().components_by_code.get(type_code)
    if not found:
        raise InvalidInput(
            f"部件类别代码“{type_code}”不在标准表中。请从GB/T 47678.5附录A选取5位代码。",
            field="type_code",
        )
    return found[-1].name


def type_names() -> dict[str, str]:
    """Return the names of all component types by code."""
    table = standards.current().components_by_code
    return {code: rows[-1].name for code, rows in sorted(table.items())}
