"""A county in which work orders of every state and findings of every verdict are spread over time, one at sea."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from chengzhi.accounts.interface import system_actor
from chengzhi.accounts.types import Actor, Role
from chengzhi.vision import commands as vision
from chengzhi.vision.types import CameraDraft, RuleSpec, ZoneKind, ZoneSpec
from chengzhi.workorders.types import Channel
from tests.conftest import COUNTY, actor
from tests.vision.conftest import LAT, LON, POLYGON, incoming
from tests.workorders.conftest import (
    AT_SEA,
    HERE,
    IN_SHIPU,
    LITTER,
    PATHS,
    STALL,
    bring,
    county,
    nothing_kept,
    photograph,
)

__all__ = ["bring", "county", "nothing_kept", "photograph"]
OTHERS = (Channel.HOTLINE, Channel.CITIZEN, Channel.SUPERIOR)


@pytest.fixture
def spread(bring) -> Callable[[datetime], None]:
    """One order of each state, in two towns and of two matters, over the last forty days."""

    def make(until: datetime) -> None:
        for number, state in enumerate(PATHS):
            lon, lat = HERE if number % 3 else IN_SHIPU
            bring(
                state,
                at=until - timedelta(days=number * 3.4, hours=1),
                lon=lon + number * 0.0004,
                lat=lat,
                matter_code=STALL if number % 2 else LITTER,
            )
        for number, channel in enumerate(OTHERS):
            bring(at=until - timedelta(hours=number + 1), channel=channel, lon=HERE[0] - 0.001)
        bring(at=until - timedelta(hours=5), lon=AT_SEA[0], lat=AT_SEA[1])

    return make


@pytest.fixture
def findings(db: None) -> Callable[[datetime], None]:
    """Three confirmed, one rejected, two waiting, of two cameras."""
    reviewer = actor("person:5", "蒋丽娜", Role.REVIEWER)
    administrator = actor("person:6", "孙涛", Role.ADMINISTRATOR)
    worker = system_actor("一号识别机", division=COUNTY)

    def make(until: datetime) -> None:
        for code in ("C001", "C002"):
            _camera(code, administrator, until)
        keys = [_found(f"F-{n}", f"C00{n % 2 + 1}", worker, until) for n in range(6)]
        for key in keys[:3]:
            vision.confirm_finding(key, actor=reviewer, now=until)
        vision.reject_finding(keys[3], reason="light", actor=reviewer, now=until)

    return make


def _camera(code: str, administrator: Actor, at: datetime) -> None:
    draft = CameraDraft(name=f"点位{code}", lon=LON, lat=LAT, address="丹东街道靖南大街")
    rule = RuleSpec(finding="motor_vehicle_parked", dwell_s=20)
    zone = ZoneSpec(name="kerb", kind=ZoneKind.NO_PARKING, polygon=POLYGON, rules=(rule,))
    vision.register_camera(code, draft, actor=administrator, now=at)
    vision.save_zones(code, (zone,), size=(768, 576), actor=administrator, now=at)


def _found(finding_id: str, camera: str, worker: Actor, at: datetime) -> int:
    message = incoming(at, finding_id, camera=camera, evidence=())
    return vision.record_finding(message, actor=worker, now=at).id
