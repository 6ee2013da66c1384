"""Reading over the API: pages, versions, what is near, numbers, search, standards."""

from dataclasses import fields
from datetime import timedelta

import pytest

from chengzhi.workorders.api.orders import filters_of
from chengzhi.workorders.api.schemas import ListIn
from chengzhi.workorders.commands import intake
from chengzhi.workorders.models import WorkOrder
from chengzhi.workorders.types import Filters, State
from tests.api.calling import BODY, Caller, caller
from tests.workorders.conftest import DANDONG, HERE, IN_SHIPU, LITTER, STALL, STALL_REPORT

NAMES = {
    "states": "state",
    "channels": "channel",
    "towns": "town",
    "results": "result",
}  # many in one parameter


@pytest.fixture
def centre(county) -> Caller:
    return caller(2)


def test_pain_7_every_filter_of_the_list_is_asked_of_the_server():
    asked = {NAMES.get(field.name, field.name) for field in fields(Filters)}

    assert asked <= set(ListIn.model_fields)
    whole = filters_of(ListIn(state=[State.FILED], rework_from=2, mine=True, text=" 果筐 "))
    assert (whole.states, whole.rework_from, whole.mine, whole.text) == (
        ("filed",), 2, True, "果筐",
    )  # fmt: skip


def test_a_page_links_to_its_neighbours_with_the_same_filters(centre, li_ming, now):
    for minutes in range(5):
        intake.report(STALL_REPORT, actor=li_ming, now=now - timedelta(minutes=minutes))
    first = centre.get("/work-orders", limit=2, state="reported", count="false").json()

    second = centre.client.get(first["next"]).json()
    back = centre.client.get(second["prev"]).json()

    assert (first["prev"], first["count"]) == (None, None)
    assert "state=reported" in first["next"] and "limit=2" in first["next"]
    assert [len(page["items"]) for page in (first, second)] == [2, 2]
    assert back["items"] == first["items"]


def test_the_last_page_has_no_next(centre, li_ming, now):
    intake.report(STALL_REPORT, actor=li_ming, now=now)

    page = centre.get("/work-orders", limit=1).json()

    assert (page["next"], page["prev"], page["count"]) == (None, None, 1)


def test_what_was_read_before_is_not_sent_again(centre, bring):
    pk = bring().pk
    first = centre.get(f"/work-orders/{pk}")
    tag = first.headers["ETag"]

    again = centre.client.get(f"/api/v1/work-orders/{pk}", headers={"If-None-Match": tag})

    assert (first.json()["version"], tag) == (1, '"1"')
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)


def test_a_deed_on_what_somebody_changed_meanwhile_is_refused_and_changes_nothing(
    centre, bring, snapshot
):
    pk = bring().pk
    seen = centre.get(f"/work-orders/{pk}").headers["ETag"]
    centre.post(f"/work-orders/{pk}/comments", {"text": "已联系"})
    before = snapshot()

    answer = centre.post(f"/work-orders/{pk}/accept", If_Match=seen)

    assert (answer.status_code, answer.json()["error"]) == (412, "changed-meanwhile")
    assert answer.json()["detail"].startswith("这件案件在您读取之后已有变化（现为第 2 版）")
    assert snapshot() == before


@pytest.mark.parametrize("tag", ['"1"', 'W/"1"', '"9", "1"', "*"])
def test_a_deed_on_what_was_seen_is_done(centre, bring, tag):
    pk = bring().pk

    answer = centre.post(f"/work-orders/{pk}/accept", If_Match=tag)

    assert (answer.status_code, answer.json()["state"]) == (200, "accepted")


def test_pain_14_what_is_near_is_listed_before_anything_is_reported_closed_ones_included(
    centre, bring
):
    closed, fresh = bring(State.CLOSED), bring()
    bring(lon=IN_SHIPU[0], lat=IN_SHIPU[1])
    count = WorkOrder.objects.count()

    found = centre.get(
        "/work-orders/nearby", lon=HERE[0], lat=HERE[1], hours=24 * 90, matter=STALL
    ).json()

    assert [near["order"]["id"] for near in found] == [closed.pk, fresh.pk]
    assert [near["is_open"] for near in found] == [False, True]
    assert found[0]["order"]["state_label"] == "已结案"
    assert (found[0]["description"], found[0]["metres"]) == ("果筐越出门线", 0.0)
    assert len(found[0]["photos"]) == 1  # the one taken after handling
    assert WorkOrder.objects.count() == count


def test_what_is_near_is_decided_one_way_or_the_other(centre, bring):
    master, same, other = bring(State.FILED).pk, bring().pk, bring().pk

    merged = centre.post(f"/work-orders/{same}/merge", {"master": master, "reason": "同一处"})
    apart = centre.post(f"/work-orders/{other}/not-duplicate", {"others": [master]})

    assert (merged.json()["state"], apart.status_code) == ("merged", 200)
    assert WorkOrder.objects.get(pk=other).judged_apart.split() == [str(master)]


def test_a_stranger_finds_nothing_near(bring):
    bring()

    found = caller(9, county="330203").get("/work-orders/nearby", lon=HERE[0], lat=HERE[1])

    assert found.json() == []


def test_every_number_is_the_length_of_the_list_of_its_measure(centre, bring, now):
    for state in (State.REPORTED, State.FILED, State.CLOSED):
        bring(state)
    day = {"since": "2026-11-25", "until": "2026-11-25"}

    numbers = centre.get("/work-orders/statistics", by="town", **day).json()

    assert numbers["reported"] == 3
    assert [group["key"] for group in numbers["groups"]] == [DANDONG]
    for measure in ("reported", "filed", "closed", "on_time", "late", "open", "overdue"):
        listed = centre.get("/work-orders", measure=measure, **day).json()
        assert numbers[measure] == listed["count"] == numbers["groups"][0][measure]
    days = centre.get("/work-orders/statistics/days", **day).json()
    assert days == [{"day": "2026-11-25", "by_camera": 0, "by_others": 3, "closed": 1}]


def test_comments_are_read_back(centre, bring):
    pk = bring().pk
    centre.post(f"/work-orders/{pk}/comments", {"text": "已联系店主"})

    (said,) = centre.get(f"/work-orders/{pk}/comments").json()

    assert (said["seq"], said["text"], said["actor_name"]) == (2, "已联系店主", "王芳")
    assert [e["seq"] for e in centre.get(f"/work-orders/{pk}/history", after=1).json()] == [2]


def test_the_reporter_is_shown_for_a_reason_that_stays_on_the_timeline(centre):
    pk = centre.post("/work-orders", BODY).json()["id"]

    bare = centre.post(f"/work-orders/{pk}/reporter", {"reason": ""})
    shown = centre.post(f"/work-orders/{pk}/reporter", {"reason": "回访核实地点"})

    assert (bare.status_code, bare.json()["field"]) == (422, "reason")
    assert shown.json() == {"name": "王大明", "phone": "13800005678"}
    last = centre.get(f"/work-orders/{pk}/history").json()[-1]
    assert last["sentence"] == "查看报告人姓名和电话：回访核实地点"


def test_search_finds_what_mentions_a_text(centre, bring):
    order = bring()

    groups = centre.get("/search", q="靖南大街").json()

    assert [(g["label"], g["count"]) for g in groups] == [("案件", 1)]
    assert groups[0]["hits"][0]["title"].endswith(order.code)
    assert centre.get("/search", q=" ").json() == []


def test_the_standards_are_read_with_their_conditions(centre):
    (row,) = centre.get("/standards/matters", text=LITTER).json()
    whole = centre.get(f"/standards/matters/{LITTER}").json()
    missing = centre.get("/standards/matters/99999")

    assert (row["code"], row["name"]) == (LITTER, "暴露垃圾")
    assert whole["conditions"][0]["number"] == 1
    assert whole["conditions"][0]["limit_text"] == "4 工作时"
    assert (missing.status_code, missing.json()["field"]) == (404, "code")


def test_a_problem_has_the_form_of_rfc_9457(centre):
    answer = centre.get("/work-orders/987654")

    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json() == {
        "type": "urn:chengzhi:problem:not-visible",
        "title": "Not Found",
        "status": 404,
        "error": "not-visible",
        "detail": "没有这件案件，或它不在您的查看范围内。请核对编号。",
        "field": None,
    }
