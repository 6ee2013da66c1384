"""No list, export, API, message, timeline, search or audit page shows a reporter, to any role."""

import io
import zipfile
from dataclasses import replace
from datetime import date

import pytest
from django.test import Client

from chengzhi.accounts.models import Person, Post, Unit
from chengzhi.accounts.types import ROLE_PERMISSIONS, Permission, Role
from chengzhi.audit.tasks import drain
from chengzhi.notifications import tasks as notices
from chengzhi.wiring import REACTIONS
from chengzhi.workorders.commands import intake, notes, verify
from chengzhi.workorders.types import Channel, Wish
from tests.contracts.test_every_address import addresses
from tests.workorders.conftest import COUNTY, STALL_REPORT, signed_in

NAME, PHONE, OTHER, CARD = "钱小贞", "13711112222", "13933334444", "330225199003071234"
PRIVATE = (NAME, PHONE, OTHER, CARD)
ROLES = [role for role in Role if role is not Role.SYSTEM]
ELSEWHERE = ("/logout", "/vision/", "/standards/", "/places/", "/i18n/", "/service-worker.js")


@pytest.fixture
def order(county, wang_fang, now) -> int:
    said = replace(
        STALL_REPORT, channel=Channel.HOTLINE, reporter_name=NAME, reporter_phone=PHONE,
        reporter_wish=Wish.ANSWER, description=f"打{PHONE}或{OTHER}，身份证{CARD}",
        address=f"靖南大街126号，联系{PHONE}",
    )  # fmt: skip
    pk = intake.report(said, actor=wang_fang, now=now).id
    notes.comment(pk, text=f"已回电{PHONE}和{OTHER}", actor=wang_fang, now=now)
    notes.show_reporter(pk, reason=f"回访{PHONE}", actor=wang_fang, now=now)
    verify.reject(pk, reason=f"已告知{PHONE}，不属于本局", actor=wang_fang, now=now)
    drain(REACTIONS, now=now)
    notices.tick(now)
    return pk


@pytest.fixture
def sign_in(order, now, settings):
    settings.CHENGZHI_RAIL_SECONDS = 60  # the numbers of the rail are counted once a walk

    def make(role: Role) -> Client:
        person = Person.objects.create(
            pk=1000,  # beyond those of the county, whose keys are given
            username="somebody", name="某人", unit=Unit.objects.get(code="C01"), created_at=now,
            password_changed_at=now,
        )  # fmt: skip
        Post.objects.create(person=person, role=role, valid_from=date(2020, 1, 1))
        client = Client(raise_request_exception=False)
        client.force_login(person, backend="chengzhi.accounts.web.KnownPeople")
        return client

    return make


def asked_of(order: int) -> list[str]:
    """Return every address that may show a work order, with this one in the place of any."""
    places = {"987654": str(order), "nothing": f"workorder:{order}"}
    found = set()
    for address, _ in addresses():
        for stands, real in places.items():
            address = address.replace(stands, real)
        found.add(address)
    lists = ("/work-orders/", "/audit/", "/notifications/", "/notifications/deliveries/")
    found |= {f"{one}?export={kind}" for one in lists for kind in ("csv", "xlsx")}
    found |= {"/retention/?export=csv", f"/audit/?subject=workorder:{order}"}
    found |= {f"/search/?q={text}" for text in ("靖南大街", "报告人")}
    found |= {f"/api/v1/work-orders/{order}{tail}" for tail in ("", "/history", "/files")}
    found |= {"/api/v1/work-orders", "/api/v1/work-orders?text=靖南大街"}
    return sorted(one for one in found if not one.startswith(ELSEWHERE))


def text_of(answer) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b"".join(book.read(name) for name in book.namelist())
    return content.decode("utf-8", errors="replace")


@pytest.mark.one_database
@pytest.mark.parametrize("role", ROLES)
def test_no_page_export_or_api_shows_a_reporter_to_any_role_pain_21(sign_in, order, role):
    client = sign_in(role)

    leaks = [
        (address, private)
        for address in asked_of(order)
        for shown in [text_of(client.get(address))]
        for private in PRIVATE
        if private in shown
    ]

    assert leaks == []


def test_the_walk_really_meets_the_record(sign_in, order):
    client = sign_in(Role.ADMINISTRATOR)

    met = [one for one in asked_of(order) if "137****2222" in text_of(client.get(one))]

    assert f"/work-orders/{order}/" in met
    assert f"/api/v1/work-orders/{order}" in met
    assert "/audit/?export=csv" in met
    assert len(asked_of(order)) > 60


@pytest.mark.parametrize("role", ROLES)
def test_only_who_may_unmask_sees_the_reporter_and_it_is_an_event(sign_in, order, role):
    from chengzhi.audit.models import Event

    client, before = sign_in(role), Event.objects.count()

    answer = client.post(f"/work-orders/{order}/reporter/", {"reason": "回访"})

    may = Permission.UNMASK in ROLE_PERMISSIONS[role]
    can_see = client.get(f"/work-orders/{order}/").status_code == 200
    assert (NAME in answer.content.decode()) == (may and can_see)
    assert Event.objects.count() - before == int(may and can_see)


def test_another_county_sees_nothing_of_it(order):
    client = signed_in(9)

    assert client.get(f"/work-orders/{order}/").status_code == 404
    assert client.post(f"/work-orders/{order}/reporter/", {"reason": "x"}).status_code == 404
    assert COUNTY == "330225"
