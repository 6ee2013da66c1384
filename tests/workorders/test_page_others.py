"""The report form, and who is sent to sign in."""

import pytest
from django.test import Client

from chengzhi.accounts.models import Person
from chengzhi.workorders.models import WorkOrder
from chengzhi.workorders.types import Channel
from tests.workorders.conftest import HERE, LITTER, STALL, picture, signed_in, text

pytestmark = pytest.mark.usefixtures("county")


FORM = {
    "client_ref": "console:1",
    "channel": "hotline",
    "matter_code": STALL,
    "address": "靖南大街126号",
    "lon": HERE[0],
    "lat": HERE[1],
    "reporter_phone": "13800005678",
}


def test_a_report_is_written_down_once(centre):
    answers = [centre.post("/work-orders/new/", {**FORM, "photos": picture()}) for _ in range(2)]

    order = WorkOrder.objects.get()
    assert [answer["Location"] for answer in answers] == [f"/work-orders/{order.pk}/"] * 2
    assert (order.channel, order.reporter_phone) == (Channel.HOTLINE, "13800005678")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"address": ""}, "地点"),
        ({"lon": "east"}, "经度"),
        ({"occurred_at": "2099-01-01T10:00"}, "发生时间晚于现在，请填实际发生时间。"),
        ({"channel": "collector"}, "来源"),
    ],
)
def test_a_wrong_form_comes_back_with_what_was_written(centre, wrong, said):
    answer = centre.post("/work-orders/new/", {**FORM, **wrong})

    page = text(answer)
    assert answer.status_code == 422
    assert said in page
    assert "13800005678" in page
    assert not WorkOrder.objects.exists()


def test_the_form_offers_only_the_channels_of_the_person(centre, handler):
    assert 'value="hotline"' in text(centre.get("/work-orders/new/"))
    page = text(handler.get("/work-orders/new/"))
    assert 'value="patrol"' in page
    assert 'value="hotline"' not in page


def test_who_speaks_for_no_channel_gets_no_form(county):
    Person.objects.filter(pk=9).update(name="考核")
    from chengzhi.accounts.models import Post

    Post.objects.filter(person=9).update(role="evaluator")

    assert signed_in(9).get("/work-orders/new/").status_code == 403


def test_what_is_near_is_shown_while_the_form_is_filled_in(centre, bring, today):
    order = bring(at=today)
    near = f"/work-orders/nearby/?lon={HERE[0]}&lat={HERE[1]}&matter_code="

    assert order.code in text(centre.get(near + STALL))
    assert "附近没有同类案件" in text(centre.get(near + LITTER))
    assert centre.get("/work-orders/nearby/").status_code == 422


@pytest.mark.parametrize(
    "address",
    ["/desk/", "/work-orders/", "/work-orders/new/", "/work-orders/1/", "/work-orders/map/",
     "/work-orders/map/tile.json", "/work-orders/nearby/"],
)  # fmt: skip
def test_nobody_is_sent_to_sign_in(address):
    answer = Client().get(address)

    assert answer.status_code == 302
    assert "login" in answer["Location"]
