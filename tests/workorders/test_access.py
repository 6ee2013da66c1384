"""Who sees which work order, and whose telephone number."""

import pytest

from chengzhi.accounts.types import Actor, Role
from chengzhi.evidence.interface import files_of
from chengzhi.kernel.errors import NotVisible
from chengzhi.places.types import Point
from chengzhi.workorders import interface
from chengzhi.workorders.models import WorkOrder
from chengzhi.workorders.queries.access import access_work_order, visible_to
from chengzhi.workorders.types import Channel, State
from tests.conftest import actor
from tests.workorders.conftest import IN_SHIPU

pytestmark = pytest.mark.django_db


@pytest.fixture
def four(bring) -> dict[str, int]:
    """One handled by the squad, one in the other town, one in a collector's hands, one merely new."""
    return {
        "handled by S01": bring(State.HANDLING).pk,
        "in Shipu": bring(lon=IN_SHIPU[0], lat=IN_SHIPU[1], channel=Channel.HOTLINE).pk,
        "to verify": bring(State.TO_VERIFY, channel=Channel.HOTLINE).pk,
        "by hotline": bring(channel=Channel.HOTLINE).pk,
    }


ALL = {"handled by S01", "in Shipu", "to verify", "by hotline"}
SIGHTS = [
    (actor("person:2", "王芳", Role.DUTY_MANAGER), ALL),
    (actor("person:3", "赵强", Role.LEADER, unit="B01"), ALL),
    (actor("person:7", "督察", Role.AUDITOR, unit="B01"), ALL),
    (actor("person:4", "周健", Role.HANDLER, unit="S01"), {"handled by S01"}),
    (actor("person:6", "石浦", Role.HANDLER, unit="S02"), set()),
    (actor("person:6", "镇员", Role.TOWN_OFFICER, unit="T02", division="330225101"), {"in Shipu"}),
    (actor("person:1", "李明", Role.COLLECTOR), {"handled by S01", "to verify"}),
    (actor("person:5", "周小燕", Role.COLLECTOR), set()),
    (actor("person:2", "无岗"), set()),
    (actor("person:9", "陈静", Role.DUTY_MANAGER, unit="X01", division="330203"), set()),
    (Actor(ref="person:9", name="空", roles=frozenset({Role.LEADER})), set()),
]


@pytest.mark.parametrize(
    ("who", "sees"), SIGHTS, ids=lambda v: v.name if hasattr(v, "name") else ""
)
def test_each_scope_sees_its_own(four, who, sees):
    names = {pk: name for name, pk in four.items()}

    seen = set(visible_to(who).values_list("pk", flat=True))

    assert {names[pk] for pk in seen} == sees
    for name, pk in four.items():
        assert interface.can_see(who, f"workorder:{pk}") is (name in sees)


def test_a_stranger_and_nobody_get_the_same_answer(bring, chen_jing):
    order = bring()

    for pk in (order.pk, 987654):
        with pytest.raises(NotVisible, match="没有这件案件，或它不在您的查看范围内"):
            access_work_order(chen_jing, pk)


def test_the_evidence_store_knows_no_other_subject(wang_fang, bring):
    bring()

    assert not interface.can_see(wang_fang, "finding:1")
    assert not interface.can_see(wang_fang, "workorder:x")


def test_the_door_tells_number_and_state(bring, wang_fang):
    order = bring(State.FILED)

    found = interface.find(wang_fang, order.pk)

    assert (found.id, found.code, found.state) == (order.pk, order.code, State.FILED)


def test_an_order_leaves_the_sight_of_the_unit_that_returned_it(bring, zhou_jian, now):
    from chengzhi.workorders.commands import handle

    order = bring(State.DISPATCHED)
    handle.return_task(order.pk, reason="不属本队", actor=zhou_jian, now=now)

    assert not visible_to(zhou_jian).exists()
    assert WorkOrder.objects.count() == 1


def test_the_door_looks_near_and_attaches(bring, wang_fang, now, photograph):
    order = bring()
    photos = (photograph(wang_fang, "still_confirm"),)

    near = interface.nearby(wang_fang, Point(lon=order.lon, lat=order.lat), now=now)
    interface.attach_finding(order.pk, photos=photos, actor=wang_fang, now=now)

    assert [found.id for found in near] == [order.pk]
    assert [file.role for file in files_of(order.subject)] == ["still_confirm"]
