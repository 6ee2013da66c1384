"""Two people at the same moment: one wins, the other is told why not."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from threading import Barrier

import pytest
from django.db import connection

from chengzhi.audit.models import Event
from chengzhi.kernel.procedure import StepNotAllowed
from chengzhi.workorders.commands import file, handle, intake, verify
from chengzhi.workorders.commands.clock import mark_due
from chengzhi.workorders.models import WorkOrder
from chengzhi.workorders.types import State
from tests.workorders.conftest import STALL_REPORT, build_county

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def committed_county(transactional_db: None, now: datetime) -> Iterator[None]:
    build_county(now)
    yield


def at_once(*deeds: Callable[[], object]) -> list[object]:
    """Start the deeds together, each on its own connection; return answers and refusals."""
    gate = Barrier(len(deeds))

    def run(deed: Callable[[], object]) -> object:
        try:
            gate.wait()
            return deed()
        except StepNotAllowed as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


@pytest.fixture
def filed(li_ming, wang_fang, now) -> int:
    pk = intake.report(STALL_REPORT, actor=li_ming, now=now).id
    verify.accept(pk, actor=wang_fang, now=now)
    file.file(pk, condition_number=1, actor=wang_fang, now=now)
    return pk


def test_of_two_dispatchers_one_wins_and_the_other_is_refused(filed, wang_fang, now):
    answers = at_once(
        lambda: handle.dispatch(filed, unit="S01", actor=wang_fang, now=now),
        lambda: handle.dispatch(filed, unit="D01", actor=wang_fang, now=now),
    )

    refusals = [answer for answer in answers if isinstance(answer, StepNotAllowed)]
    assert len(refusals) == 1
    assert "当前状态“待接收”不能“派遣”" in refusals[0].sentence
    assert Event.objects.filter(name="workorders.dispatched").count() == 1
    assert WorkOrder.objects.get(pk=filed).state == State.DISPATCHED


def test_two_senders_of_one_client_ref_make_one_work_order(li_ming, now):
    report = replace(STALL_REPORT, client_ref="phone:7f3a")

    answers = at_once(*[lambda: intake.report(report, actor=li_ming, now=now)] * 4)

    assert len({answer.id for answer in answers}) == 1
    assert [answer.created for answer in answers].count(True) == 1
    assert WorkOrder.objects.count() == Event.objects.count() == 1


def test_two_deadline_workers_say_it_once(filed, wang_fang, now):
    late = now.replace(hour=9)

    at_once(*[lambda: mark_due(actor=wang_fang, now=late)] * 2)

    assert Event.objects.filter(name="workorders.stage-overdue").count() == 1
