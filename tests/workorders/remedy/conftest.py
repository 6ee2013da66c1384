"""An ownerless problem, the people who look for its owner, and the firm that does the work."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from chengzhi.accounts.models import Person, Post, Unit
from chengzhi.accounts.types import Actor, Role
from chengzhi.audit.models import Event
from chengzhi.workorders.commands import remedy_ground, remedy_search, remedy_work
from chengzhi.workorders.models import FundLine, OwnerSearch, Remedy
from chengzhi.workorders.queries.directory import forget_directory
from chengzhi.workorders.rules.limits import civil_date
from chengzhi.workorders.types.remedies import (
    Conclusion,
    Obligor,
    ProblemDraft,
    RemedyState,
    Substitute,
    WorkDone,
    WorkOrdered,
)
from tests.conftest import DANDONG, actor
from tests.workorders.conftest import COUNTY, HERE, SINCE, Photograph, signed_in

YUAN = 100
PROBLEM = ProblemDraft(
    kind="cover",
    lon=HERE[0],
    lat=HERE[1],
    address="靖南大街126号",
    description="井盖破损，井壁无标识，权属不明",
    is_hazard=True,
)
OBLIGOR = Obligor(name="远东置业有限公司", contact="0574-00000000", basis="竣工图纸写明由其维护")
SUBSTITUTE = Substitute(
    ordered_on=date(2026, 11, 2),
    perform_by=date(2026, 11, 16),
    demanded_on=date(2026, 11, 18),
    consequence="traffic",
    budget_fen=5000 * YUAN,
    performer="K01",
    perform_on=date(2026, 12, 2),
)
DAY_OF_PERFORMANCE = timedelta(days=7)  # from `now`, 2026-11-25, to 2026-12-02


@pytest.fixture
def qian_gong() -> Actor:
    """A foreman of the contractor."""
    return actor("person:31", "钱工", Role.HANDLER, unit="K01")


@pytest.fixture
def zhu_jun() -> Actor:
    """The leader of the Dandong squad."""
    return actor("person:32", "朱军", Role.SQUAD_LEADER, unit="S01", division=DANDONG)


@pytest.fixture
def firm(county: None, now: datetime, zhao_qiang: Actor) -> None:
    Unit.objects.create(code="K01", name="远山市政养护", kind="contractor", division=COUNTY)
    people = ((31, "钱工", "K01", Role.HANDLER), (32, "朱军", "S01", Role.SQUAD_LEADER))
    for pk, name, unit, role in people:
        person = Person.objects.create(
            pk=pk,
            username=f"user{pk}",
            name=name,
            unit=Unit.objects.get(code=unit),
            created_at=now,
            password_changed_at=now,
        )
        Post.objects.create(person=person, role=role, valid_from=SINCE)
    forget_directory()
    remedy_work.grant(amount_fen=100_000 * YUAN, note="县财〔2026〕1号", actor=zhao_qiang, now=now)


class RemedyLife:
    """Takes a problem through its life by the commands."""

    def __init__(self, cast: dict[str, Actor], take: Photograph) -> None:
        self.cast, self.take = cast, take

    def search(self, pk: int, at: datetime) -> None:
        remedy_search.start_search(pk, actor=self.cast["centre"], now=at)

    def look(self, pk: int, at: datetime) -> None:
        for source in ("ledger", "utilities", "community", "notice"):
            remedy_search.log_search(
                pk, source=source, found=False, result="查无此户", actor=self.cast["centre"], now=at
            )
        remedy_search.hold_meeting(
            pk, held_on=civil_date(at), attendees="住建、供水、社区", opinions="均无权属记录",
            conclusion=Conclusion.OWNERLESS, actor=self.cast["centre"], now=at,
        )  # fmt: skip
        remedy_search.conclude_ownerless(pk, actor=self.cast["centre"], now=at)

    def approve(self, pk: int, at: datetime) -> None:
        remedy_ground.approve(pk, budget_fen=3000 * YUAN, actor=self.cast["leader"], now=at)

    def find(self, pk: int, at: datetime) -> None:
        remedy_search.find_owner(pk, obligor=OBLIGOR, actor=self.cast["centre"], now=at)

    def decide(self, pk: int, at: datetime) -> None:
        remedy_ground.decide(pk, substitute=SUBSTITUTE, actor=self.cast["leader"], now=at)

    def remind(self, pk: int, at: datetime) -> None:
        remedy_ground.remind(pk, actor=self.cast["squad"], now=at)

    def begin(self, pk: int, at: datetime) -> None:
        later = at + (DAY_OF_PERFORMANCE if Remedy.objects.get(pk=pk).perform_on else timedelta())
        photos = (self.take(self.cast["centre"], "before"),)
        work = WorkOrdered(contractor="K01", text="更换井盖一套", photos=photos)
        remedy_work.begin_work(pk, work=work, actor=self.cast["centre"], now=later)

    def finish(self, pk: int, at: datetime) -> None:
        photos = (self.take(self.cast["firm"], "after"),)
        done = WorkDone(
            quantity="1 套", supervisors="朱军、周健", signatures="监督人、施工方、见证人均已签名",
            photos=photos,
        )  # fmt: skip
        remedy_work.finish_work(pk, done=done, actor=self.cast["firm"], now=at)

    def accept(self, pk: int, at: datetime) -> None:
        remedy_work.accept_work(pk, actor=self.cast["centre"], now=at)

    def settle(self, pk: int, at: datetime) -> None:
        remedy_work.settle(pk, amount_fen=2800 * YUAN, actor=self.cast["centre"], now=at)

    def claim(self, pk: int, at: datetime) -> None:
        remedy_work.claim(pk, actor=self.cast["centre"], now=at)

    def pay(self, pk: int, at: datetime) -> None:
        remedy_work.record_payment(
            pk, amount_fen=2800 * YUAN, paid_on=date(2026, 11, 25), payer="远东置业",
            receipt="NO.0001", actor=self.cast["centre"], now=at,
        )  # fmt: skip

    def close(self, pk: int, at: datetime) -> None:
        remedy_work.close_remedy(pk, actor=self.cast["centre"], now=at)

    def hand_over(self, pk: int, at: datetime) -> None:
        remedy_search.hand_over(pk, reason="权属单位愿意维修", actor=self.cast["centre"], now=at)

    def performed(self, pk: int, at: datetime) -> None:
        remedy_ground.performed(pk, reason="已自行更换", actor=self.cast["centre"], now=at)


TRACK_A = ("search", "look", "approve", "begin", "finish", "accept", "settle", "close")
TRACK_B = (
    "search", "find", "decide", "remind", "begin", "finish", "accept", "settle", "claim", "pay",
    "close",
)  # fmt: skip
PATHS: dict[str, tuple[str, ...]] = {
    RemedyState.REGISTERED: (),
    RemedyState.SEARCHING: TRACK_A[:1],
    RemedyState.OWNERLESS: TRACK_A[:2],
    RemedyState.APPROVED: TRACK_A[:3],
    RemedyState.WORKING: TRACK_A[:4],
    RemedyState.TO_ACCEPT: TRACK_A[:5],
    RemedyState.REMEDIED: TRACK_A[:6],
    RemedyState.SETTLED: TRACK_A[:7],
    RemedyState.CLOSED: TRACK_A,
    RemedyState.OWNER_FOUND: TRACK_B[:2],
    RemedyState.DECIDED: TRACK_B[:3],
    RemedyState.REMINDED: TRACK_B[:4],
    RemedyState.RECOVERING: TRACK_B[:9],
    RemedyState.HANDED_OVER: ("search", "find", "hand_over"),
    RemedyState.PERFORMED: ("search", "find", "decide", "performed"),
}
Mend = Callable[..., Remedy]


@pytest.fixture
def mend(
    firm: None,
    wang_fang: Actor,
    zhao_qiang: Actor,
    zhu_jun: Actor,
    qian_gong: Actor,
    photograph: Photograph,
    now: datetime,
) -> Mend:
    """Take a new problem to a state through the commands."""
    cast = {"centre": wang_fang, "leader": zhao_qiang, "squad": zhu_jun, "firm": qian_gong}
    life = RemedyLife(cast, photograph)

    def to(
        state: str = RemedyState.REGISTERED,
        *,
        at: datetime = now,
        path: tuple[str, ...] | None = None,
        **changes: Any,
    ) -> Remedy:
        draft = replace(PROBLEM, **changes)
        pk = remedy_search.register_problem(draft, actor=wang_fang, now=at).pk
        for deed in PATHS[state] if path is None else path:
            getattr(life, deed)(pk, at)
        return Remedy.objects.get(pk=pk)

    return to


def told(record: Remedy) -> list[str]:
    rows = Event.objects.filter(subject=record.subject).order_by("seq")
    return [name.removeprefix("workorders.") for name in rows.values_list("name", flat=True)]


@pytest.fixture
def everything(db: None) -> Callable[[], tuple[Any, ...]]:
    """Everything that a refused deed must leave alone."""

    def take() -> tuple[Any, ...]:
        return (
            list(Remedy.objects.order_by("pk").values()),
            list(OwnerSearch.objects.order_by("pk").values()),
            list(FundLine.objects.order_by("pk").values()),
            list(Event.objects.order_by("pk").values_list("pk", "hash")),
        )

    return take


@pytest.fixture
def firm_page(firm):
    return signed_in(31)


@pytest.fixture
def leader_page(firm):
    return signed_in(3)
