"""Legal holds: what a dispute may need is not removed."""

from datetime import date, datetime

from django.http import HttpRequest
from django.utils.dateparse import parse_date
from django.utils.translation import gettext

from chengzhi.accounts.types import Actor
from chengzhi.kernel.errors import InvalidInput
from chengzhi.workorders.commands import retention
from chengzhi.workorders.web.deeds.reading import Deed, reason_in


def _place_hold(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    retention.place_hold(pk, reason=reason_in(request), until=_until(request), actor=actor, now=now)
    return gettext("已暂停清除。")


def _lift_hold(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    retention.lift_hold(pk, reason=reason_in(request), actor=actor, now=now)
    return gettext("已恢复清除。")


def _until(request: HttpRequest) -> date | None:
    text = request.POST.get("until", "").strip()
    if not text:
        return None
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None or day.year not in range(2000, 2100):
        raise InvalidInput(f"日期“{text}”不对，请写成 2026-11-25。", field="until")
    return day


DEEDS: dict[str, Deed] = {"place-hold": _place_hold, "lift-hold": _lift_hold}
