"""Requests, appeals, what stands and notices: as pages, as files, and over the API."""

from datetime import timedelta

import pytest

from chengzhi.workorders.commands import adjust, appeal, handle, notice
from chengzhi.workorders.models import Adjustment, Appeal, Notice, StageRun, WorkOrder
from chengzhi.workorders.types import State
from chengzhi.workorders.types.adjustments import AdjustmentKind, Asked
from tests.workorders.conftest import signed_in, text
from tests.workorders.test_api import caller

pytestmark = pytest.mark.usefixtures("county")
LISTS = ("/adjustments/", "/appeals/", "/shelved/", "/notices/")
HOUR = timedelta(hours=1)


@pytest.fixture
def leader(county):
    return signed_in(6)


@pytest.fixture
def late(bring, zhou_jian, photograph, today):
    """A work order that was handled an hour late, just now."""
    order = bring(State.HANDLING, at=today - 3 * HOUR)
    photos = (photograph(zhou_jian, "after"),)
    handle.record_handling(order.pk, photos=photos, actor=zhou_jian, now=today)
    return order


def ask(order, zhou_jian, at) -> Adjustment:
    asked = Asked(kind=AdjustmentKind.EXTENSION, reason="须调吊车", amount=1)
    return adjust.ask(order.pk, asked=asked, actor=zhou_jian, now=at)


def test_a_unit_asks_and_two_people_approve_on_their_pages(bring, handler, leader, centre, today):
    order = bring(State.HANDLING, at=today)
    assert "申请延期" in text(handler.get(f"/work-orders/{order.pk}/"))

    handler.post(f"/work-orders/{order.pk}/ask-extension/", {"amount": "1", "reason": "须调吊车"})
    row = Adjustment.objects.get()
    assert "须调吊车" in text(leader.get("/adjustments/?mine=1"))
    leader.post(f"/requests/adjustments/{row.pk}/first-approve/")
    centre.post(f"/requests/adjustments/{row.pk}/grant/")

    row.refresh_from_db()
    assert (row.state, WorkOrder.objects.get().extension_count) == ("granted", 1)
    page = text(handler.get(f"/work-orders/{order.pk}/"))
    assert "延期 1 次" in page and "时限调整与督办" in page


def test_a_refusal_on_the_page_says_why(bring, handler, zhou_jian, centre, leader, today):
    order = bring(State.HANDLING, at=today)
    row = ask(order, zhou_jian, today)

    answer = leader.post(f"/requests/adjustments/{row.pk}/refuse/", {"reason": ""})

    assert answer.status_code == 409
    assert "没有写理由" in text(answer)
    row.refresh_from_db()
    assert row.state == "asked"


def test_a_deferred_order_stands_in_the_ledger_until_it_is_resumed(bring, centre, today):
    order = bring(State.SUSPENDED, at=today)

    page = text(centre.get("/shelved/"))
    assert order.code in page and "天气原因" in page
    assert "没有符合的案件" in text(centre.get("/shelved/?kind=shelving"))
    assert "恢复办理" in text(centre.get(f"/work-orders/{order.pk}/"))
    centre.post(f"/work-orders/{order.pk}/resume-handling/", {"reason": "雨停"})

    assert WorkOrder.objects.get().state == State.HANDLING
    assert order.code not in text(centre.get("/shelved/"))


def test_the_centre_urges_and_the_unit_answers(bring, centre, handler, today):
    order = bring(State.HANDLING, at=today)

    centre.post(f"/work-orders/{order.pk}/urge/", {"reason": "请尽快"})
    row = Notice.objects.get()
    assert "请尽快" in text(handler.get("/notices/"))
    handler.post(f"/requests/notices/{row.pk}/reply/", {"reason": "正在清运"})

    row.refresh_from_db()
    assert (row.state, row.reply) == ("replied", "正在清运")
    assert "正在清运" in text(centre.get(f"/work-orders/{order.pk}/"))


def test_a_supervised_order_shows_its_level_and_who_must_confirm(bring, centre, today):
    order = bring(State.CHECKED, at=today)

    centre.post(f"/work-orders/{order.pk}/supervise/", {"level": "bureau", "reason": "领导关注"})

    page = text(centre.get(f"/work-orders/{order.pk}/"))
    assert "局级督办" in page
    assert "须由局领导确认后才能结案" in page
    signed_in(3).post(f"/work-orders/{order.pk}/confirm-closing/", {"reason": "已看"})
    centre.post(f"/work-orders/{order.pk}/close/")
    assert WorkOrder.objects.get().state == State.CLOSED


def test_a_late_stage_is_appealed_on_the_record_and_shown_as_exempted(late, handler, centre, today):
    run = StageRun.objects.get(stage="handle")
    assert "超时申诉" in text(handler.get(f"/work-orders/{late.pk}/"))

    handler.post(f"/work-orders/{late.pk}/appeal/", {"run": str(run.pk), "reason": "台风停工"})
    row = Appeal.objects.get()
    centre.post(f"/requests/appeals/{row.pk}/support/")
    Appeal.objects.filter(pk=row.pk).update(first_by="person:7")  # another dispatcher
    centre.post(f"/requests/appeals/{row.pk}/uphold/")

    assert "曾超时，不计考核" in text(handler.get(f"/work-orders/{late.pk}/"))
    assert "申诉成立" in text(centre.get("/appeals/"))


@pytest.mark.parametrize("address", LISTS)
def test_an_empty_list_says_what_will_be_there(centre, address):
    answer = centre.get(address)

    assert answer.status_code == 200
    assert 'class="empty"' in text(answer)


@pytest.mark.parametrize("address", LISTS)
def test_a_stranger_sees_nothing_and_a_collector_is_refused(
    bring, late, wang_fang, zhou_jian, stranger, address, today
):
    bring(State.SUSPENDED, at=today)
    order = bring(State.HANDLING, at=today)
    ask(order, zhou_jian, today)
    notice.urge(order.pk, text="请尽快", actor=wang_fang, now=today)
    run = StageRun.objects.get(order=late, stage="handle")
    appeal.lodge(late.pk, run=run.pk, reason="台风", actor=zhou_jian, now=today)

    assert 'class="empty"' in text(stranger.get(address))
    assert signed_in(1).get(address).status_code == 403


@pytest.mark.parametrize("address", LISTS)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_every_list_is_exported_by_those_who_may(
    bring, centre, handler, zhou_jian, wang_fang, late, address, kind, today
):
    bring(State.SUSPENDED, at=today)
    order = bring(State.HANDLING, at=today)
    ask(order, zhou_jian, today)
    notice.urge(order.pk, text="请尽快", actor=wang_fang, now=today)
    run = StageRun.objects.get(order=late, stage="handle")
    appeal.lodge(late.pk, run=run.pk, reason="台风", actor=zhou_jian, now=today)

    answer = centre.get(address, {"export": kind})

    assert answer.status_code == 200
    assert len(answer.content) > 200
    assert handler.get(address, {"export": kind}).status_code == 403


def test_filters_survive_in_the_address_and_pages_go_by_key(bring, centre, zhou_jian, today):
    for _ in range(31):
        ask(bring(State.HANDLING, at=today), zhou_jian, today)

    first = text(centre.get("/adjustments/?state=asked&kind=extension"))

    assert "<b>31</b>" in first
    assert "after=" in first and "state=asked" in first
    assert "没有符合的申请" in text(centre.get("/adjustments/?state=granted"))


def test_a_strange_filter_is_dropped_and_a_strange_deed_is_not_found(centre):
    assert centre.get("/adjustments/?state=weird").status_code == 200
    assert centre.post("/requests/adjustments/1/explode/").status_code == 404
    assert centre.post("/requests/parcels/1/grant/").status_code == 404


def test_what_waits_is_counted_on_the_rail(bring, zhou_jian, leader, handler, today):
    ask(bring(State.HANDLING, at=today), zhou_jian, today)

    assert 'href="/adjustments/"' in text(leader.get("/adjustments/"))
    assert "待初审" in text(leader.get("/adjustments/?mine=1"))
    assert "没有符合的申请" in text(handler.get("/adjustments/?mine=1"))


# the API


def test_the_api_asks_decides_and_reads(bring, today):
    order = bring(State.HANDLING, at=today)
    unit, squad, centre = caller(4), caller(6), caller(2)

    asked = unit.post(f"/{order.pk}/extensions", {"amount": 1, "reason": "须调吊车"})
    key = asked.json()["id"]
    agreed = squad.client.post(
        f"/api/v1/adjustments/{key}/first-approval", "{}", content_type="application/json"
    )
    granted = centre.client.post(
        f"/api/v1/adjustments/{key}/grant", "{}", content_type="application/json"
    )
    listed = centre.client.get("/api/v1/adjustments", {"state": "granted"})

    answers = (asked, agreed, granted, listed)
    assert [answer.status_code for answer in answers] == [201, 200, 200, 200]
    assert [row["what"] for row in listed.json()["rows"]] == ["1 紧急工作时"]


def test_the_api_refuses_with_the_sentence_of_the_table(bring, today):
    order = bring(State.HANDLING, at=today)

    answer = caller(4).post(f"/{order.pk}/extensions", {"amount": 9, "reason": "忙"})

    assert answer.status_code == 409
    assert "延长时间须为 1 至 2" in answer.json()["detail"]
    assert not Adjustment.objects.exists()


def test_the_api_lists_what_stands_and_late_stages(bring, late, today):
    order = bring(State.SUSPENDED, at=today)
    centre = caller(2)

    shelved = centre.client.get("/api/v1/shelved", {"kind": "deferral"}).json()
    stages = centre.get(f"/{late.pk}/late-stages").json()

    assert [(row["id"], row["cause"]) for row in shelved["rows"]] == [(order.pk, "天气原因")]
    assert [(stage["stage"], stage["unit"]) for stage in stages] == [("handle", "S01")]


def test_the_api_urges_supervises_and_confirms(bring, today):
    order = bring(State.CHECKED, at=today)
    centre, chief, unit = caller(2), caller(3), caller(4)

    issued = centre.post(f"/{order.pk}/supervisions", {"level": "bureau", "text": "请复核"})
    key = issued.json()["id"]
    unit.client.post(
        f"/api/v1/notices/{key}/reply", '{"text": "已复核"}', content_type="application/json"
    )
    chief.post(f"/{order.pk}/closing-confirmation", {"reason": "可以"})
    closed = centre.post(f"/{order.pk}/close")
    listed = centre.client.get("/api/v1/notices", {"state": "replied"}).json()

    assert (issued.status_code, closed.json()["state"]) == (201, "closed")
    assert [row["reply"] for row in listed["rows"]] == ["已复核"]


def test_the_api_appeals(late, today):
    unit, centre = caller(4), caller(2)
    run = unit.get(f"/{late.pk}/late-stages").json()[0]["run"]

    lodged = unit.post(f"/{late.pk}/appeals", {"run": run, "reason": "台风"})
    key = lodged.json()["id"]
    dismissed = centre.client.post(
        f"/api/v1/appeals/{key}/dismissal", '{"reason": "无台风"}', content_type="application/json"
    )

    assert (lodged.status_code, dismissed.json()["state"]) == (201, "dismissed")
    assert centre.client.get("/api/v1/appeals", {"mine": True}).json()["count"] == 0
