"""The record page: next action, reasons, refusals, masked reporter."""

from datetime import timedelta

import pytest

from chengzhi.workorders.types import Channel, State
from tests.workorders.conftest import text

pytestmark = pytest.mark.usefixtures("county")


@pytest.mark.parametrize("state", list(State))
def test_the_record_page_lives_in_every_state(centre, bring, today, state):
    order = bring(state, at=today, reporter_name="王大明", reporter_phone="13800005678")

    answer = centre.get(f"/work-orders/{order.pk}/")

    page = text(answer)
    assert answer.status_code == 200
    assert order.code in page
    assert "靖南大街126号" in page
    assert "13800005678" not in page
    assert "138****5678" in page
    assert "链完整" in page


@pytest.mark.parametrize(
    ("state", "verb"),
    [
        (State.REPORTED, "受理"),
        (State.TO_VERIFY, "登记核实结果"),
        (State.ACCEPTED, "立案"),
        (State.FILED, "派遣至 丹东中队"),
        (State.DISPATCHED, "等待接收任务"),
        (State.TO_CHECK, "登记核查结果"),
        (State.CHECKED, "结案"),
        (State.CLOSED, "已结案"),
    ],
)
def test_the_next_action_is_said(centre, bring, today, state, verb):
    order = bring(state, at=today)

    page = text(centre.get(f"/work-orders/{order.pk}/"))

    assert verb in page.split('id="next-verb"')[1].split("</h2>")[0]


def test_a_handler_sees_the_task_and_its_button(handler, bring, today):
    order = bring(State.DISPATCHED, at=today)

    page = text(handler.get(f"/work-orders/{order.pk}/"))

    assert f"/work-orders/{order.pk}/accept-task/" in page
    assert f"/work-orders/{order.pk}/return-task/" in page
    assert f"/work-orders/{order.pk}/change-handler/" not in page


def test_the_reason_for_the_suggestion_is_written_out(centre, bring, today):
    order = bring(State.FILED, at=today)

    page = text(centre.get(f"/work-orders/{order.pk}/"))

    assert "没有适用的派遣规则；点位在丹东中队的责任网格 33022500107" in page


def test_the_condition_rows_are_shown_at_the_moment_of_filing(centre, bring, today):
    order = bring(State.ACCEPTED, at=today, matter_code="01001")

    page = text(centre.get(f"/work-orders/{order.pk}/"))

    assert page.count('name="condition"') == 4
    assert "缺失、移位、开裂，存在安全隐患的" in page
    assert "2 紧急工作时" in page


def test_a_refused_step_is_shown_with_its_reason(centre, bring, today):
    order = bring(at=today, channel=Channel.HOTLINE)

    page = text(centre.get(f"/work-orders/{order.pk}/"))

    assert "“热线”的问题须先到现场核实，请先派发核实" in page


def test_a_possible_duplicate_is_shown_before_the_dispatch(centre, bring, today):
    earlier, order = bring(at=today - timedelta(hours=1)), bring(at=today)

    page = text(centre.get(f"/work-orders/{order.pk}/"))

    assert "可能重复" in page
    assert earlier.code in page


def test_before_and_after_lie_over_each_other(centre, bring, today, photograph, li_ming):
    order = bring(State.CLOSED, at=today, photos=(photograph(li_ming, "near"),))

    assert 'class="cmp"' in text(centre.get(f"/work-orders/{order.pk}/"))


def test_a_stranger_gets_the_same_page_for_what_is_there_and_what_is_not(stranger, bring, today):
    order = bring(at=today)

    answers = [stranger.get(f"/work-orders/{pk}/") for pk in (order.pk, 987654)]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert order.address not in text(answers[0])
