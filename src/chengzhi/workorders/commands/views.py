"""Saved views beyond one's own list: share with the unit, rename, open with one."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from chengzhi.accounts.types import Actor
from chengzhi.kernel.errors import InvalidInput, NotVisible
from chengzhi.workorders.commands.settings import view_name
from chengzhi.workorders.models import DefaultView, SavedView


@transaction.atomic
def share_view(pk: int, *, is_shared: bool, actor: Actor, now: datetime) -> None:
    """Show one's view to everybody of one's unit, or no longer."""
    view = _own(pk, actor)
    if is_shared and not actor.unit:
        raise InvalidInput("您没有所属单位，不能共享视图。", field="view")
    view.unit = actor.unit if is_shared else ""
    view.save(update_fields=["unit"])
    if not is_shared:
        DefaultView.objects.filter(view=view).exclude(person=actor.ref).delete()


@transaction.atomic
def rename_view(pk: int, *, name: str, actor: Actor, now: datetime) -> None:
    """Give one's view another name."""
    view = _own(pk, actor)
    view.name = view_name(name)
    try:
        with transaction.atomic():
            view.save(update_fields=["name"])
    except IntegrityError as error:
        raise InvalidInput(f"已有名为“{view.name}”的视图，请换个名称。", field="name") from error


@transaction.atomic
def open_with(pk: int | None, *, actor: Actor, now: datetime) -> None:
    """Open the list with a view, one's own or one that the unit shares; with none, with all."""
    if pk is None:
        DefaultView.objects.filter(person=actor.ref).delete()
        return
    shared = Q(unit=actor.unit) if actor.unit else Q(pk__in=())
    view = SavedView.objects.filter(Q(person=actor.ref) | shared, pk=pk).first()
    if view is None:
        raise NotVisible("没有这个视图，或它没有共享给您的单位。")
    DefaultView.objects.update_or_create(person=actor.ref, defaults={"view": view})


def _own(pk: int, actor: Actor) -> SavedView:
    view = SavedView.objects.select_for_update().filter(pk=pk, person=actor.ref).first()
    if view is None:
        raise NotVisible("没有这个视图，或它不是您保存的。")
    return view
