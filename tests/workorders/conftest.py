"""Builders for work orders: a county of two towns, its units, its people, its first reports."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from chengzhi.accounts.models import Person, Post, Unit
from chengzhi.accounts.types import Actor, Role
from chengzhi.audit.models import Event
from chengzhi.evidence import interface as evidence
from chengzhi.places.interface import forget_index
from chengzhi.places.models import Cell, Division, PatrolGrid
from chengzhi.workorders.commands import adjust, check, file, handle, intake, verify
from chengzhi.workorders.models import WorkOrder
from chengzhi.workorders.queries.beats import forget_beats
from chengzhi.workorders.queries.control import forget_controls
from chengzhi.workorders.queries.directory import forget_directory
from chengzhi.workorders.queries.lists import forget_lengths
from chengzhi.workorders.queries.people import forget_people
from chengzhi.workorders.types import Channel, Check, PhotoRef, Report, State
from chengzhi.workorders.types.adjustments import AdjustmentKind, Asked

COUNTY, DANDONG, SHIPU = "330225", "330225001", "330225101"
STALL = "09005"  # 店外经营: one row, 2 urgent hours
LITTER = "06010"  # 暴露垃圾: 4 work hours
MANHOLE = "01001"  # 供水井盖异常: 2 urgent hours, 4 work hours, 2 and 5 work days
HERE = (121.8790, 29.4772)
IN_SHIPU = (121.9500, 29.2000)
AT_SEA = (122.9000, 29.9000)
SINCE = date(2020, 1, 1)

STALL_REPORT = Report(
    channel=Channel.COLLECTOR,
    matter_code=STALL,
    lon=HERE[0],
    lat=HERE[1],
    address="靖南大街126号",
    description="果筐越出门线",
)

UNITS = (
    ("C01", "指挥中心", "centre", COUNTY),
    ("B01", "综合行政执法局", "bureau", COUNTY),
    ("S01", "丹东中队", "squad", DANDONG),
    ("S02", "石浦中队", "squad", SHIPU),
    ("D01", "环卫指导中心", "department", COUNTY),
    ("T02", "石浦镇", "town", SHIPU),
    ("X01", "海曙指挥中心", "centre", "330203"),
)
PEOPLE = (
    (1, "李明", "C01", (Role.COLLECTOR,)),
    (2, "王芳", "C01", (Role.ACCEPTANCE_OFFICER, Role.DUTY_MANAGER, Role.DISPATCHER)),
    (3, "赵强", "B01", (Role.LEADER,)),
    (4, "周健", "S01", (Role.HANDLER,)),
    (5, "周小燕", "C01", (Role.COLLECTOR,)),
    (6, "朱建军", "S01", (Role.SQUAD_LEADER,)),
    (9, "陈静", "X01", (Role.DUTY_MANAGER,)),
)


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    for forget in (
        forget_index,
        forget_directory,
        forget_people,
        forget_beats,
        forget_controls,
        forget_lengths,
        cache.clear,
    ):
        forget()
    yield
    forget_index()


@pytest.fixture
def county(db: None, now: datetime) -> None:
    build_county(now)


def build_county(now: datetime) -> None:
    for code, name, kind, division in UNITS:
        Unit.objects.create(code=code, name=name, kind=kind, division=division)
    for pk, name, unit, roles in PEOPLE:
        person = Person.objects.create(
            pk=pk,
            username=f"user{pk}",
            name=name,
            unit=Unit.objects.get(code=unit),
            created_at=now,
            password_changed_at=now,
        )
        for role in roles:
            Post.objects.create(person=person, role=role, valid_from=SINCE)
    whole = Division.objects.create(code=COUNTY, name="象山县", level="county", valid_from=SINCE)
    _town(whole, DANDONG, "丹东街道", HERE)
    _town(whole, SHIPU, "石浦镇", IN_SHIPU)
    grid = PatrolGrid.objects.create(
        code=f"{DANDONG}07", name="靖南片区", town_code=DANDONG, squad="S01", valid_from=SINCE
    )
    Cell.objects.create(
        code=f"{DANDONG}002017",
        polygon=_square(HERE, 0.002),
        area=160_000,
        grid=grid,
        initial_on=SINCE,
        valid_from=SINCE,
    )
    forget_index()


def _town(whole: Division, code: str, name: str, middle: tuple[float, float]) -> None:
    Division.objects.create(
        code=code,
        name=name,
        level="town",
        parent=whole,
        polygon=_square(middle, 0.02),
        valid_from=SINCE,
    )


def _square(middle: tuple[float, float], half: float) -> dict[str, Any]:
    (lon, lat), h = middle, half
    ring = [(lon - h, lat - h), (lon + h, lat - h), (lon + h, lat + h), (lon - h, lat + h)]
    return {"type": "Polygon", "coordinates": [[*map(list, ring), list(ring[0])]]}


Photograph = Callable[..., PhotoRef]
_colors = itertools.count()


@pytest.fixture
def photograph(now: datetime) -> Photograph:
    """Store a picture that nobody has stored before."""

    def take(by: Actor, role: str = "near") -> PhotoRef:
        number = next(_colors)
        content = BytesIO()
        color = tuple(number // 32**place % 32 * 8 for place in range(3))  # JPEG blurs closer ones
        Image.new("RGB", (64, 48), color).save(content, "JPEG", quality=95)
        stored = evidence.store(content.getvalue(), name="现场.jpg", actor=by, now=now)
        return PhotoRef(sha256=stored.sha256, role=role)

    return take


class Life:
    """Takes a report through its life by the commands, each deed by the person whose it is."""

    def __init__(self, li_ming: Actor, wang_fang: Actor, zhou_jian: Actor, take: Photograph):
        self.li_ming, self.wang_fang, self.zhou_jian, self.take = (
            li_ming,
            wang_fang,
            zhou_jian,
            take,
        )

    def accept(self, pk: int, at: datetime) -> None:
        verify.accept(pk, actor=self.wang_fang, now=at)

    def ask_verify(self, pk: int, at: datetime) -> None:
        verify.ask_verify(pk, assignee=self.li_ming.ref, actor=self.wang_fang, now=at)

    def reject(self, pk: int, at: datetime) -> None:
        verify.reject(pk, reason="不属于城市管理事项", actor=self.wang_fang, now=at)

    def file(self, pk: int, at: datetime) -> None:
        file.file(pk, condition_number=1, actor=self.wang_fang, now=at)

    def dispatch(self, pk: int, at: datetime) -> None:
        handle.dispatch(pk, unit="S01", actor=self.wang_fang, now=at)

    def accept_task(self, pk: int, at: datetime) -> None:
        handle.accept_task(pk, actor=self.zhou_jian, now=at)

    def record_handling(self, pk: int, at: datetime) -> None:
        photos = (self.take(self.zhou_jian, "after"),)
        handle.record_handling(pk, photos=photos, actor=self.zhou_jian, now=at)

    def check_pass(self, pk: int, at: datetime) -> None:
        check.record_check(pk, result=Check.PASS, actor=self.li_ming, now=at)

    def close(self, pk: int, at: datetime) -> None:
        check.close(pk, actor=self.wang_fang, now=at)

    def suspend(self, pk: int, at: datetime) -> None:
        until = (at + timedelta(days=10)).date()
        asked = Asked(kind=AdjustmentKind.DEFERRAL, reason="连续降雨", until=until, cause="weather")
        row = adjust.ask(pk, asked=asked, actor=self.zhou_jian, now=at)
        leader = Actor(
            ref="person:6", name="朱建军", roles=frozenset({Role.SQUAD_LEADER}), unit="S01",
            division=DANDONG,
        )  # fmt: skip
        adjust.first_approve(row.pk, actor=leader, now=at)
        adjust.grant(row.pk, actor=self.wang_fang, now=at)

    def void(self, pk: int, at: datetime) -> None:
        file.void(pk, reason="不符合立案条件", actor=self.wang_fang, now=at)

    def merge(self, pk: int, at: datetime) -> None:
        master = intake.report(STALL_REPORT, actor=self.li_ming, now=at).id
        file.merge(pk, master=master, actor=self.wang_fang, now=at)


WHOLE = (
    "accept",
    "file",
    "dispatch",
    "accept_task",
    "record_handling",
    "check_pass",
    "close",
)
PATHS: dict[State, tuple[str, ...]] = {
    State.REPORTED: (),
    State.TO_VERIFY: ("ask_verify",),
    State.REJECTED: ("reject",),
    State.ACCEPTED: WHOLE[:1],
    State.VOIDED: ("accept", "void"),
    State.MERGED: ("accept", "merge"),
    State.FILED: WHOLE[:2],
    State.DISPATCHED: WHOLE[:3],
    State.HANDLING: WHOLE[:4],
    State.TO_CHECK: WHOLE[:5],
    State.CHECKED: WHOLE[:6],
    State.CLOSED: WHOLE,
    State.SUSPENDED: (*WHOLE[:4], "suspend"),
}


Bring = Callable[..., WorkOrder]


@pytest.fixture
def bring(
    county: None,
    li_ming: Actor,
    wang_fang: Actor,
    zhou_jian: Actor,
    photograph: Photograph,
    now: datetime,
) -> Bring:
    """Take a new report to a state through the commands, all at the same moment."""
    life = Life(li_ming, wang_fang, zhou_jian, photograph)

    def to(state: State = State.REPORTED, *, at: datetime = now, **changes: Any) -> WorkOrder:
        said = replace(STALL_REPORT, **changes)
        by = li_ming if said.channel is Channel.COLLECTOR else wang_fang
        pk = intake.report(said, actor=by, now=at).id
        for deed in PATHS[state]:
            getattr(life, deed)(pk, at)
        return WorkOrder.objects.get(pk=pk)

    return to


@pytest.fixture
def events() -> Callable[[WorkOrder], list[str]]:
    """Name what the log says of an order, oldest first."""

    def names(order: WorkOrder) -> list[str]:
        rows = Event.objects.filter(subject=order.subject).order_by("seq")
        return [name.removeprefix("workorders.") for name in rows.values_list("name", flat=True)]

    return names


Snapshot = Callable[[], tuple[Any, ...]]


@pytest.fixture
def snapshot(db: None) -> Snapshot:
    """Everything that a refused deed must leave alone."""

    def take() -> tuple[Any, ...]:
        return (
            list(WorkOrder.objects.order_by("pk").values()),
            list(Event.objects.order_by("pk").values_list("pk", "hash")),
        )

    return take


def signed_in(pk: int) -> Client:
    client = Client(raise_request_exception=True)
    person = Person.objects.get(pk=pk)
    client.force_login(person, backend="chengzhi.accounts.web.KnownPeople")
    return client


@pytest.fixture
def centre(county) -> Client:
    return signed_in(2)


@pytest.fixture
def handler(county) -> Client:
    return signed_in(4)


@pytest.fixture
def stranger(county) -> Client:
    return signed_in(9)


@pytest.fixture
def today():
    return timezone.now()


def picture() -> SimpleUploadedFile:
    content = BytesIO()
    Image.new("RGB", (32, 24), (9, 9, 9)).save(content, "JPEG")
    return SimpleUploadedFile("after.jpg", content.getvalue(), content_type="image/jpeg")


def text(answer) -> str:
    return answer.content.decode()
