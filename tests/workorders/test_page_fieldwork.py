"""The pages of tasks, bundles, beats, control areas and policies; buttons and API of the ends."""

import json

import pytest

from chengzhi.workorders.commands import field
from chengzhi.workorders.models import Beat, ControlWindow, SpotPolicy, WorkOrder
from chengzhi.workorders.types import Channel, ControlDraft, State
from tests.workorders.conftest import DANDONG, HERE, picture, signed_in, text
from tests.workorders.test_fieldwork import GRID, square

pytestmark = pytest.mark.django_db


@pytest.fixture
def collector(county):
    return signed_in(1)


@pytest.fixture
def leader(county):
    return signed_in(3)


def test_a_collector_sees_where_to_go_and_until_when(collector, bring, today):
    order = bring(State.TO_CHECK, at=today)

    page = text(collector.get("/work-orders/tasks/"))

    assert f"/work-orders/{order.pk}/" in page
    assert f"geo:{HERE[1]}" in page and "靖南大街126号" in page and "去核查" in page


@pytest.mark.parametrize("kind", ["", "verify"])
def test_without_tasks_the_page_says_so(collector, kind):
    assert "现在没有您的任务" in text(collector.get(f"/work-orders/tasks/?kind={kind}"))


def test_tasks_are_for_collectors(handler):
    assert handler.get("/work-orders/tasks/").status_code == 403


def test_a_beat_is_added_listed_and_ended(centre, today):
    body = {"person": "person:1", "area_prefix": GRID, "weekdays": ["1", "3"], "note": "早班"}

    added = centre.post("/work-orders/beats/new/", body)

    beat = Beat.objects.get()
    assert (added.status_code, beat.weekdays) == (302, "13")
    assert "李明" in text(centre.get("/work-orders/beats/"))
    assert "李明" in centre.get("/work-orders/beats/?export=csv").content.decode()
    centre.post(f"/work-orders/beats/{beat.pk}/end/")
    assert "没有责任网格的安排" in text(centre.get("/work-orders/beats/"))
    assert "李明" in text(centre.get("/work-orders/beats/?view=ended"))


def test_a_beat_without_days_is_mended_on_the_form(centre):
    answer = centre.post("/work-orders/beats/new/", {"person": "person:1", "area_prefix": GRID})

    assert answer.status_code == 422
    assert not Beat.objects.exists()


def test_a_control_area_is_drawn_listed_and_ended(centre, today):
    body = {
        "title": "农贸集市", "permit": "象政 8 号", "matter_prefixes": ["09"],
        "weekdays": ["1", "2", "3", "4", "5", "6", "7"], "valid_from": today.date().isoformat(),
        "polygon": json.dumps(square()),
    }  # fmt: skip

    added = centre.post("/work-orders/controls/new/", body)

    row = ControlWindow.objects.get()
    assert (added.status_code, row.polygon["type"]) == (302, "Polygon")
    assert "农贸集市" in text(centre.get("/work-orders/controls/?text=集市"))
    assert "没有符合的管控范围" in text(centre.get("/work-orders/controls/?text=施工"))
    assert "象政 8 号" in centre.get("/work-orders/controls/?export=csv").content.decode()
    near = centre.get(f"/work-orders/nearby/?lon={HERE[0]}&lat={HERE[1]}&matter_code=09005")
    assert "在管控范围内：农贸集市" in text(near)
    centre.post(f"/work-orders/controls/{row.pk}/end/")
    assert "农贸集市" in text(centre.get("/work-orders/controls/?view=ended"))


@pytest.mark.parametrize("polygon", ["{", '{"type": "Point", "coordinates": [1, 2]}', ""])
def test_a_bad_drawing_is_mended_on_the_form(centre, today, polygon):
    body = {
        "title": "集市", "weekdays": ["1"], "valid_from": today.date().isoformat(),
        "polygon": polygon,
    }  # fmt: skip

    answer = centre.post("/work-orders/controls/new/", body)

    assert (answer.status_code, ControlWindow.objects.count()) == (422, 0)


def test_the_record_warns_before_filing_and_asks_for_a_reason(centre, bring, wang_fang, today):
    field.add_control(ControlDraft(title="经批准的施工", area_prefix=DANDONG),
                      actor=wang_fang, now=today)  # fmt: skip
    order = bring(State.ACCEPTED, at=today)

    page = text(centre.get(f"/work-orders/{order.pk}/"))
    refused = centre.post(f"/work-orders/{order.pk}/file/", {"condition": "1"})
    centre.post(f"/work-orders/{order.pk}/file/", {"condition": "1", "reason": "超出许可"})

    assert "在管控范围内：经批准的施工" in page and "仍要立案的理由" in page
    assert refused.status_code == 409
    assert WorkOrder.objects.get(pk=order.pk).state == State.FILED


def test_a_leader_publishes_and_a_collector_handles_on_the_spot(leader, collector, today):
    body = {"title": "现场处置办法", "document": "象综执〔2026〕3号", "matter_prefixes": ["09"],
            "sample_percent": "0"}  # fmt: skip
    assert leader.post("/work-orders/policies/new/", body).status_code == 302
    report = {
        "channel": "collector", "matter_code": "09005", "address": "靖南大街126号",
        "lon": HERE[0], "lat": HERE[1], "client_ref": "console:1", "handled": "1",
    }  # fmt: skip

    without = collector.post("/work-orders/new/", {**report, "photos": picture()})
    collector.post("/work-orders/new/", {**report, "photos": picture(), "after_photos": picture()})

    assert without.status_code == 422 and "处置后照片" in text(without)
    order = WorkOrder.objects.get()
    assert (order.state, order.closing_basis) == ("closed", "policy")
    page = text(leader.get(f"/work-orders/{order.pk}/"))
    assert "《现场处置办法》" in page and "现场处置办法" in page
    policy = SpotPolicy.objects.get()
    assert "赵强" in text(leader.get("/work-orders/policies/"))
    assert leader.get("/work-orders/policies/?export=xlsx").status_code == 200
    leader.post(f"/work-orders/policies/{policy.pk}/end/")
    assert "没有现场处置办法" in text(leader.get("/work-orders/policies/"))


def test_the_centre_publishes_no_policy(centre):
    assert centre.get("/work-orders/policies/new/").status_code == 403


def test_orders_are_bundled_side_by_side(centre, bring, today, stranger):
    orders = [bring(State.FILED, at=today).pk for _ in range(2)]
    page = text(centre.get("/work-orders/bundles/new/"))

    answer = text(centre.post("/work-orders/bundles/new/", {"order": orders, "unit": "S01"}))

    assert "建议派给" in page
    assert "派出 2 / 2" in answer
    bundle = WorkOrder.objects.get(pk=orders[0]).bundle_id
    assert "丹东中队" in text(centre.get("/work-orders/bundles/?unit=S01"))
    assert f"/work-orders/{orders[1]}/" in text(centre.get(f"/work-orders/bundles/{bundle}/"))
    assert "丹东中队" in centre.get("/work-orders/bundles/?export=csv").content.decode()
    assert stranger.get(f"/work-orders/bundles/{bundle}/").status_code == 404


BUTTONS = [
    (State.ACCEPTED, "return-acceptance", {"reason_code": "no_evidence"}, "reported"),
    (State.FILED, "return-filing", {"reason_code": "wrong_category"}, "accepted"),
    (State.CHECKED, "recheck", {"reason_code": "doubted"}, "to_check"),
    (State.HANDLING, "force-close", {"closing": "unresolved", "met": "no", "reason": "无主"}, "closed"),
    (State.HANDLING, "refer", {"item": "占道", "reason": "屡次"}, "handling"),
    (State.MERGED, "split", {"reason": "隔壁"}, "reported"),
    (State.CLOSED, "report-again", {"description": "又来", "channel": "hotline"}, "closed"),
]  # fmt: skip


@pytest.mark.parametrize(("state", "name", "body", "then"), BUTTONS, ids=[b[1] for b in BUTTONS])
def test_a_button_of_the_loop_does_its_deed(centre, bring, today, state, name, body, then):
    order = bring(state, at=today)
    assert f"/work-orders/{order.pk}/{name}/" in text(centre.get(f"/work-orders/{order.pk}/"))

    answer = centre.post(f"/work-orders/{order.pk}/{name}/", body)

    assert answer.status_code == 302
    assert WorkOrder.objects.get(pk=order.pk).state == then


def test_a_wrong_answer_to_a_forced_end_is_refused(centre, bring, today):
    order = bring(State.HANDLING, at=today)
    body = {"closing": "unresolved", "reason": "无主"}

    answer = centre.post(f"/work-orders/{order.pk}/force-close/", body)

    assert answer.status_code == 409
    assert WorkOrder.objects.get(pk=order.pk).state == State.HANDLING


def test_a_hotline_report_shows_who_goes(centre, bring, wang_fang, today):
    field.add_beat(person="person:5", area_prefix=GRID, actor=wang_fang, now=today)
    order = bring(channel=Channel.HOTLINE, at=today)

    page = text(centre.get(f"/work-orders/{order.pk}/"))
    centre.post(f"/work-orders/{order.pk}/ask-verify/", {"assignee": ""})

    assert "按责任网格：周小燕" in page and "今天由周小燕巡查" in page
    assert WorkOrder.objects.get(pk=order.pk).verifier == "person:5"
