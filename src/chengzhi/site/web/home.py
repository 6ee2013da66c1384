"""Home: what waits for the person's roles."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Role
from chengzhi.vision import interface as vision
from chengzhi.vision.types import FindingFilter
from chengzhi.workorders import interface as workorders
from chengzhi.workorders.types import Totals

FIRST = 10
WATCHERS = frozenset({Role.LEADER, Role.EVALUATOR, Role.ADMINISTRATOR, Role.AUDITOR})
REVIEWERS = frozenset({Role.REVIEWER, Role.DUTY_MANAGER})


@dataclass(frozen=True, kw_only=True)
class Card:
    """One number of the home page and the list it opens."""

    label: str
    value: int
    url: str
    note: str = ""
    tone: str = ""


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Show what waits for the person's roles, the most urgent first."""
    now = timezone.now()
    return render(request, "site/home.html", _context(accounts.acting(request), now=now))


def _context(actor: Actor, *, now: datetime) -> dict[str, Any]:
    desk = workorders.desk(actor, now=now, most=FIRST)
    findings = _findings(actor) if not actor.roles.isdisjoint(REVIEWERS) else None
    return {
        "now": now,
        "desk": desk,
        "cards": [*_waiting(desk), *_today(actor, now=now)],
        "findings": findings,
        "is_idle": desk.count == 0 and not (findings and findings.count),
    }


def _waiting(desk: workorders.Desk) -> list[Card]:
    queue = reverse("workorder-desk")
    return [
        Card(label=gettext(line.label), value=line.count, url=f"{queue}?state={line.state}")
        for line in desk.waiting
    ]


def _today(actor: Actor, *, now: datetime) -> list[Card]:
    """What happened today, for those who watch rather than work a queue."""
    if actor.roles.isdisjoint(WATCHERS):
        return []
    day = timezone.localdate(now)
    since = timezone.make_aware(datetime.combine(day, time.min))
    totals = workorders.totals(actor, since=since, until=since + timedelta(days=1), now=now)
    return [_total(totals, name, label, day.isoformat()) for name, label in _watched()]


def _watched() -> list[tuple[str, str]]:
    return [
        ("reported", gettext("今天上报")),
        ("closed", gettext("今天结案")),
        ("open", gettext("在办")),
        ("overdue", gettext("在办超期")),
    ]


def _total(totals: Totals, name: str, label: str, day: str) -> Card:
    value = getattr(totals, name)
    span = "" if name in ("open", "overdue") else f"&since={day}&until={day}"
    tone = "bad" if name == "overdue" and value else ""
    url = f"{reverse('workorder-list')}?measure={name}{span}"
    return Card(label=label, value=value, url=url, tone=tone)


def _findings(actor: Actor) -> Any:
    return vision.findings(actor, FindingFilter(state="pending"))
