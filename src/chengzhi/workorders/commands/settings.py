"""What people set for themselves: saved views."""

from datetime import datetime

from django.db import transaction

from chengzhi.accounts.types import Actor
from chengzhi.kernel.errors import InvalidInput, NotVisible
from chengzhi.workorders.models import SavedView

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
