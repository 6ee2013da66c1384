"""The numbers beside the places: kept for some seconds, and dropped by one's own deed."""

from datetime import timedelta

import pytest
from django.test import Client

from chengzhi.site import rail
from chengzhi.workorders.types import State
from tests.workorders.conftest import *  # noqa: F403 (its builders)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ten_seconds(settings):
    settings.CHENGZHI_RAIL_SECONDS = 10
    rail._kept.clear()
    yield
    rail._kept.clear()


def waiting(actor, at) -> int:
    shown = {item.name: item.count for item in rail.items(actor, path="/", now=at)}
    return shown["workorder-desk"]


def test_what_others_did_shows_after_some_seconds(bring, wang_fang, now):
    before = waiting(wang_fang, now)
    bring(State.REPORTED)

    assert waiting(wang_fang, now + timedelta(seconds=9)) == before
    assert waiting(wang_fang, now + timedelta(seconds=10)) == before + 1


def test_ones_own_deed_shows_at_once(bring, wang_fang, now):
    before = waiting(wang_fang, now)
    bring(State.REPORTED)

    rail.forget(wang_fang)

    assert waiting(wang_fang, now) == before + 1


def test_a_second_look_asks_the_database_nothing(bring, wang_fang, now, django_assert_num_queries):
    waiting(wang_fang, now)

    with django_assert_num_queries(0):
        waiting(wang_fang, now + timedelta(seconds=3))


def test_a_write_over_http_forgets_what_the_writer_saw(bring, centre: Client, wang_fang, now):
    centre.get("/")
    assert rail._kept

    centre.post("/work-orders/views/", {"name": "我的", "query": ""})

    assert wang_fang.ref not in {actor.ref for actor in rail._kept}
