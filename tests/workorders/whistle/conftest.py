"""A town, its whistle, and the departments that come."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from chengzhi.accounts.models import Person, Post, Unit
from chengzhi.accounts.types import Actor, Role
from chengzhi.audit.models import Event
from chengzhi.workorders.commands import whistle, whistle_answer
from chengzhi.workorders.commands.whistle_answer import Presence
from chengzhi.workorders.models import Whistle, WhistleAnswer
from chengzhi.workorders.types.whistles import Score, Urgency, WhistleDraft, WhistleState
from tests.conftest import actor
from tests.workorders.conftest import IN_SHIPU, SHIPU, SINCE, Photograph, signed_in

DRAFT = WhistleDraft(
    items=("09005", "06010"),
    urgency=Urgency.URGENT,
    lon=IN_SHIPU[0],
    lat=IN_SHIPU[1],
    address="渔港路8号",
    description="夜市占道，垃圾满地，镇里力量不足",
    departments=("S02", "D01"),
    lead="S02",
)
PEOPLE = (
    (21, "吴海", "T02", Role.TOWN_OFFICER, SHIPU),
    (22, "郑浪", "S02", Role.SQUAD_LEADER, SHIPU),
    (23, "何洁", "D01", Role.HANDLER, "330225"),
)


def member(pk: int) -> Actor:
    _, name, unit, role, division = next(row for row in PEOPLE if row[0] == pk)
    return actor(f"person:{pk}", name, role, unit=unit, division=division)


@pytest.fixture
def wu_hai() -> Actor:
    """An officer of the town of Shipu."""
    return member(21)


@pytest.fixture
def zheng_lang() -> Actor:
    """The leader of the Shipu squad."""
    return member(22)


@pytest.fixture
def he_jie() -> Actor:
    """A handler of the sanitation department."""
    return member(23)


@pytest.fixture
def towns(county: None, now: datetime) -> None:
    for pk, name, unit, role, _ in PEOPLE:
        person = Person.objects.create(
            pk=pk,
            username=f"user{pk}",
            name=name,
            unit=Unit.objects.get(code=unit),
            created_at=now,
            password_changed_at=now,
        )
        Post.objects.create(person=person, role=role, valid_from=SINCE)


class WhistleLife:
    """Takes a whistle through its life by the commands, each deed by the person whose it is."""

    def __init__(self, cast: dict[str, Actor], take: Photograph) -> None:
        self.cast, self.take = cast, take

    def issue(self, pk: int, at: datetime) -> None:
        whistle.issue_whistle(pk, actor=self.cast["town"], now=at)

    def dispatch(self, pk: int, at: datetime) -> None:
        whistle_answer.dispatch_whistle(pk, actor=self.cast["centre"], now=at)

    def acknowledge(self, pk: int, at: datetime) -> None:
        for who in ("lead", "other"):
            whistle_answer.acknowledge(pk, actor=self.cast[who], now=at)

    def arrive(self, pk: int, at: datetime) -> None:
        for who in ("lead", "other"):
            there = Presence(lon=IN_SHIPU[0], lat=IN_SHIPU[1], people="两人")
            whistle_answer.arrive(pk, presence=there, actor=self.cast[who], now=at)

    def report(self, pk: int, at: datetime) -> None:
        whistle_answer.report_back(pk, result="清运完毕", actor=self.cast["other"], now=at)
        photos = (self.take(self.cast["lead"], "after"),)
        whistle_answer.report_back(
            pk, result="摊位全部劝离", photos=photos, actor=self.cast["lead"], now=at
        )

    def confirm(self, pk: int, at: datetime) -> None:
        scores = (Score(unit="S02", points=5), Score(unit="D01", points=3, words="来得晚"))
        whistle.confirm(pk, scores=scores, actor=self.cast["town"], now=at)

    def close(self, pk: int, at: datetime) -> None:
        whistle_answer.close_whistle(pk, actor=self.cast["centre"], now=at)

    def withdraw(self, pk: int, at: datetime) -> None:
        whistle.withdraw_whistle(pk, reason="已自行解决", actor=self.cast["town"], now=at)

    def send_home(self, pk: int, at: datetime) -> None:
        whistle_answer.return_whistle(
            pk, reason="请补充现场照片", actor=self.cast["centre"], now=at
        )

    def dispute(self, pk: int, at: datetime) -> None:
        whistle_answer.dispute(pk, reason="属市政设施", actor=self.cast["lead"], now=at)


WHOLE = ("issue", "dispatch", "acknowledge", "arrive", "report", "confirm", "close")
PATHS: dict[str, tuple[str, ...]] = {
    WhistleState.DRAFTED: (),
    WhistleState.ISSUED: WHOLE[:1],
    WhistleState.DISPATCHED: WHOLE[:2],
    WhistleState.ACKNOWLEDGED: WHOLE[:3],
    WhistleState.ARRIVED: WHOLE[:4],
    WhistleState.HANDLED: WHOLE[:5],
    WhistleState.CONFIRMED: WHOLE[:6],
    WhistleState.CLOSED: WHOLE,
    WhistleState.RETURNED: ("issue", "send_home"),
    WhistleState.WITHDRAWN: ("issue", "withdraw"),
    WhistleState.DISPUTED: ("issue", "dispatch", "dispute"),
}
Blow = Callable[..., Whistle]


@pytest.fixture
def blow(
    towns: None,
    wu_hai: Actor,
    wang_fang: Actor,
    zheng_lang: Actor,
    he_jie: Actor,
    photograph: Photograph,
    now: datetime,
) -> Blow:
    """Take a new whistle to a state through the commands, all at the same moment."""
    cast = {"town": wu_hai, "centre": wang_fang, "lead": zheng_lang, "other": he_jie}
    life = WhistleLife(cast, photograph)

    def to(state: str = WhistleState.DRAFTED, *, at: datetime = now, **changes: Any) -> Whistle:
        pk = whistle.draft_whistle(replace(DRAFT, **changes), actor=wu_hai, now=at).pk
        for deed in PATHS[state]:
            getattr(life, deed)(pk, at)
        return Whistle.objects.get(pk=pk)

    return to


def told(record: Any) -> list[str]:
    rows = Event.objects.filter(subject=record.subject).order_by("seq")
    return [
        name.removeprefix("workorders.whistle-") for name in rows.values_list("name", flat=True)
    ]


def answer_of(record: Whistle, unit: str) -> WhistleAnswer:
    return WhistleAnswer.objects.get(whistle=record, unit=unit)


Frozen = Callable[[], tuple[Any, ...]]


@pytest.fixture
def everything(db: None) -> Frozen:
    """Everything that a refused deed must leave alone."""

    def take() -> tuple[Any, ...]:
        return (
            list(Whistle.objects.order_by("pk").values()),
            list(WhistleAnswer.objects.order_by("pk").values()),
            list(Event.objects.order_by("pk").values_list("pk", "hash")),
        )

    return take


@pytest.fixture
def town_page(towns):
    return signed_in(21)


@pytest.fixture
def squad_page(towns):
    return signed_in(22)
