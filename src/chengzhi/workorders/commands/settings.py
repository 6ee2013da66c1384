"""What people set for themselves and for the county: saved views and routing rules."""

from datetime import datetime

from django.db import IntegrityError, transaction

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Role
from chengzhi.audit import interface as audit
from chengzhi.kernel.errors import InvalidInput, NotVisible
from chengzhi.workorders.events import RoutingChanged
from chengzhi.workorders.models import RoutingRule, SavedView
from chengzhi.workorders.queries.directory import directory, forget_directory
from chengzhi.workorders.rules.limits import civil_date

MOST_VIEWS = 20


@transaction.atomic
def save_view(*, name: str, query: str, actor: Actor, now: datetime) -> int:
    """Keep a list's filters under a name; the same name is overwritten."""
    label = name.strip()
    if not 0 < len(label) <= 40:
        raise InvalidInput("视图名称应有 1 至 40 字，请重写。", field="name")
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
    accounts.require(actor, Role.ADMINISTRATOR, Role.DISPATCHER)
    known = directory(actor.county, now=now)
    if unit not in known.handlers:
        raise InvalidInput(f"单位 {unit} 不存在、已撤销或不承担处置，请另选。", field="unit")
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


@transaction.atomic
def end_routing_rule(pk: int, *, actor: Actor, now: datetime) -> None:
    """Stop a rule from today on; it stays in the table for the records it explains."""
    accounts.require(actor, Role.ADMINISTRATOR, Role.DISPATCHER)
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
