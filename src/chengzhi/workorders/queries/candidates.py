"""Where no rule answers: three units with what speaks for each, for a person to choose from.

What counts is who really handled: in the same grid, the same matter, the same kind of handling.
The words of the report are never asked: text alone is right about half the time.
"""

from collections import Counter

from chengzhi.accounts.types import UNIT_KIND_LABELS, Actor
from chengzhi.standards import store
from chengzhi.workorders.models import WorkOrder
from chengzhi.workorders.queries.access import visible_to
from chengzhi.workorders.queries.directory import Directory
from chengzhi.workorders.rules.limits import civil_date
from chengzhi.workorders.types import Candidate, PickUnit

LOOKED = 2000  # the newest dispatched work orders: bounded, however large the county
BEST = 3


def candidates(actor: Actor, order: WorkOrder, known: Directory) -> tuple[Candidate, ...]:
    """Return up to three units with the counts that speak for them, the strongest first."""
    counts = _counts(actor, order, known)
    total: Counter[str] = Counter()
    for found in counts.values():
        for unit in found:
            total[unit] += 1_000_000  # a unit that several counts speak for comes first
        total.update(found)
    return tuple(
        Candidate(
            unit=unit,
            unit_name=known.unit_name(unit),
            reasons=tuple(
                said.format(count=found[unit]) for said, found in counts.items() if found[unit]
            ),
        )
        for unit, _ in sorted(total.items(), key=lambda pair: (-pair[1], pair[0]))[:BEST]
    )


def _counts(actor: Actor, order: WorkOrder, known: Directory) -> dict[str, Counter[str]]:
    """Return the sentence of each reason with its count by unit."""
    kind = _kind_name(order)
    here, same, alike, named = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    rows = visible_to(actor).exclude(handler="").exclude(pk=order.pk)
    fields = ("handler", "grid", "matter_code", "handler_kind")
    for unit, grid, matter, of_kind in rows.order_by("-reported_at", "-pk").values_list(*fields)[
        :LOOKED
    ]:
        if unit not in known.handlers:
            continue
        here[unit] += bool(grid) and grid == order.grid
        same[unit] += matter == order.matter_code
        alike[unit] += bool(of_kind) and of_kind == order.handler_kind
    for row in known.rules:
        if (
            row.handler_kind
            and row.handler_kind == order.handler_kind
            and row.unit in known.handlers
        ):
            named[row.unit] += 1
    counts = {
        "近期在本责任网格处置 {count} 件": here,
        "近期处置同一事项 {count} 件": same,
        f"近期处置须{kind}办的案件 {{count}} 件": alike,
        f"派遣规则中承担{kind}的有 {{count}} 条": named,
    }
    return {said: +found for said, found in counts.items()}


def _kind_name(order: WorkOrder) -> str:
    kinds = store.current().handler_kinds_by_code.get(order.handler_kind, ())
    return f"“{kinds[-1].name}”" if kinds else "此类单位"


def picker(known: Directory) -> tuple[PickUnit, ...]:
    """Return every handling unit with its kind, what rules give it, and who answers there."""
    about: dict[str, list[str]] = {}
    for row in known.rules:
        said = row.note or row.kind_name or row.matter_name
        if said and said not in about.setdefault(row.unit, []):
            about[row.unit].append(said)
    return tuple(
        PickUnit(
            code=code,
            title=name,
            kind_label=UNIT_KIND_LABELS[known.kinds[code]],
            about="、".join(about.get(code, [])[:3]),
            person=known.person_in(code),
        )
        for code, name in sorted(
            known.handlers.items(), key=lambda pair: (known.kinds[pair[0]], pair)
        )
    )


def explained_change(order: WorkOrder, known: Directory, *, unit: str, rule: int) -> str:
    """Return why today's suggestion is not the one of the day of filing; nothing if it is.

    Rules are edited while work orders wait; a suggestion that changed in silence surprises people.
    """
    if order.filed_at is None or order.suggested_unit == unit:
        return ""
    was = known.unit_name(order.suggested_unit) or "由人决定"
    by = f"（派遣规则 {order.suggested_rule}）" if order.suggested_rule else ""
    numbers = {row.id: row for row in known.rules}
    parts = [f"立案时建议{was}{by}"]
    if order.suggested_rule and order.suggested_rule not in numbers:
        parts.append(f"派遣规则 {order.suggested_rule} 已停用")
    fresh = numbers.get(rule)
    if fresh is not None and fresh.valid_from and fresh.valid_from >= civil_date(order.filed_at):
        parts.append(f"派遣规则 {rule} 自 {fresh.valid_from.isoformat()} 起施行")
    parts.append(f"现在建议{known.unit_name(unit) or '由人决定'}")
    return "；".join(parts)
