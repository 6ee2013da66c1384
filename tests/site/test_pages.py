"""Home, search and what lies near: what they show, to whom, and where it leads."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from chengzhi.accounts.models import Person, Post
from chengzhi.accounts.types import Role
from chengzhi.workorders.types import State
from tests.workorders.conftest import HERE, LITTER, SINCE, bring, county, nothing_kept, photograph

__all__ = ["bring", "county", "nothing_kept", "photograph"]


@pytest.fixture
def open_as(county):
    """Sign in one of the named cast."""

    def make(name: str) -> Client:
        client = Client()
        person = Person.objects.get(name=name)
        client.force_login(person, backend="chengzhi.accounts.web.KnownPeople")
        return client

    return make


def test_home_shows_what_waits_the_most_urgent_first(open_as, bring):
    late = bring(at=timezone.now() - timedelta(hours=3))
    fresh = bring(at=timezone.now(), lon=HERE[0] + 0.001)

    answer = open_as("王芳").get("/")

    page = answer.content.decode()
    assert [row.id for row in answer.context["desk"].rows] == [late.pk, fresh.pk]
    assert '<span class="chip bad">超期 1</span>' in page
    assert f'href="/work-orders/{late.pk}/"' in page


def test_each_number_of_home_opens_a_list_of_that_length(open_as, bring):
    for state in (State.REPORTED, State.ACCEPTED, State.FILED, State.CLOSED):
        bring(state, at=timezone.now(), lon=HERE[0] + 0.001)
    Post.objects.create(person=Person.objects.get(name="王芳"), role=Role.LEADER, valid_from=SINCE)
    client = open_as("王芳")

    cards = client.get("/").context["cards"]

    assert [(card.label, card.value) for card in cards] == [
        ("待受理", 1), ("待立案", 1), ("待派遣", 1),
        ("今天上报", 4), ("今天结案", 1), ("在办", 3), ("在办超期", 0),
    ]  # fmt: skip
    lists = [card for card in cards if card.url.startswith("/work-orders/")]
    assert [client.get(card.url).context["pager"]["total"] for card in lists] == [4, 1, 3, 0]


def test_home_of_somebody_idle_says_so(open_as):
    page = open_as("周健").get("/").content.decode()

    assert "现在没有等您办的事" in page


@pytest.mark.parametrize("typed", ["靖南大街", "店外经营", "号"])
def test_search_finds_work_orders_by_place_and_matter(open_as, bring, typed):
    order = bring()

    page = open_as("王芳").get("/search/", {"q": typed}).content.decode()

    assert f'href="/work-orders/{order.pk}/"' in page
    assert order.code in page


def test_a_whole_number_opens_its_record_at_once(open_as, bring):
    order = bring()

    answer = open_as("王芳").get("/search/", {"q": order.code})

    assert (answer.status_code, answer["Location"]) == (302, f"/work-orders/{order.pk}/")


def test_search_finds_people_and_places_for_those_who_may_see_them(open_as):
    Post.objects.create(
        person=Person.objects.get(name="王芳"), role=Role.ADMINISTRATOR, valid_from=date(2020, 1, 1)
    )
    of_the_administrator = open_as("王芳").get("/search/", {"q": "周"}).content.decode()
    of_a_handler = open_as("周健").get("/search/", {"q": "周"}).content.decode()
    town = open_as("周健").get("/search/", {"q": "石浦"}).content.decode()

    assert "周小燕" in of_the_administrator
    assert "周小燕" not in of_a_handler
    assert "石浦镇" in town


def test_search_says_what_to_try_when_nothing_is_found(open_as):
    page = open_as("王芳").get("/search/", {"q": "<b>无此路"}).content.decode()

    assert "没有找到“&lt;b&gt;无此路”" in page


def test_search_of_another_district_finds_nothing(open_as, bring):
    order = bring()

    answer = open_as("陈静").get("/search/", {"q": order.code})

    assert answer.status_code == 200
    assert f"/work-orders/{order.pk}/" not in answer.content.decode()


def near(client: Client, **changes: object):
    query = {"lon": HERE[0], "lat": HERE[1], **changes}
    return client.get("/nearby-work-orders/", query, headers={"hx-request": "true"})


def test_near_a_point_lie_choices_nearest_first(open_as, bring):
    far = bring(at=timezone.now(), lon=HERE[0] + 0.0003)
    here = bring(at=timezone.now())

    page = near(open_as("王芳")).content.decode()

    assert page.index(f'value="workorder:{here.pk}"') < page.index(f'value="workorder:{far.pk}"')
    assert page.count('type="radio" name="work_order"') == 2
    assert f'data-label="{here.code}"' in page
    assert "0 m" in page


def test_the_matter_narrows_what_lies_near(open_as, bring):
    bring(at=timezone.now())

    page = near(open_as("王芳"), matter=LITTER).content.decode()

    assert "附近没有同类案件。" in page


@pytest.mark.parametrize("lon", ["", "east", "nan", "181"])
def test_a_point_that_is_none_is_refused(open_as, lon):
    answer = near(open_as("王芳"), lon=lon)

    assert answer.status_code == 422
    assert f"经度“{lon}”不是有效的度数" in answer.content.decode()


def test_nobody_is_told_what_lies_near(client, db):
    assert near(client).status_code == 302
