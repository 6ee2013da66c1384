"""Cameras, pictures and messages for the tests of vision."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from io import BytesIO

import pytest
from PIL import Image

from chengzhi.accounts.interface import system_actor
from chengzhi.accounts.types import Actor, Role
from chengzhi.vision import commands
from chengzhi.vision.types import (
    CameraDraft,
    ExpectedEvidence,
    FindingKind,
    IncomingFinding,
    RuleSpec,
    ZoneKind,
    ZoneSpec,
)
from tests.conftest import COUNTY, actor

POLYGON = ((640.0, 40.0), (720.0, 40.0), (720.0, 104.0), (640.0, 104.0))
LON, LAT = 121.879, 29.4772


@pytest.fixture
def jiang_lina() -> Actor:
    """The reviewer."""
    return actor("person:5", "蒋丽娜", Role.REVIEWER)


@pytest.fixture
def administrator() -> Actor:
    return actor("person:6", "孙涛", Role.ADMINISTRATOR)


@pytest.fixture
def worker() -> Actor:
    """A camera worker's token."""
    return system_actor("一号识别机", division=COUNTY)


@pytest.fixture
def draft() -> CameraDraft:
    return CameraDraft(
        name="靖南大街天安路口北",
        lon=LON,
        lat=LAT,
        address="丹东街道靖南大街",
        heading=90.0,
        source="rtsp://user:secret@10.0.0.8/live",
    )


@pytest.fixture
def zone() -> ZoneSpec:
    rule = RuleSpec(finding=FindingKind.MOTOR_VEHICLE_PARKED, dwell_s=20, hours=("07:00-21:00",))
    return ZoneSpec(name="kerb", kind=ZoneKind.NO_PARKING, polygon=POLYGON, rules=(rule,))


@pytest.fixture
def camera(db, draft, zone, administrator, now) -> str:
    """A camera of 768 × 576 with a no-parking zone, and its code."""
    commands.register_camera("C001", draft, actor=administrator, now=now)
    commands.save_zones("C001", (zone,), size=(768, 576), actor=administrator, now=now)
    return "C001"


@cache
def picture(shade: int) -> bytes:
    """A small JPEG; another shade is another file."""
    content = BytesIO()
    Image.new("RGB", (96, 72), (shade % 256, 80, shade // 256)).save(content, "JPEG")
    return content.getvalue()


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def still(role: str, shade: int) -> ExpectedEvidence:
    content = picture(shade)
    return ExpectedEvidence(
        name=f"{role}.jpg",
        role=role,
        media_type="image/jpeg",
        sha256=digest(content),
        size=len(content),
    )


STILLS = (still("first_seen", 10), still("dwell_reached", 20), still("confirmation", 30))
SHADES = (10, 20, 30)


def incoming(now: datetime, finding_id: str = "F-1", **changes: object) -> IncomingFinding:
    message = IncomingFinding(
        finding_id=finding_id,
        camera="C001",
        kind=FindingKind.MOTOR_VEHICLE_PARKED,
        matter_code="09009",
        zone="kerb",
        started_at=now - timedelta(minutes=2),
        alarm_at=now - timedelta(minutes=1),
        start_unknown=True,
        bbox=(650.0, 44.0, 60.0, 50.0),
        score=0.66,
        model="ssdlite",
        model_version="1",
        frame_sha256="ab" * 32,
        evidence=STILLS,
    )
    return replace(message, **changes)


@pytest.fixture
def bring(worker, now) -> Callable[..., None]:
    """Bring the files of these shades."""

    def deliver(*shades: int, at: datetime | None = None) -> None:
        for shade in shades:
            content = picture(shade)
            commands.store_evidence(content, sha256=digest(content), actor=worker, now=at or now)

    return deliver


@pytest.fixture
def pending(camera, worker, bring, now) -> Callable[..., int]:
    """Make a finding with all its evidence, and return its key."""

    def make(finding_id: str = "F-1", **changes: object) -> int:
        receipt = commands.record_finding(
            incoming(now, finding_id, **changes), actor=worker, now=now
        )
        bring(*SHADES)
        return receipt.id

    return make
