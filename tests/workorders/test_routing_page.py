"""The routing rules as a page: who reads them, in what order they are asked, add and end."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.test import Client
from django.utils import timezone

from chengzhi.accounts.models import Person, Post, Unit
from chengzhi.accounts.types import Role
from chengzhi.kernel.errors import InvalidInput
from chengzhi.workorders.commands import routing
from chengzhi.workorders.models import RoutingRule
from chengzhi.workorders.queries.directory import forget_directory
from chengzhi.workorders.queries.routing import rule_book
from tests.conftest import COUNTY, actor
from tests.workorders.conftest import DANDONG, SINCE, signed_in, text

pytestmark = pytest.mark.usefixtures("county")
HERE = "/work-orders/routing/"


@pytest.fixture
def sun_li():
    return actor("person:7", "孙丽", Role.ADMINISTRATOR)


def holding(role: Role) -> Client:
    """Sign in 周小燕 with one role more."""
    Post.objects.create(person=Person.objects.get(pk=5), role=role, valid_from=SINCE)
    return signed_in(5)


def rules_of(answer) -> list[tuple[str, str, str]]:
    return [(card.matter_name, card.area_name, card.unit_name) for card in answer.context["rows"]]


def test_rules_are_listed_in_the_order_in_which_they_are_asked(centre, sun_li, today):
    for area, matter in (("", ""), (DANDONG, "09"), ("", "09005"), (f"{DANDONG}07", "09")):
        routing.add_routing_rule(
            unit="D01", matter_prefix=matter, area_prefix=area, actor=sun_li, now=today
        )

    answer = centre.get(HERE)

    assert rules_of(answer) == [
        ("09005 店外经营", "", "环卫指导中心"),
        ("09 街面秩序类", "丹东街道 靖南片区", "环卫指导中心"),
        ("09 街面秩序类", "丹东街道", "环卫指导中心"),
        ("", "", "环卫指导中心"),
    ]
    assert "事项写得最细的规则在先" in text(answer)


def test_no_rules_yet_says_who_handles(centre):
    page = text(centre.get(HERE))

    assert "还没有派遣规则" in page
    assert "案件现在都交给点位所在责任网格的中队。" in page
    assert 'href="/work-orders/routing/new/"' in page


def test_a_rule_is_added_from_today_on(centre, today):
    form = {
        "matter_prefix": "09005", "area_prefix": DANDONG, "handler_kind": "squad",
        "unit": "S02", "note": "夜市专班",
    }  # fmt: skip

    answer = centre.post(f"{HERE}new/", form, follow=True)

    rule = RoutingRule.objects.get()
    assert (rule.county, rule.unit, rule.note, rule.valid_to) == (COUNTY, "S02", "夜市专班", None)
    assert rule.valid_from == timezone.localdate(today)
    assert rules_of(answer) == [("09005 店外经营", "丹东街道", "石浦中队")]
    assert "已新增派遣规则。" in text(answer)


def test_the_form_offers_classes_matters_towns_grids_and_handling_units(centre):
    page = text(centre.get(f"{HERE}new/"))

    assert '<option value="09">09 街面秩序类（整类）</option>' in page
    assert '<option value="09005">09005 店外经营</option>' in page
    assert f'<option value="{DANDONG}">丹东街道</option>' in page
    assert f'<option value="{DANDONG}07">丹东街道 靖南片区</option>' in page
    assert '<option value="D01">环卫指导中心</option>' in page
    assert '<option value="C01">' not in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"unit": ""}, "这个字段是必填项"),
        ({"unit": "C01"}, "选择一个有效的选项"),
        ({"unit": "D01", "matter_prefix": "99"}, "选择一个有效的选项"),
    ],
)
def test_a_malformed_rule_comes_back_with_its_fault(centre, changes, sentence):
    answer = centre.post(f"{HERE}new/", {"unit": "D01", **changes})

    assert answer.status_code == 422
    assert sentence in text(answer)
    assert not RoutingRule.objects.exists()


def test_the_same_rule_twice_comes_back_at_its_field(centre, sun_li, today):
    routing.add_routing_rule(unit="D01", matter_prefix="06", actor=sun_li, now=today)

    answer = centre.post(f"{HERE}new/", {"unit": "S01", "matter_prefix": "06"})

    assert answer.status_code == 422
    assert answer.context["form"].errors["matter_prefix"] == [
        "已有同样事项、范围和类型的规则，请先停用旧规则。"
    ]
    assert RoutingRule.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("matter_prefix", "99"),
        ("matter_prefix", "店外"),
        ("area_prefix", "330203001"),
        ("area_prefix", f"{DANDONG}' or 1"),
        ("area_prefix", DANDONG + "0" * 12),
        ("handler_kind", "nobody"),
        ("note", "长" * 201),
    ],
)
def test_a_rule_that_could_never_apply_is_refused_at_its_field(sun_li, now, snapshot, field, value):
    before = snapshot()

    with pytest.raises(InvalidInput) as refused:
        routing.add_routing_rule(unit="D01", actor=sun_li, now=now, **{field: value})

    assert refused.value.field == field
    assert snapshot() == before
    assert not RoutingRule.objects.exists()


def test_a_rule_may_name_a_cell_or_a_patrol_grid(sun_li, now):
    for area in (f"{DANDONG}07", f"{DANDONG}002017"):
        routing.add_routing_rule(unit="D01", area_prefix=area, actor=sun_li, now=now)

    assert RoutingRule.objects.count() == 2


def test_an_ended_rule_moves_to_the_ended_ones(centre, sun_li, today):
    rule = routing.add_routing_rule(unit="D01", matter_prefix="06", actor=sun_li, now=today)

    answer = centre.post(f"{HERE}{rule}/end/", follow=True)
    ended = centre.get(f"{HERE}?view=ended")

    assert "已停用派遣规则。" in text(answer)
    assert rules_of(answer) == []
    assert rules_of(ended) == [("06 市容环境类", "", "环卫指导中心")]
    assert f"{HERE}{rule}/end/" not in text(ended)


def test_ending_through_htmx_leads_back_to_the_list(centre, sun_li, today):
    rule = routing.add_routing_rule(unit="D01", actor=sun_li, now=today)

    answer = centre.post(f"{HERE}{rule}/end/", headers={"hx-request": "true"})

    assert (answer.status_code, answer["HX-Redirect"]) == (204, HERE)
    assert RoutingRule.objects.get().valid_to == timezone.localdate(today)


def test_a_rule_ended_before_is_not_found(centre, sun_li, today):
    rule = routing.add_routing_rule(unit="D01", actor=sun_li, now=today)
    routing.end_routing_rule(rule, actor=sun_li, now=today)

    assert centre.post(f"{HERE}{rule}/end/").status_code == 404


def test_ended_rules_page_by_key(sun_li, now):
    for _ in range(3):
        rule = routing.add_routing_rule(unit="D01", actor=sun_li, now=now)
        routing.end_routing_rule(rule, actor=sun_li, now=now)

    first = rule_book(sun_li, now=now, size=2)
    second = rule_book(sun_li, now=now, size=2, after=first.next_key or 0)

    ids = [card.row.id for card in (*first.ended, *second.ended)]
    assert ids == sorted(ids, reverse=True)
    assert (len(first.ended), len(second.ended), first.ended_count) == (2, 1, 3)
    assert second.next_key is None


def test_a_rule_whose_unit_is_closed_is_marked(centre, sun_li, today):
    routing.add_routing_rule(unit="D01", actor=sun_li, now=today)
    Unit.objects.filter(code="D01").update(closed_on=timezone.localdate(today) - timedelta(days=1))
    forget_directory()

    assert "单位已撤销" in text(centre.get(HERE))


@pytest.mark.parametrize("role", [Role.LEADER, Role.EVALUATOR, Role.AUDITOR])
def test_some_read_the_rules_but_change_none(role, sun_li, today):
    rule = routing.add_routing_rule(unit="D01", actor=sun_li, now=today)
    reader = holding(role)

    page = text(reader.get(HERE))

    assert "环卫指导中心" in page
    assert f"{HERE}{rule}/end/" not in page
    assert f"{HERE}new/" not in page
    assert reader.get(f"{HERE}new/").status_code == 403
    assert reader.post(f"{HERE}{rule}/end/").status_code == 403
    assert RoutingRule.objects.get().valid_to is None


def test_a_handler_does_not_read_them(handler):
    assert handler.get(HERE).status_code == 403
    assert handler.get(f"{HERE}?export=csv").status_code == 403


def test_rules_of_another_county_are_not_seen_and_not_ended(sun_li, stranger, today):
    rule = routing.add_routing_rule(unit="D01", actor=sun_li, now=today)
    Post.objects.create(person=Person.objects.get(pk=9), role=Role.DISPATCHER, valid_from=SINCE)

    assert rules_of(stranger.get(HERE)) == []
    assert stranger.post(f"{HERE}{rule}/end/").status_code == 404
    assert RoutingRule.objects.get().valid_to is None


@pytest.mark.parametrize("query", ["view=x", "after=x", "export=pdf"])
def test_an_address_nobody_understands_is_refused_in_a_sentence(centre, query):
    assert centre.get(f"{HERE}?{query}").status_code == 422


def test_csv_carries_rules_in_force_and_ended(centre, sun_li, today):
    ended = routing.add_routing_rule(unit="D01", note="=1+1", actor=sun_li, now=today)
    routing.end_routing_rule(ended, actor=sun_li, now=today)
    routing.add_routing_rule(unit="S02", matter_prefix="09005", actor=sun_li, now=today)
    day = timezone.localdate(today).isoformat()

    answer = centre.get(f"{HERE}?export=csv")

    assert list(csv.reader(StringIO(answer.content.decode("utf-8-sig")))) == [
        [
            "事项",
            "情形",
            "范围",
            "道路",
            "两侧米数",
            "图层",
            "星期",
            "时段",
            "处置单位类型",
            "处置单位",
            "责任人",
            "备注",
            "启用日期",
            "停用日期",
            "状态",
        ],
        ["09005 店外经营", "", "全县", *[""] * 5, "不限", "石浦中队", "", "", day, "", ""],
        ["全部事项", "", "全县", *[""] * 5, "不限", "环卫指导中心", "", "'=1+1", day, day, ""],
    ]


def test_the_list_of_work_orders_leads_there(centre, handler):
    assert f'href="{HERE}"' in text(centre.get("/work-orders/"))
    assert f'href="{HERE}"' not in text(handler.get("/work-orders/"))
