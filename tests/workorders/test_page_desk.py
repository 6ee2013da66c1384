"""The desk and its buttons: each does its deed and says so."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages

from chengzhi.audit.models import Event
from chengzhi.workorders.models import WorkOrder
from chengzhi.workorders.types import State
from tests.workorders.conftest import LITTER, picture, text

pytestmark = pytest.mark.usefixtures("county")


def test_the_desk_shows_the_most_urgent_record(centre, bring, today):
    bring(State.FILED, at=today)
    urgent = bring(at=today - timedelta(hours=1))

    page = text(centre.get("/desk/"))

    assert urgent.code in page.split('id="record"')[1]
    assert "超期 1" in page


def test_the_desk_swaps_record_and_side_only(centre, bring, today):
    first, second = bring(at=today), bring(at=today)

    answer = centre.get(f"/desk/?id={second.pk}", headers={"HX-Request": "true"})

    page = text(answer)
    assert "<html" not in page
    assert second.code in page
    assert f'value="{first.pk}"' in page  # the other is its possible duplicate
    assert 'hx-swap-oob="innerHTML"' in page


def test_the_desk_of_one_state(centre, bring, today):
    bring(at=today)
    filed = bring(State.FILED, at=today, matter_code=LITTER)

    page = text(centre.get("/desk/?state=filed"))

    queue = page.split("<ol data-list-keys")[1].split("</ol>")[0]
    assert queue.count("data-row") == 1
    assert filed.code in page


def test_an_empty_desk_says_so(stranger):
    assert "现在没有等您办的案件" in text(stranger.get("/desk/"))


DEEDS = [
    (State.REPORTED, "accept", {}, State.ACCEPTED, "已受理"),
    (State.REPORTED, "reject", {"reason": "不属于"}, State.REJECTED, "已不予受理"),
    (State.REPORTED, "ask-verify", {"assignee": "person:1"}, State.TO_VERIFY, "已派发核实"),
    (State.TO_VERIFY, "verification", {"result": "exists"}, State.ACCEPTED, "已登记核实结果"),
    (State.TO_VERIFY, "reassign-verification", {"assignee": "person:5"}, State.TO_VERIFY, "已改派"),
    (State.ACCEPTED, "file", {"condition": "1"}, State.FILED, "处置时限 2 紧急工作时"),
    (State.ACCEPTED, "void", {"reason": "误报"}, State.VOIDED, "已作废"),
    (State.FILED, "dispatch", {"unit": "S01"}, State.DISPATCHED, "已派遣"),
    (
        State.HANDLING,
        "change-handler",
        {"unit": "D01", "reason": "属环卫"},
        State.DISPATCHED,
        "已改派",
    ),
    (State.TO_CHECK, "assign-check", {"assignee": "person:5"}, State.TO_CHECK, "已派发核查"),
    (State.TO_CHECK, "check", {"result": "pass"}, State.CHECKED, "已登记核查结果"),
    (State.CHECKED, "close", {}, State.CLOSED, "已结案"),
    (State.CLOSED, "comment", {"text": "回访满意"}, State.CLOSED, "已添加记录"),
]


@pytest.mark.parametrize(
    ("state", "deed", "body", "then", "said"), DEEDS, ids=[deed for _, deed, *_ in DEEDS]
)
def test_a_button_does_its_deed_and_says_so(centre, bring, today, state, deed, body, then, said):
    order = bring(state, at=today)
    after = f"/work-orders/{order.pk}/"

    answer = centre.post(f"{after}{deed}/", {**body, "next": after})

    assert (answer.status_code, answer["Location"]) == (302, after)
    assert WorkOrder.objects.get(pk=order.pk).state == then
    assert said in str(next(iter(get_messages(answer.wsgi_request))))


def test_a_handler_takes_finishes_and_returns(handler, bring, today):
    task = bring(State.DISPATCHED, at=today)
    handler.post(f"/work-orders/{task.pk}/accept-task/")
    handler.post(f"/work-orders/{task.pk}/handling/", {"photos": picture(), "reason": "已收回"})
    other = bring(State.DISPATCHED, at=today)
    answer = handler.post(
        f"/work-orders/{other.pk}/return-task/",
        {"reason_code": "not_my_area", "reason": "", "next": "https://elsewhere.example/"},
    )

    assert WorkOrder.objects.get(pk=task.pk).state == State.TO_CHECK
    assert WorkOrder.objects.get(pk=other.pk).state == State.FILED
    assert answer["Location"] == "/work-orders/"  # never to another site


def test_a_duplicate_is_merged_and_judged_apart_by_button(centre, bring, today):
    master, twin, third = (bring(at=today) for _ in range(3))

    centre.post(f"/work-orders/{twin.pk}/merge/", {"master": master.code})
    centre.post(f"/work-orders/{third.pk}/not-duplicate/", {"other": [master.pk]})

    assert WorkOrder.objects.get(pk=twin.pk).master_id == master.pk
    assert WorkOrder.objects.get(pk=third.pk).judged_apart == str(master.pk)


def test_a_file_is_attached_by_button(centre, bring, today):
    order = bring(at=today)

    centre.post(f"/work-orders/{order.pk}/attach/", {"photos": picture(), "role": "document"})

    assert Event.objects.filter(name="workorders.attached").count() == 1


def test_htmx_is_told_where_to_go(centre, bring, today):
    order = bring(at=today)

    answer = centre.post(
        f"/work-orders/{order.pk}/accept/", {"next": "/desk/"}, headers={"HX-Request": "true"}
    )

    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/desk/")


def test_a_refusal_is_a_panel_with_the_sentence(centre, bring, today, snapshot):
    order = bring(State.HANDLING, at=today)
    before = snapshot()

    answer = centre.post(f"/work-orders/{order.pk}/close/", headers={"HX-Request": "true"})

    assert answer.status_code == 409
    assert "data-refusal" in text(answer)
    assert "当前状态“处置中”不能“结案”" in text(answer)
    assert snapshot() == before


@pytest.mark.parametrize(
    ("deed", "body", "status"),
    [
        ("check", {"result": "maybe"}, 422),
        ("file", {"condition": "x"}, 422),
        ("attach", {"role": "selfie"}, 422),
        ("no-such-deed", {}, 404),
    ],
)
def test_a_malformed_button_is_refused(centre, bring, today, deed, body, status):
    order = bring(at=today)

    assert centre.post(f"/work-orders/{order.pk}/{deed}/", body).status_code == status


def test_the_reporter_is_shown_to_whom_says_why(centre, bring, today):
    order = bring(at=today, reporter_name="王大明", reporter_phone="13800005678")

    answer = centre.post(f"/work-orders/{order.pk}/reporter/", {"reason": "回访"})

    assert "王大明 13800005678" in text(answer)
    assert Event.objects.filter(name="workorders.reporter-shown").count() == 1
