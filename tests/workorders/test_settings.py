"""Routing rules and saved views: what people set, and what is kept of it."""

from datetime import UTC, datetime, timedelta

import pytest

from chengzhi.accounts.interface import NotPermitted
from chengzhi.accounts.models import Unit
from chengzhi.accounts.types import Role
from chengzhi.audit.models import Event
from chengzhi.kernel.errors import InvalidInput, NotVisible
from chengzhi.workorders.commands import file, routing, settings
from chengzhi.workorders.models import RoutingRule, SavedView
from chengzhi.workorders.queries.decision import decision
from chengzhi.workorders.queries.directory import directory
from chengzhi.workorders.types import State
from tests.conftest import actor
from tests.workorders.conftest import LITTER

pytestmark = pytest.mark.usefixtures("county")


@pytest.fixture
def sun_li():
    return actor("person:7", "孙丽", Role.ADMINISTRATOR)


def test_a_new_rule_decides_at_once(bring, sun_li, wang_fang, now):
    routing.add_routing_rule(unit="D01", matter_prefix="09", note="夜市划归", actor=sun_li, now=now)

    order = bring()

    assert order.suggested_unit == "D01"
    assert decision(wang_fang, order.pk, now=now).suggestion.reasons == (
        f"因09 街面秩序类、在全县：派遣规则 {RoutingRule.objects.get().pk}，"
        "由环卫指导中心处置（夜市划归）",
    )
    assert Event.objects.filter(name="workorders.routing-changed").count() == 1


def test_a_rule_for_a_kind_of_handler_follows_the_condition_row(bring, sun_li, wang_fang, now):
    routing.add_routing_rule(unit="D01", handler_kind="sanitation", actor=sun_li, now=now)

    litter, stall = bring(State.ACCEPTED, matter_code=LITTER), bring(State.ACCEPTED)
    for order in (litter, stall):
        file.file(order.pk, condition_number=1, actor=wang_fang, now=now)

    assert decision(wang_fang, litter.pk, now=now).suggestion.unit == "D01"
    assert decision(wang_fang, stall.pk, now=now).suggestion.unit == "S01"


def test_an_ended_rule_stays_in_the_table_but_decides_no_more(bring, sun_li, now):
    rule = routing.add_routing_rule(unit="D01", actor=sun_li, now=now)

    routing.end_routing_rule(rule, actor=sun_li, now=now + timedelta(days=1))

    assert bring(at=now + timedelta(days=1)).suggested_unit == "S01"
    assert RoutingRule.objects.get().valid_to == (now + timedelta(days=1)).date()
    with pytest.raises(NotVisible):
        routing.end_routing_rule(rule, actor=sun_li, now=now + timedelta(days=1))


def test_the_same_rule_twice_is_refused(sun_li, now, snapshot):
    routing.add_routing_rule(unit="D01", matter_prefix="06", actor=sun_li, now=now)
    before = snapshot()

    with pytest.raises(InvalidInput, match="请先停用旧规则"):
        routing.add_routing_rule(unit="S02", matter_prefix="06", actor=sun_li, now=now)

    assert snapshot() == before
    assert RoutingRule.objects.count() == 1


@pytest.mark.parametrize("unit", ["C01", "S99"])
def test_a_rule_names_a_unit_that_handles(sun_li, now, snapshot, unit):
    with pytest.raises(InvalidInput, match="不承担处置"):
        routing.add_routing_rule(unit=unit, actor=sun_li, now=now)

    assert not RoutingRule.objects.exists()


def test_a_collector_sets_no_rules(li_ming, now):
    with pytest.raises(NotPermitted):
        routing.add_routing_rule(unit="D01", actor=li_ming, now=now)

    assert not RoutingRule.objects.exists()


def test_a_rule_of_another_county_is_not_ended(chen_jing, sun_li, now):
    rule = routing.add_routing_rule(unit="D01", actor=sun_li, now=now)
    other = actor("person:9", "陈静", Role.ADMINISTRATOR, division="330203")

    with pytest.raises(NotVisible):
        routing.end_routing_rule(rule, actor=other, now=now)

    assert RoutingRule.objects.get().valid_to is None


def test_a_closed_unit_is_no_handler(now):
    Unit.objects.filter(code="D01").update(closed_on=now.date())

    known = directory("330225", now=now)

    assert "D01" not in known.handlers
    assert known.unit_name("D01") == "环卫指导中心"
    assert known.unit_name("S99") == "S99"


def test_the_directory_is_read_again_after_half_a_minute(now):
    directory("330225", now=now)
    Unit.objects.filter(code="D01").update(name="环卫中心")

    assert directory("330225", now=now + timedelta(seconds=29)).unit_name("D01") == "环卫指导中心"
    assert directory("330225", now=now + timedelta(seconds=31)).unit_name("D01") == "环卫中心"


def test_a_view_of_the_same_name_is_overwritten(wang_fang, now):
    first = settings.save_view(name="本周", query="open=1", actor=wang_fang, now=now)

    second = settings.save_view(name=" 本周 ", query="due=soon", actor=wang_fang, now=now)

    assert first == second
    assert SavedView.objects.get().query == "due=soon"


@pytest.mark.parametrize(
    ("name", "query"), [("", "open=1"), ("名" * 41, "open=1"), ("长", "x" * 1001)]
)
def test_a_malformed_view_is_refused(wang_fang, now, name, query):
    with pytest.raises(InvalidInput):
        settings.save_view(name=name, query=query, actor=wang_fang, now=now)

    assert not SavedView.objects.exists()


def test_there_are_at_most_twenty_views(wang_fang, now):
    for number in range(20):
        settings.save_view(name=f"视图{number}", query="open=1", actor=wang_fang, now=now)

    with pytest.raises(InvalidInput, match="最多保存 20 个视图"):
        settings.save_view(name="再一个", query="open=1", actor=wang_fang, now=now)

    assert SavedView.objects.count() == 20


def test_experience_at_the_spot_is_a_reason(bring, wang_fang, now):
    bring(State.CLOSED, at=now - timedelta(days=2))
    order = bring(State.FILED)

    reasons = decision(wang_fang, order.pk, now=now).suggestion.reasons

    assert reasons[-1] == "近 90 天此处同类 1 件由其处置，按期 1 件"


def test_candidates_judged_apart_or_out_of_sight_are_not_shown_again(bring, wang_fang, now):
    other, order = bring(), bring()
    assert [near.id for near in decision(wang_fang, order.pk, now=now).duplicates] == [other.pk]

    file.not_duplicate(order.pk, others=(other.pk,), actor=wang_fang, now=now)

    assert decision(wang_fang, order.pk, now=now).duplicates == ()


@pytest.mark.django_db
def test_a_rule_for_every_matter_holds_before_the_codes_are_in_force(county, wang_fang):
    early = datetime(2024, 1, 2, 1, 0, tzinfo=UTC)  # GB/T 47678.5 holds from 2026-07-01

    rule = routing.add_routing_rule(unit="S01", actor=wang_fang, now=early, note="全部事项")

    assert RoutingRule.objects.get(pk=rule).matter_prefix == ""
