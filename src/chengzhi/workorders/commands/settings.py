"""What people set for themselves and for the county: saved views and routing rules."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor
from chengzhi.audit import interface as audit
from chengzhi.kernel.errors import InvalidInput, NotVisible
from chengzhi.standards import store
from chengzhi.workorders.events import RoutingChanged
from chengzhi.workorders.models import RoutingRule, SavedView
from chengzhi.workorders.queries.directory import Directory, directory, forget_directory
from chengzhi.workorders.rules.limits import civil_date
from chengzhi.workorders.rules.routing import WRITERS

MOST_VIEWS = 20
MOST_NOTE = 200


@transaction.atomic
def save_view(*, name: str, query: str, actor: Actor, now: datetime) -> int:
    """Keep a list's filters under a name; the same name is overwritten."""
    label = view_name(name)
    if len(query) > 1000:
        raise InvalidInput("筛选条件太多，不能存为视图，请减少几项。", field="query")
    others = SavedView.objects.filter(person=actor.ref).exclude(name=label)
    if others.count() >= MOST_VIEWS:
        raise InvalidInput(f"最多保存 {MOST_VIEWS} 个视图，请先删去不用的。", field="name")
    view, _ = SavedView.objects.update_or_create(
        person=actor.ref,
        name=label,
        defaults={"query": query},
        create_defaults={"query": query, "created_at": now},
    )
    return view.pk


def view_name(typed: str) -> str:
    """Return a view's name as it is kept.

    :raises InvalidInput: it is empty or too long.
    """
    label = typed.strip()
    if not 0 < len(label) <= 40:
        raise InvalidInput("视图名称应有 1 至 40 字，请重写。", field="name")
    return label


@transaction.atomic
def drop_view(pk: int, *, actor: Actor) -> None:
    """Forget one's own saved view."""
    gone, _ = SavedView.objects.filter(pk=pk, person=actor.ref).delete()
    if not gone:
        raise NotVisible("没有这个视图，或它不是您保存的。")


@transaction.atomic
def add_routing_rule(
    *,
    unit: str,
    actor: Actor,
    now: datetime,
    matter_prefix: str = "",
    area_prefix: str = "",
    handler_kind: str = "",
    note: str = "",
) -> int:
    """Say who handles what where, from today on (派遣规则)."""
    accounts.require(actor, *WRITERS)
    known = directory(actor.county, now=now)
    if unit not in known.handlers:
        raise InvalidInput(f"单位 {unit} 不存在、已撤销或不承担处置，请另选。", field="unit")
    _refuse_unknown_matter(matter_prefix, on=civil_date(now))
    _refuse_unknown_area(area_prefix, known)
    _refuse_unknown_kind(handler_kind, on=civil_date(now))
    if len(note) > MOST_NOTE:
        raise InvalidInput(f"备注最多 {MOST_NOTE} 字，请缩短。", field="note")
    try:
        with transaction.atomic():
            rule = RoutingRule.objects.create(
                county=actor.county,
                matter_prefix=matter_prefix,
                area_prefix=area_prefix,
                handler_kind=handler_kind,
                unit=unit,
                note=note,
                valid_from=civil_date(now),
            )
    except IntegrityError as error:
        raise InvalidInput(
            "已有同样事项、范围和类型的规则，请先停用旧规则。", field="matter_prefix"
        ) from error
    _told("新增", rule, known.unit_name(unit), actor, now)
    return rule.pk


def _refuse_unknown_matter(prefix: str, *, on: date) -> None:
    matters = store.current().matters(on=on)
    if prefix and not any(row.code.startswith(prefix) for row in matters):
        sentence = f"没有代码以“{prefix[:10]}”开头的事项，请从事项表中选择。"
        raise InvalidInput(sentence, field="matter_prefix")


def _refuse_unknown_area(prefix: str, known: Directory) -> None:
    """A town, a community, a patrol grid or a cell: all begin with the nine digits of a town."""
    if prefix and (not prefix.isalnum() or len(prefix) > 20 or prefix[:9] not in known.towns):
        sentence = f"范围“{prefix[:20]}”不在本县的街道（乡镇）内，请另选；全县不必填。"
        raise InvalidInput(sentence, field="area_prefix")


def _refuse_unknown_kind(code: str, *, on: date) -> None:
    if code and code not in {kind.code for kind in store.current().handler_kinds(on=on)}:
        raise InvalidInput(f"没有“{code[:30]}”这类处置单位，请另选。", field="handler_kind")


@transaction.atomic
def end_routing_rule(pk: int, *, actor: Actor, now: datetime) -> None:
    """Stop a rule from today on; it stays in the table for the records it explains."""
    accounts.require(actor, *WRITERS)
    rows = RoutingRule.objects.select_for_update().filter(county=actor.county)
    rule = rows.filter(pk=pk, valid_to__isnull=True).first()
    if rule is None:
        raise NotVisible("没有这条派遣规则，或它已经停用。")
    rule.valid_to = civil_date(now)
    rule.save(update_fields=["valid_to"])
    _told("停用", rule, directory(actor.county, now=now).unit_name(rule.unit), actor, now)


def _told(deed: str, rule: RoutingRule, unit_name: str, actor: Actor, now: datetime) -> None:
    what = f"事项 {rule.matter_prefix or '全部'}、范围 {rule.area_prefix or '全县'}"
    event = RoutingChanged(deed=deed, text=f"{what}、由{unit_name}处置")
    audit.record(event, subject=f"routing:{rule.pk}", actor=actor.ref, at=now)
    forget_directory()
    transaction.on_commit(forget_directory)
