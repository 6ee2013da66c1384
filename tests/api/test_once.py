"""Idempotency-Key: a POST that is sent again is answered again, and nothing happens twice."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.utils import timezone

from chengzhi.accounts.commands import forget_calls
from chengzhi.accounts.models import AnsweredCall
from chengzhi.audit.models import Event
from chengzhi.workorders.models import WorkOrder
from chengzhi.workorders.types import State
from tests.api.calling import BODY, Caller, caller, token
from tests.vision.conftest import picture

KEY = "7f3a1c2e-5b7d-4a55-9b0a-3c1b6a2d9e01"


@pytest.fixture
def centre(county) -> Caller:
    return caller(2)


def test_the_same_call_again_is_answered_the_same_and_nothing_happens_twice(centre):
    first = centre.post("/work-orders", BODY, Idempotency_Key=KEY)

    again = centre.post("/work-orders", BODY, Idempotency_Key=KEY)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert (again.headers["Idempotent-Replayed"], again.headers["Content-Type"]) == (
        "true",
        "application/json; charset=utf-8",
    )
    assert "Idempotent-Replayed" not in first.headers
    assert (WorkOrder.objects.count(), AnsweredCall.objects.count()) == (1, 1)


def test_the_same_key_with_another_body_is_refused_and_changes_nothing(centre):
    centre.post("/work-orders", BODY, Idempotency_Key=KEY)

    answer = centre.post("/work-orders", {**BODY, "address": "新华路8号"}, Idempotency_Key=KEY)

    assert (answer.status_code, answer.json()["error"]) == (409, "idempotency-key-taken")
    assert answer.json()["field"] == "Idempotency-Key"
    assert answer.json()["detail"] == (
        "这个 Idempotency-Key 已用于另一个请求。同一请求重发须内容不变，新的请求请换一个键。"
    )
    assert WorkOrder.objects.count() == 1


def test_a_key_belongs_to_the_token_that_sent_it(centre, county):
    centre.post("/work-orders", BODY, Idempotency_Key=KEY)

    caller(2).post("/work-orders", BODY, Idempotency_Key=KEY)

    assert WorkOrder.objects.count() == 2


def test_a_refusal_is_not_kept_so_the_key_works_when_the_cause_is_gone(centre, bring):
    pk = bring(State.HANDLING).pk
    refused = centre.post(f"/work-orders/{pk}/close", Idempotency_Key=KEY)
    WorkOrder.objects.filter(pk=pk).update(state=State.CHECKED)

    answer = centre.post(f"/work-orders/{pk}/close", Idempotency_Key=KEY)

    assert (refused.status_code, answer.status_code) == (409, 200)
    assert answer.json()["state"] == "closed"


def test_a_step_sent_again_is_one_event(centre, bring):
    pk = bring().pk
    for _ in range(3):
        centre.post(f"/work-orders/{pk}/comments", {"text": "已联系"}, Idempotency_Key=KEY)

    said = Event.objects.filter(name="workorders.commented", subject=f"workorder:{pk}")

    assert said.count() == 1


def test_an_answer_is_kept_for_a_day(centre):
    centre.post("/work-orders", BODY, Idempotency_Key=KEY)
    AnsweredCall.objects.update(called_at=timezone.now() - timedelta(hours=24))

    answer = centre.post("/work-orders", BODY, Idempotency_Key=KEY)

    assert (answer.status_code, WorkOrder.objects.count()) == (201, 2)
    assert forget_calls(now=timezone.now() + timedelta(hours=24)) == 1
    assert AnsweredCall.objects.count() == 0


@pytest.mark.parametrize("key", ["", " ", "键", "x" * 101])
def test_a_key_that_is_no_key_is_told_so(centre, key):
    answer = centre.post("/work-orders", BODY, Idempotency_Key=key)

    assert (answer.status_code, answer.json()["field"]) == (422, "Idempotency-Key")
    assert WorkOrder.objects.count() == 0


def test_without_a_token_a_key_opens_nothing(centre):
    centre.post("/work-orders", BODY, Idempotency_Key=KEY)

    answer = Caller("cz_nobody").post("/work-orders", BODY, Idempotency_Key=KEY)

    assert (answer.status_code, answer.json()["error"]) == (401, "token-refused")


def test_a_file_is_brought_once_and_another_file_under_the_key_is_refused(centre):
    def bring(number: int):
        file = SimpleUploadedFile("现场.jpg", picture(number))
        headers = {"Idempotency-Key": KEY}
        return centre.client.post("/api/v1/evidence/files", {"file": file}, headers=headers)

    answers = [bring(5), bring(5), bring(6)]

    assert [answer.status_code for answer in answers] == [201, 201, 409]
    assert answers[0].json() == answers[1].json()


@pytest.mark.django_db(transaction=True)
def test_the_same_key_at_the_same_moment_makes_one_work_order(county):
    plain = token(person=2)
    answers, start = [], Barrier(4)

    def send() -> None:
        sender = Caller(plain)
        start.wait()
        answers.append(sender.post("/work-orders", BODY, Idempotency_Key=KEY))
        connections.close_all()

    senders = [Thread(target=send) for _ in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()

    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert sum("Idempotent-Replayed" in answer.headers for answer in answers) == 3
    assert WorkOrder.objects.count() == 1
