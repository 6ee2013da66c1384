"""The conditions at the moment of decision, and frozen into the record (GB/T 30428.8)."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from chengzhi.audit.models import Event
from chengzhi.kernel.procedure import StepNotAllowed
from chengzhi.standards import store
from chengzhi.standards.importing import Import, apply_plan, judge
from chengzhi.standards.types import StandardMissing
from chengzhi.workorders.commands import check, file
from chengzhi.workorders.queries.decision import decision
from chengzhi.workorders.rules.closing import closing_items
from chengzhi.workorders.rules.limits import civil_date
from chengzhi.workorders.types import Check, State
from tests.standards.books import book
from tests.workorders.conftest import STALL, text

HEADS = ("编码", "名称", "立案条件", "结案条件", "处置时限")


@pytest.fixture
def overlay(tmp_path: Path) -> Iterator[Path]:
    before = store.current().overlay
    store.configure(tmp_path)
    yield tmp_path
    store.configure(before)


def put_in_force(overlay: Path, day, *rows) -> None:
    asked = Import(
        content=book(rows, heads=HEADS, sheet="事项"),
        file_name="标准.xlsx",
        scheme="某市",
        valid_from=day,
    )
    apply_plan(judge(asked, store.current()), overlay, store.current())
    store.notice()


@pytest.mark.parametrize(
    ("condition", "items"),
    [
        ("制止、恢复", ("制止", "恢复")),
        ("止水，消除安全隐患", ("止水", "消除安全隐患")),
        ("更换或修复", ("更换或修复",)),
        ("", ()),
    ],
)
def test_a_closing_condition_is_a_list_to_go_through(condition, items):
    assert closing_items(condition) == items


def test_pain_35_the_text_of_the_conditions_is_kept_as_it_was_at_filing(
    bring, overlay, wang_fang, li_ming, now
):
    order = bring(State.TO_CHECK)
    frozen = (order.filing_condition, order.closing_condition, order.limit_text)
    put_in_force(overlay, civil_date(now), (STALL, "店外经营", "换了说法", "改了要求", "3天"))

    check.record_check(
        order.pk,
        result=Check.PASS,
        actor=li_ming,
        now=now,
        confirmed=closing_items(order.closing_condition),
    )
    closed = check.close(order.pk, actor=wang_fang, now=now)

    assert (closed.filing_condition, closed.closing_condition, closed.limit_text) == frozen
    checked = json.loads(Event.objects.get(name="workorders.checked").data)
    assert checked["closing_condition"] == frozen[1]
    assert checked["confirmed"] == list(closing_items(frozen[1]))
    assert (
        json.loads(Event.objects.get(name="workorders.closed").data)["closing_condition"]
        == frozen[1]
    )


def test_a_check_passes_only_with_the_closing_condition_confirmed(bring, li_ming, now, snapshot):
    order = bring(State.TO_CHECK)
    before = snapshot()

    with pytest.raises(StepNotAllowed, match="没有确认"):
        check.record_check(order.pk, result=Check.PASS, actor=li_ming, now=now, confirmed=())
    with pytest.raises(StepNotAllowed, match="不是本案立案时的结案条件"):
        check.record_check(order.pk, result=Check.PASS, actor=li_ming, now=now, confirmed=("别的",))

    assert snapshot() == before


def test_a_part_that_does_not_apply_is_explained(bring, overlay, li_ming, now, snapshot):
    day = civil_date(now)
    put_in_force(overlay, day, (STALL, "店外经营", "越出门窗", "劝离、收回", "1小时"))
    order = bring(State.TO_CHECK)
    before = snapshot()

    with pytest.raises(StepNotAllowed, match="“收回”没有勾选"):
        check.record_check(order.pk, result=Check.PASS, actor=li_ming, now=now, confirmed=("劝离",))
    assert snapshot() == before
    passed = check.record_check(
        order.pk, result=Check.PASS, actor=li_ming, now=now, confirmed=("劝离",), reason="无物品"
    )

    assert passed.state == State.CHECKED


def test_the_check_page_lists_the_frozen_closing_condition(bring, centre):
    order = bring(State.TO_CHECK)

    page = text(centre.get(f"/work-orders/{order.pk}/"))

    for item in closing_items(order.closing_condition):
        assert f'name="confirmed" value="{item}"' in page


def test_a_row_out_of_its_season_is_shown_and_not_filed_under(
    bring, overlay, wang_fang, now, snapshot
):
    day = civil_date(now)
    put_in_force(
        overlay, day,
        (STALL, "店外经营", "夏季夜市越界", "收回", "6月至8月1小时"),
        (STALL, "店外经营", "越出门窗", "收回", "2小时"),
    )  # fmt: skip
    order = bring(State.ACCEPTED)
    seen = decision(wang_fang, order.pk, now=now)
    before = snapshot()

    with pytest.raises(StandardMissing, match="只在6月、7月、8月适用"):
        file.file(order.pk, condition_number=1, actor=wang_fang, now=now)

    assert [choice.condition.number for choice in seen.choices] == [2]
    assert "夏季" not in seen.choices[0].condition.filing_condition
    assert len(seen.out_of_season) == 1
    assert snapshot() == before


def test_the_limit_of_the_season_is_frozen(bring, overlay, wang_fang, now):
    put_in_force(
        overlay, civil_date(now), (STALL, "店外经营", "越出门窗", "收回", "冬季4小时；其余2小时")
    )
    autumn, winter = bring(State.ACCEPTED), bring(State.ACCEPTED)

    first = file.file(autumn.pk, condition_number=1, actor=wang_fang, now=now)
    second = file.file(winter.pk, condition_number=1, actor=wang_fang, now=now + timedelta(days=10))

    assert (first.limit_text, first.limit_amount) == ("2 工作时（其余）", 2)
    assert (second.limit_text, second.limit_amount) == ("4 工作时（冬季）", 4)
