"""A token's rate stands in every answer, and too many calls are told when to come back."""

import pytest

from tests.api.calling import BODY, caller


@pytest.fixture
def centre(county):
    return caller(2)


@pytest.mark.usefixtures("one_minute")
def test_every_answer_says_how_often_the_token_may_still_call(centre, settings):
    settings.CHENGZHI_API_RATE = 10

    first, second = centre.get("/work-orders"), centre.post("/work-orders", BODY)

    assert [a.headers["RateLimit-Limit"] for a in (first, second)] == ["10", "10"]
    assert [a.headers["RateLimit-Remaining"] for a in (first, second)] == ["9", "8"]
    assert 0 < int(first.headers["RateLimit-Reset"]) <= 60


@pytest.mark.usefixtures("one_minute")
def test_a_token_that_calls_too_often_is_refused_and_another_is_not(centre, settings, county):
    settings.CHENGZHI_API_RATE = 3
    for _ in range(3):
        centre.get("/work-orders")

    answer = centre.post("/work-orders", BODY)

    assert (answer.status_code, answer.json()["error"]) == (429, "too-many-requests")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Retry-After"] == answer.headers["RateLimit-Reset"]
    assert answer.headers["RateLimit-Remaining"] == "0"
    assert caller(2).get("/work-orders").json()["count"] == 0


def test_zero_lets_a_token_call_as_often_as_it_likes(centre, settings):
    settings.CHENGZHI_API_RATE = 0

    answer = centre.get("/work-orders")

    assert "RateLimit-Limit" not in answer.headers
