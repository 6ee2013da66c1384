"""Who is told when a whistle, a notice, an appeal, a referral or a remedy needs somebody."""

from datetime import timedelta

import pytest

from chengzhi.accounts.models import Person
from chengzhi.accounts.types import Role
from chengzhi.audit.tasks import drain
from chengzhi.notifications.models import Delivery
from chengzhi.wiring import REACTIONS
from chengzhi.workorders import tasks
from chengzhi.workorders.commands import adjust, appeal, handle, notice, refer
from chengzhi.workorders.models import StageRun
from chengzhi.workorders.queries.parties import remedy_parties, whistle_parties
from chengzhi.workorders.types import State
from chengzhi.workorders.types.adjustments import AdjustmentKind, Asked
from chengzhi.workorders.types.remedies import RemedyState
from chengzhi.workorders.types.whistles import WhistleState
from tests.conftest import actor
from tests.workorders.conftest import *  # noqa: F403
from tests.workorders.remedy.conftest import firm, mend, qian_gong, zhu_jun  # noqa: F401
from tests.workorders.whistle.conftest import (  # noqa: F401
    blow,
    he_jie,
    towns,
    wu_hai,
    zheng_lang,
)

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ZHOU, ZHU, WANG, ZHAO = "person:4", "person:6", "person:2", "person:3"
WU, ZHENG, HE, QIAN, ZHU_JUN = (f"person:{pk}" for pk in (21, 22, 23, 31, 32))


@pytest.fixture
def tell(now):
    """Deliver every event, as the worker does."""

    def deliver(at=now) -> None:
        assert drain(REACTIONS, now=at, limit=5000).given_up == 0

    return deliver


def told(template: str) -> set[str]:
    rows = Delivery.objects.filter(template=template, medium="in_app")
    return set(rows.values_list("recipient", flat=True))


def test_an_urgent_overdue_whistle_reaches_the_department_the_centre_and_the_leader(
    blow, tell, now  # noqa: F811
):  # fmt: skip
    blow(WhistleState.DISPATCHED)  # urgent: acknowledge within 30 minutes

    tasks.tick(now + 31 * MINUTE)
    tell(now + 31 * MINUTE)

    assert told("whistle-overdue") == {ZHENG, HE, WANG, ZHAO}
    row = Delivery.objects.filter(template="whistle-overdue", recipient=ZHENG).get()
    assert "渔港路8号：石浦中队 “签收”超过时限" in row.text


def test_a_normal_overdue_whistle_does_not_trouble_the_leader(blow, tell, now):  # noqa: F811
    blow(WhistleState.DISPATCHED, urgency="normal")

    tasks.tick(now + 2 * DAY)
    tell(now + 2 * DAY)

    assert told("whistle-overdue") == {ZHENG, HE, WANG}


def test_a_town_that_does_not_confirm_is_told_itself(blow, wu_hai, tell, now):  # noqa: F811
    blow(WhistleState.HANDLED, urgency="normal")

    tasks.tick(now + 7 * DAY)
    tell(now + 7 * DAY)

    assert told("whistle-overdue") == {wu_hai.ref, WANG}


def test_whoever_must_move_a_whistle_on_is_told(blow, tell):  # noqa: F811
    blow(WhistleState.DISPUTED)
    tell()
    disputed = told("whistle-moved")

    Delivery.objects.all().delete()
    blow(WhistleState.RETURNED)
    tell()

    assert disputed == {WANG, ZHAO}  # to dispatch it; then to decide
    assert told("whistle-moved") == {WANG, WU}


def test_a_whistle_that_was_answered_asks_the_town_to_confirm(blow, tell):  # noqa: F811
    blow(WhistleState.HANDLED)

    tell()

    titles = Delivery.objects.filter(recipient=WU).values_list("title", flat=True)
    assert list(titles) == ["部门反馈：渔港路8号"]


def test_an_unanswered_notice_reaches_the_unit_and_the_duty_manager(bring, wang_fang, tell, now):
    order = bring(State.HANDLING)
    notice.supervise(order.pk, level="bureau", text="领导关注", actor=wang_fang, now=now)

    tasks.tick(now + DAY)
    tell(now + DAY)

    assert told("notice-overdue") == {ZHOU, ZHU, WANG}
    row = Delivery.objects.filter(template="notice-overdue", recipient=WANG).get()
    assert row.title == f"局级督办逾期未回复：{order.matter_name}"


def test_a_request_that_nobody_answers_reaches_the_duty_manager(bring, zhou_jian, tell, now):
    order = bring(State.HANDLING)
    asked = Asked(kind=AdjustmentKind.EXTENSION, reason="须调吊车", amount=1)
    adjust.ask(order.pk, asked=asked, actor=zhou_jian, now=now)

    tasks.tick(now + DAY)
    tell(now + DAY)

    assert told("adjustment-overdue") == {WANG}


@pytest.mark.parametrize(("deed", "title"), [("uphold", "申诉成立"), ("dismiss", "申诉不成立")])
def test_a_decided_appeal_reaches_the_unit(
    bring, zhou_jian, wang_fang, photograph, tell, now, deed, title
):
    order = bring(State.HANDLING)
    photos = (photograph(zhou_jian, "after"),)
    handle.record_handling(order.pk, photos=photos, actor=zhou_jian, now=now + 3 * HOUR)
    run = StageRun.objects.get(order=order, stage="handle")
    row = appeal.lodge(order.pk, run=run.pk, reason="台风停工", actor=zhou_jian, now=now + 4 * HOUR)
    officer = actor("person:7", "胡晓", Role.ACCEPTANCE_OFFICER)
    appeal.support(row.pk, actor=wang_fang, now=now + 4 * HOUR)
    if deed == "uphold":
        appeal.uphold(row.pk, actor=officer, now=now + 4 * HOUR)
    else:
        appeal.dismiss(row.pk, reason="记录不符", actor=officer, now=now + 4 * HOUR)

    tell(now + 4 * HOUR)

    assert told("appeal-decided") == {ZHOU, ZHU}
    rows = Delivery.objects.filter(template="appeal-decided")
    assert set(rows.values_list("title", flat=True)) == {f"{title}：{order.matter_name}"}


def test_an_answered_referral_reaches_the_duty_manager(bring, zhou_jian, tell, now):
    order = bring(State.HANDLING)
    sent = refer.refer(
        order.pk, item="占道经营", reason="屡次", parties="某店", actor=zhou_jian, now=now
    )
    leader = actor("person:6", "朱建军", Role.SQUAD_LEADER, unit="S01", division="330225001")
    refer.note_referral_answer(sent.pk, is_taken=True, case_ref="case:7", actor=leader, now=now)

    tell()

    row = Delivery.objects.get(template="referral-answered")
    assert (row.recipient, row.title) == (WANG, "移送执法：立案办理")
    assert "某店" not in row.text


def test_an_overdue_remedy_reaches_the_centre_the_squad_and_the_firm_at_work(
    mend, tell, now  # noqa: F811
):  # fmt: skip
    mend(RemedyState.WORKING, is_hazard=False)

    tasks.tick(now + 30 * DAY)
    tell(now + 30 * DAY)

    assert told("remedy-overdue") == {WANG, ZHOU, ZHU, ZHU_JUN, QIAN}


def test_a_hazard_without_a_fence_breaks_the_night(mend, tell, now):  # noqa: F811
    for pk in (2, 4):
        Person.objects.filter(pk=pk).update(mobile=f"1380000000{pk}")
    night = now + timedelta(hours=11, minutes=30)  # 22:00
    hazard = mend(at=night)

    tasks.tick(night + 2 * HOUR)
    tell(night + 2 * HOUR)

    rows = Delivery.objects.filter(template="remedy-hazard", medium="sms").order_by("recipient")
    assert [row.recipient for row in rows] == [WANG, ZHOU]
    assert {row.next_at for row in rows} == {night + 2 * HOUR}
    assert hazard.code in rows[0].text


@pytest.mark.parametrize("subject", ["remedy:0", "remedy:x", "whistle:1", "workorder:1", ""])
def test_what_is_no_remedy_and_no_whistle_has_no_parties(county, now, subject):
    assert remedy_parties(subject, now) is None
    assert whistle_parties(subject, now) is None
