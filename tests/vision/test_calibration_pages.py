"""The pages of the thresholds, asked as a browser asks."""

from datetime import timedelta

import pytest
from django.utils import timezone

from chengzhi.accounts.types import Role
from chengzhi.vision import commands
from chengzhi.vision.models import Finding, ScorePolicy, Threshold
from tests.vision.conftest import incoming
from tests.vision.test_pages import sign_in, text  # noqa: F401

LIST = "/vision/thresholds/"
KIND = "motor_vehicle_parked"
FORM = {
    "kind": KIND,
    "title": "违停抓拍阈值办法",
    "document": "象综执〔2026〕31号",
    "target": "0.9",
    "floor": "0.3",
    "ceiling": "0.8",
    "most_step": "0.2",
    "exploration_share": "0.05",
}


@pytest.fixture
def now():
    """Pages read the clock, so their findings are of this minute."""
    return timezone.now()


@pytest.fixture
def leader(sign_in):  # noqa: F811
    return sign_in(Role.LEADER, name="赵强")


def test_the_list_and_one_category_show_their_figures(pending, leader):
    pending()

    listed = text(leader.get(LIST))
    one = text(leader.get(f"{LIST}of/{KIND}/?camera=C001"))

    assert "机动车违停" in listed
    assert "全县" in listed
    assert '<svg class="curve"' in one
    assert "沿用" in one
    assert "style=" not in one
    assert leader.get(f"{LIST}?export=csv").status_code == 200
    assert leader.get(f"{LIST}of/camera_blind/").status_code == 404


def test_a_leader_publishes_sets_and_takes_back(camera, leader):
    assert leader.post(f"{LIST}policies/new/", FORM).status_code == 302
    assert leader.post(f"{LIST}policies/new/", FORM | {"floor": "0.9"}).status_code == 422
    leader.post(f"{LIST}of/{KIND}/change/", {"value": "0.6", "reason": "误报多"})
    refused = leader.post(f"{LIST}of/{KIND}/change/", {"value": "0.9", "reason": "误报多"})
    leader.post(f"{LIST}of/{KIND}/take-back/", {"reason": "漏报多"})

    assert ScorePolicy.objects.count() == 1
    assert refused.status_code == 409
    assert list(Threshold.objects.order_by("version").values_list("value", flat=True)) == [0.6, 0.0]
    assert "违停抓拍阈值办法" in text(leader.get(f"{LIST}policies/"))


def test_the_export_of_the_policies_holds_more_than_the_page(leader, now):
    leader.post(f"{LIST}policies/new/", FORM)
    one, on = ScorePolicy.objects.values().get(), timezone.localdate(now)
    ScorePolicy.objects.bulk_create(
        ScorePolicy(**one | {"id": None, "valid_from": on, "valid_to": on + timedelta(days=1)})
        for _ in range(51)
    )

    exported = b"".join(leader.get(f"{LIST}policies/?view=ended&export=csv")).decode()

    assert exported.count("违停抓拍阈值办法") == 51


def test_a_parked_finding_is_brought_up_from_its_page(camera, worker, leader, sign_in, now):  # noqa: F811
    leader.post(f"{LIST}of/{KIND}/change/", {"value": "0.8", "reason": "误报多"})
    key = commands.record_finding(incoming(now, "F-9", score=0.3), actor=worker, now=now).id
    reviewer = sign_in(Role.REVIEWER)

    page = text(reviewer.get(f"/vision/findings/{key}/"))
    reviewer.post(f"/vision/findings/{key}/bring-up/")

    assert "调出复核" in page
    assert Finding.objects.get(pk=key).state == "pending"


def test_a_handler_does_not_read_thresholds(sign_in):  # noqa: F811
    assert sign_in(Role.HANDLER).get(LIST).status_code == 403


def test_a_duty_manager_downloads_a_training_set(pending, sign_in, now):  # noqa: F811
    duty = sign_in(Role.DUTY_MANAGER, name="王芳")
    key = pending()
    duty.post(f"/vision/findings/{key}/confirm/", {})

    page = text(duty.get("/vision/training/?kind=motor_vehicle_parked"))
    answer = duty.post("/vision/training/file/", {"pictures": "none"})

    assert "<b>1</b>" in page
    assert answer["Content-Type"] == "application/zip"
    assert b"".join(answer)[:2] == b"PK"
    assert duty.post("/vision/training/file/", {"pictures": "all"}).status_code == 422
