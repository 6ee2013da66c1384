"""The API: one report once, pages by cursor, steps with their refusals."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.test import Client
from django.utils import timezone

from chengzhi.accounts.interface import issue_token
from chengzhi.accounts.models import Person
from chengzhi.accounts.types import Actor, Role, TokenScope
from chengzhi.workorders.api.schemas import ReportedOut
from chengzhi.workorders.commands import intake
from chengzhi.workorders.models import WorkOrder
from chengzhi.workorders.types import State
from tests.workorders.conftest import COUNTY, HERE, STALL, STALL_REPORT

pytestmark = pytest.mark.usefixtures("county")
ADDRESS = "/api/v1/work-orders"
BODY = {
    "channel": "hotline",
    "matter_code": STALL,
    "lon": HERE[0],
    "lat": HERE[1],
    "address": "靖南大街126号",
    "client_ref": "phone:7f3a",
    "reporter_name": "王大明",
    "reporter_phone": "13800005678",
}


class Caller:
    """Somebody with a token."""

    def __init__(self, plain: str) -> None:
        self.client = Client(headers={"Authorization": f"Bearer {plain}"})

    def post(self, address: str, body: dict[str, Any] | None = None):  # type: ignore[no-untyped-def]
        content = json.dumps(body or {})
        return self.client.post(f"{ADDRESS}{address}", content, content_type="application/json")

    def get(self, address: str, **query: Any):  # type: ignore[no-untyped-def]
        return self.client.get(f"{ADDRESS}{address}", query)


def caller(person: int, division: str = COUNTY) -> Caller:
    now = timezone.now()
    administrator = Actor(
        ref="person:7", name="孙丽", roles=frozenset({Role.ADMINISTRATOR}), division=division
    )
    issued = issue_token(
        name="测试",
        scopes=[TokenScope.API],
        expires_at=now + timedelta(days=1),
        person_id=Person.objects.get(pk=person).pk,
        actor=administrator,
        now=now,
    )
    return Caller(issued.plain)


@pytest.fixture
def centre(county) -> Caller:
    return caller(2)


def test_a_report_is_made_once(centre):
    first, second = centre.post("", BODY), centre.post("", BODY)

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"]
    assert (first.json()["created"], second.json()["created"]) == (True, False)
    assert first.json()["state"] == "reported"
    assert WorkOrder.objects.count() == 1


def test_a_report_is_answered_as_it_is_described(centre):
    centre.post("", BODY)

    answer = centre.post("", {**BODY, "client_ref": "phone:7f3b"})

    said = answer.json()
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert said == json.loads(json.dumps(ReportedOut(**said).model_dump(), cls=DjangoJSONEncoder))
    (near,) = said["duplicates"]
    assert (near["matter_code"], near["address"], near["metres"]) == (STALL, "靖南大街126号", 0.0)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"matter_code": "00000"}, "matter_code"),
        ({"channel": "pigeon"}, "channel"),
        ({"address": ""}, "address"),
        ({"lat": 95}, "lat"),
        ({"lon": "east"}, "lon"),
    ],
)
def test_a_malformed_report_names_its_field(centre, wrong, field):
    answer = centre.post("", {**BODY, **wrong})

    assert answer.status_code == 422
    assert answer.json()["error"] == "invalid-input"
    assert answer.json()["field"] == field
    assert WorkOrder.objects.count() == 0


def test_nobody_without_a_token_is_answered():
    answer = Client().post(ADDRESS, json.dumps(BODY), content_type="application/json")

    assert answer.status_code == 401
    assert WorkOrder.objects.count() == 0


def test_a_collector_may_not_speak_for_the_hotline():
    answer = caller(1).post("", BODY)

    assert (answer.status_code, answer.json()["error"]) == (403, "not-permitted")


def test_the_list_goes_on_by_cursor(centre, li_ming, now):
    for minutes in range(5):
        intake.report(STALL_REPORT, actor=li_ming, now=now - timedelta(minutes=minutes))

    first = centre.get("", limit=2).json()
    second = centre.get("", limit=2, after=first["after"]).json()

    assert first["count"] == second["count"] == 5
    ids = [item["id"] for page in (first, second) for item in page["items"]]
    assert ids == sorted(ids)
    assert len(set(ids)) == 4


def test_the_list_is_filtered_by_the_server(centre, li_ming, now):
    intake.report(STALL_REPORT, actor=li_ming, now=now)
    centre.post("", BODY)

    answer = centre.get("", channel=["hotline"], state=["reported", "filed"]).json()

    assert [item["channel"] for item in answer["items"]] == ["hotline"]


@pytest.mark.parametrize("query", [{"after": "x"}, {"sort": "fine"}, {"limit": 0}, {"since": "x"}])
def test_a_question_nobody_understands_is_refused(centre, query):
    assert centre.get("", **query).status_code == 422


def test_one_work_order_is_shown_masked_with_what_may_be_done(centre):
    pk = centre.post("", BODY).json()["id"]

    shown = centre.get(f"/{pk}").json()

    assert (shown["reporter_name"], shown["reporter_phone"]) == ("王**", "138****5678")
    actions = {action["name"]: action for action in shown["actions"]}
    assert not actions["accept"]["is_open"]
    assert actions["accept"]["reasons"] == ["“热线”的问题须先到现场核实，请先派发核实"]
    assert actions["ask_verify"]["is_open"]


def test_a_stranger_gets_the_answer_of_what_is_not_there(centre):
    pk = centre.post("", BODY).json()["id"]
    stranger = caller(9, division="330203")

    answers = [stranger.get(f"/{number}{rest}") for number in (pk, 987654)
               for rest in ("", "/history", "/files")]  # fmt: skip

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert stranger.get("").json()["items"] == []


def test_the_whole_loop_by_the_api(centre, photograph, zhou_jian, now):
    collector, handler = caller(1), caller(4)
    pk = centre.post("", BODY).json()["id"]
    after = photograph(zhou_jian, "after")
    steps = [
        (centre, "ask-verification", {"assignee": "person:1"}, "to_verify"),
        (collector, "verification", {"result": "exists"}, "accepted"),
        (centre, "file", {"condition_number": 1}, "filed"),
        (centre, "dispatch", {"unit": "S01"}, "dispatched"),
        (handler, "accept-task", {}, "handling"),
        (handler, "handling", {"photos": [{"sha256": after.sha256, "role": "after"}]}, "to_check"),
        (collector, "check", {"result": "pass"}, "checked"),
        (centre, "close", {}, "closed"),
    ]

    states = [who.post(f"/{pk}/{step}", body).json()["state"] for who, step, body, _ in steps]

    assert states == [state for *_, state in steps]
    history = centre.get(f"/{pk}/history").json()
    assert [entry["seq"] for entry in history] == list(range(1, 11))
    assert all(len(entry["hash"]) == 64 for entry in history)
    assert [file["role"] for file in centre.get(f"/{pk}/files").json()] == ["after"]


def test_the_other_steps_by_the_api(centre, bring, photograph, wang_fang, today):
    handler = caller(4)
    master = bring(State.FILED).pk
    document = {"sha256": photograph(wang_fang, "document").sha256, "role": "document"}
    dispatched = bring(State.DISPATCHED, at=today).pk
    answers = [
        centre.post(f"/{bring().pk}/accept"),
        centre.post(f"/{bring().pk}/reject", {"reason": "不属于"}),
        centre.post(f"/{bring(State.FILED).pk}/void", {"reason": "误立"}),
        centre.post(f"/{bring().pk}/merge", {"master": master}),
        centre.post(f"/{bring(State.TO_CHECK).pk}/assign-check", {"assignee": "person:5"}),
        handler.post(f"/{dispatched}/return-task", {"reason": "不属本队"}),
        centre.post(
            f"/{bring(State.HANDLING).pk}/change-handler", {"unit": "D01", "reason": "属环卫"}
        ),
        centre.post(f"/{master}/comments", {"text": "已联系"}),
        centre.post(f"/{master}/attachments", {"photos": [document]}),
    ]

    assert [answer.status_code for answer in answers] == [200] * 9
    assert [answer.json()["state"] for answer in answers] == [
        "accepted", "rejected", "voided", "merged", "to_check", "filed", "dispatched", "filed",
        "filed",
    ]  # fmt: skip


def test_a_refusal_is_a_sentence_and_changes_nothing(centre, bring, snapshot):
    pk = bring(State.HANDLING).pk
    before = snapshot()

    answer = centre.post(f"/{pk}/close")

    assert answer.status_code == 409
    assert answer.json()["error"] == "step-not-allowed"
    assert "当前状态“处置中”不能“结案”" in answer.json()["detail"]
    assert snapshot() == before
