"""The rail: which contexts a person sees, with what waits there."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Permission, Role
from chengzhi.kernel.kept import Kept
from chengzhi.notifications import interface as notifications
from chengzhi.vision import interface as vision
from chengzhi.workorders import interface as workorders

EVERYBODY = frozenset(Role)
WORKING = frozenset(
    {
        Role.COLLECTOR,
        Role.ACCEPTANCE_OFFICER,
        Role.DUTY_MANAGER,
        Role.DISPATCHER,
        Role.HANDLER,
        Role.SQUAD_LEADER,
        Role.TOWN_OFFICER,
    }
)
WATCHING = frozenset({Role.ADMINISTRATOR, Role.DUTY_MANAGER, Role.SQUAD_LEADER})
TIMED = WORKING - {Role.COLLECTOR} | {Role.LEADER, Role.EVALUATOR, Role.AUDITOR}
STANDARD_READERS = frozenset({Role.LEADER, Role.EVALUATOR, Role.ADMINISTRATOR, Role.DUTY_MANAGER})


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """How many things wait in a context, and whether one of them is overdue."""

    count: int = 0
    alarm: bool = False


Counter = Callable[[Actor, datetime], Waiting]


def nothing(actor: Actor, now: datetime) -> Waiting:
    """Count nothing: a place where work does not queue."""
    return Waiting()


def work_orders(actor: Actor, now: datetime) -> Waiting:
    """Count the work orders that wait for the actor; the alarm is an overdue one."""
    count, is_late = workorders.waiting_signal(actor, now=now)
    return Waiting(count=count, alarm=is_late)


def findings(actor: Actor, now: datetime) -> Waiting:
    """Count the findings that wait for review; the alarm is one that has waited too long."""
    count, has_waited_too_long = vision.waiting(actor, now)
    return Waiting(count=count, alarm=has_waited_too_long)


def cameras(actor: Actor, now: datetime) -> Waiting:
    """Count the cameras that are dark now; the alarm is one that has been for minutes."""
    if actor.roles.isdisjoint(WATCHING):
        return Waiting()
    count, has_lasted = vision.dark(actor, now)
    return Waiting(count=count, alarm=has_lasted)


def requests(actor: Actor, now: datetime) -> Waiting:
    """Count the requests, appeals and notices that wait for the actor."""
    count, is_late = workorders.requests_waiting(actor, now=now)
    return Waiting(count=count, alarm=is_late)


def whistles(actor: Actor, now: datetime) -> Waiting:
    """Count the whistles that wait for the actor; the alarm is an overdue one."""
    count, is_late = workorders.whistles_waiting(actor, now=now)
    return Waiting(count=count, alarm=is_late)


def messages(actor: Actor, now: datetime) -> Waiting:
    """Count one's unread messages; the alarm is an urgent one."""
    count, has_urgent = notifications.unread_count(actor)
    return Waiting(count=count, alarm=has_urgent)


def remedies(actor: Actor, now: datetime) -> Waiting:
    """Count the remedies that wait for the actor; the alarm is an overdue one."""
    count, is_late = workorders.remedies_waiting(actor, now=now)
    return Waiting(count=count, alarm=is_late)


@dataclass(frozen=True, kw_only=True)
class Place:
    """One entry of the rail, before a person looks at it."""

    name: str  # url name
    label: str | Promise
    icon: str
    roles: frozenset[Role] = EVERYBODY
    permission: Permission | None = None
    count: Counter = nothing
    key: str = ""  # typed after G


@dataclass(frozen=True, kw_only=True)
class RailItem:
    """One entry of the rail as a person sees it."""

    name: str
    url: str
    label: str | Promise
    icon: str
    count: int
    alarm: bool
    current: bool
    key: str = ""

    @property
    def count_short(self) -> str:
        """The count as the small badge shows it."""
        return "99+" if self.count > 99 else str(self.count)


PLACES = (
    Place(name="home", label=_("首页"), icon="home", key="h"),
    Place(
        name="workorder-desk",
        label=_("值班台"),
        icon="headset",
        roles=WORKING,
        count=work_orders,
        key="d",
    ),
    Place(name="notifications", label=_("消息"), icon="bell", count=messages, key="i"),
    Place(name="workorder-list", label=_("案件"), icon="clipboard-list", key="l"),
    Place(
        name="adjustment-list",
        label=_("时限"),
        icon="hourglass",
        roles=TIMED,
        count=requests,
        key="t",
    ),
    Place(
        name="finding-review",
        label=_("抓拍"),
        icon="camera",
        roles=frozenset({Role.REVIEWER, Role.DUTY_MANAGER}),
        count=findings,
        key="c",
    ),
    Place(
        name="camera-list",
        label=_("摄像头"),
        icon="device-cctv",
        count=cameras,
        key="k",
    ),
    Place(
        name="whistle-list",
        label=_("吹哨"),
        icon="speakerphone",
        roles=EVERYBODY - {Role.COLLECTOR, Role.REVIEWER},
        count=whistles,
        key="w",
    ),
    Place(
        name="remedy-list",
        label=_("代整治"),
        icon="tools",
        roles=EVERYBODY - {Role.REVIEWER},
        count=remedies,
        key="z",
    ),
    Place(name="workorder-map", label=_("地图"), icon="map-2", key="m"),
    Place(name="reports", label=_("指标"), icon="chart-bar", key="n"),
    Place(name="places", label=_("地点"), icon="map-pin", key="p"),
    Place(name="standards", label=_("标准"), icon="book-2", roles=STANDARD_READERS, key="s"),
    Place(
        name="workorder-imports",
        label=_("导入"),
        icon="file-import",
        permission=Permission.IMPORT_WORK_ORDERS,
    ),
    Place(
        name="people", label=_("人员"), icon="users", permission=Permission.MANAGE_PEOPLE, key="u"
    ),
    Place(name="audit", label=_("日志"), icon="history", permission=Permission.READ_LOG, key="a"),
)


def items(actor: Actor, *, path: str, now: datetime) -> list[RailItem]:
    """Return the entries that the actor's roles may open; the one being read is current."""
    open_to = [(place, _address(place.name)) for place in PLACES if _may(actor, place)]
    shown = [(place, url) for place, url in open_to if url]
    current = _current([url for _place, url in shown], path=path)
    counts = _counts(actor, [place for place, _url in shown], now)
    return [_item(place, url, counts[place.name], current=url == current) for place, url in shown]


_kept: Kept[Actor, dict[str, Waiting]] = Kept()


def _counts(actor: Actor, places: list[Place], now: datetime) -> dict[str, Waiting]:
    """Return what waits in each place, at most a few seconds old: every page shows it.

    A dozen questions to the database were a quarter of a page's time. Whoever does something
    sees at once what it changed (`forget`); what others did shows after the few seconds.
    """
    fresh = timedelta(seconds=settings.CHENGZHI_RAIL_SECONDS)
    return _kept.get(
        actor, lambda: {p.name: p.count(actor, now) for p in places}, now=now, fresh=fresh
    )


def forget(actor: Actor) -> None:
    """Drop what is kept for somebody who has just written something."""
    _kept.drop(actor)


def _item(place: Place, url: str, waiting: Waiting, *, current: bool) -> RailItem:
    return RailItem(
        name=place.name,
        url=url,
        label=place.label,
        icon=place.icon,
        count=waiting.count,
        alarm=waiting.alarm,
        current=current,
        key=place.key,
    )


def _may(actor: Actor, place: Place) -> bool:
    if place.permission is not None:
        return accounts.may(actor, place.permission)
    return not place.roles.isdisjoint(actor.roles)


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _current(urls: list[str], *, path: str) -> str:
    """Return the longest address that begins this path; home only matches itself."""
    matching = [url for url in urls if path == url or (url != "/" and path.startswith(url))]
    return max(matching, key=len, default="")
