"""Open311 shows pictures: covered copies, once accepted, of published sources only."""

from dataclasses import replace

import pytest

from chengzhi.accounts import interface as accounts
from chengzhi.evidence.commands import redact_next
from chengzhi.workorders.commands import intake
from chengzhi.workorders.models import WorkOrder
from chengzhi.workorders.types import Channel, State
from tests.evidence.looking import seeing
from tests.workorders.conftest import STALL_REPORT

ROBOT = accounts.system_actor("redaction", division="330225")


@pytest.fixture
def look(now):
    """Look for faces in everything that waits."""

    def through() -> None:
        while redact_next(seeing(faces=[(0, 0, 0.5, 0.5)]), actor=ROBOT, clock=lambda: now):
            pass

    return through


@pytest.fixture
def everybody(client, county, settings):
    settings.CHENGZHI_OPEN311_PUBLIC = True

    def request(pk: int, query: str = "") -> dict:
        return client.get(f"/open311/v2/requests/{pk}.json{query}").json()[0]

    return request


@pytest.fixture
def with_picture(bring, photograph, li_ming):
    """Bring a report with a picture to a state."""

    def to(state: State, **changes):
        return bring(state, photos=(photograph(li_ming),), **changes)

    return to


def test_everybody_sees_the_covered_copy_of_an_accepted_report(
    with_picture, everybody, look, client
):
    order = with_picture(State.ACCEPTED)
    before = everybody(order.pk)["media_url"]

    look()
    address = everybody(order.pk)["media_url"]
    answer = client.get(address)

    assert before is None
    assert address.startswith(f"http://testserver/open311/v2/media/{order.pk}-")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    assert answer.content[8:12] == b"WEBP"
    assert everybody(order.pk, "?extended=true")["extended_attributes"]["media_urls"] == [address]


def test_a_closed_report_shows_before_and_after(with_picture, everybody, look):
    order = with_picture(State.CLOSED)

    look()

    assert len(everybody(order.pk, "?extended=true")["extended_attributes"]["media_urls"]) == 2


def test_nothing_is_shown_before_a_person_accepted_it(
    county, everybody, photograph, li_ming, wang_fang, look, now
):
    said = replace(STALL_REPORT, channel=Channel.CITIZEN, photos=(photograph(wang_fang),))
    pk = intake.report(said, actor=wang_fang, now=now).id
    look()

    waiting = everybody(pk)["media_url"]
    WorkOrder.objects.filter(pk=pk).update(state=State.ACCEPTED)  # verified in the street meanwhile

    assert waiting is None
    assert everybody(pk)["media_url"] is not None


def test_a_picture_of_a_hotline_case_has_no_address(
    county, client, settings, photograph, wang_fang, look, now
):
    settings.CHENGZHI_OPEN311_PUBLIC = True
    photo = photograph(wang_fang)
    said = replace(STALL_REPORT, channel=Channel.HOTLINE, photos=(photo,))
    pk = intake.report(said, actor=wang_fang, now=now).id
    WorkOrder.objects.filter(pk=pk).update(state=State.ACCEPTED)  # verified in the street meanwhile
    look()

    answer = client.get(f"/open311/v2/media/{pk}-{photo.sha256[:16]}.webp")

    assert answer.status_code == 404


def test_a_county_that_keeps_its_requests_keeps_their_pictures(
    with_picture, everybody, look, client, settings
):
    order = with_picture(State.ACCEPTED)
    look()
    address = everybody(order.pk)["media_url"]
    settings.CHENGZHI_OPEN311_PUBLIC = False

    assert client.get(address).status_code == 403


@pytest.mark.parametrize("stem", ["1-0000000000000000", "x-1", "1"])
def test_an_address_of_no_picture_is_not_found(county, client, settings, stem):
    settings.CHENGZHI_OPEN311_PUBLIC = True

    assert client.get(f"/open311/v2/media/{stem}.webp").status_code in (400, 404)
