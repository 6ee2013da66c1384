"""Two callers and a small county in which every address of the API has something to find."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.utils import timezone
from PIL import Image

from chengzhi.accounts.interface import issue_token
from chengzhi.accounts.models import Person, Post
from chengzhi.accounts.types import Actor, Role, TokenScope
from chengzhi.evidence import interface as evidence
from chengzhi.places import commands as places
from chengzhi.places.types import ComponentForm, Point
from chengzhi.vision import commands as vision
from chengzhi.vision.types import CameraDraft
from chengzhi.workorders.commands import intake, verify
from tests.conftest import COUNTY
from tests.workorders.conftest import (
    HERE,
    LITTER,
    MANHOLE,
    SINCE,
    STALL,
    STALL_REPORT,
    bring,
    build_county,
    county,
    nothing_kept,
    photograph,
    snapshot,
)

__all__ = ["bring", "county", "nothing_kept", "photograph", "snapshot"]

ADMINISTRATOR = Actor(
    ref="person:7", name="孙丽", roles=frozenset({Role.ADMINISTRATOR}), unit="C01", division=COUNTY
)


@dataclass(frozen=True, kw_only=True)
class World:
    """What callers may name, by the name of the field that names it."""

    known: dict[str, list[Any]]
    tokens: dict[str, str]

    def token_for(self, path: str) -> str:
        return self.tokens["vision" if path.startswith("/api/v1/vision/") else "api"]


@pytest.fixture
def one_connection() -> Iterator[None]:
    """Requests stay in the test's transaction: between them its connection is not closed."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def world(db: None, now: datetime, li_ming: Actor, wang_fang: Actor) -> World:
    """A county with reports, a stored picture, a component and a camera."""
    build_county(now)
    _give_every_post(2)
    picture = _picture(wang_fang, now)
    orders = [intake.report(STALL_REPORT, actor=li_ming, now=now).id for _ in range(3)]
    verify.accept(orders[1], actor=wang_fang, now=now)
    known = {
        "work_order_id": orders,
        "master": orders,
        "matter_code": [STALL, LITTER, MANHOLE],
        "matter": [STALL],
        "lon": [HERE[0]],
        "lat": [HERE[1]],
        "condition_number": [1],
        "unit": ["S01", "D01"],
        "assignee": ["person:1"],
        "photos": [[{"sha256": picture, "role": "after"}], []],
        "sha256": [picture],
        "subject": [f"workorder:{orders[0]}"],
        "code": [manhole(now)],
        "type_code": [MANHOLE],
        "camera": [_camera(now)],
        "finding_id": ["F-1", "F-2"],
        "kind": ["motor_vehicle_parked"],
        "frame_sha256": [picture],
        "started_at": [now.isoformat()],
        "alarm_at": [(now + timedelta(minutes=2)).isoformat()],
        "bbox": [[640, 40, 80, 64]],
        "score": [0.9],
    }
    return World(known=known, tokens=_tokens())


def _give_every_post(person: int) -> None:
    for role in set(Role) - {Role.SYSTEM}:
        Post.objects.get_or_create(
            person=Person.objects.get(pk=person), role=role, defaults={"valid_from": SINCE}
        )


def _picture(actor: Actor, now: datetime) -> str:
    content = BytesIO()
    Image.new("RGB", (64, 48), (10, 20, 90)).save(content, "JPEG")
    return evidence.store(content.getvalue(), name="现场.jpg", actor=actor, now=now).sha256


def manhole(now: datetime) -> str:
    form = ComponentForm(
        type_code=MANHOLE,
        point=Point(lon=HERE[0], lat=HERE[1]),
        authority_code="11330225002999999X",
        authority_name="象山县水务集团",
    )
    return places.register_component(form, actor=ADMINISTRATOR, now=now)


def _camera(now: datetime) -> str:
    draft = CameraDraft(
        name="靖南大街天安路口北",
        lon=HERE[0],
        lat=HERE[1],
        address="丹东街道靖南大街",
        heading=90.0,
        source="rtsp://10.0.0.8/live",
    )
    vision.register_camera("C001", draft, actor=ADMINISTRATOR, now=now)
    return "C001"


def _tokens() -> dict[str, str]:
    now = timezone.now()
    issue: Callable[..., Any] = issue_token
    terms = {"expires_at": now + timedelta(days=1), "actor": ADMINISTRATOR, "now": now}
    return {
        "api": issue(name="接口", scopes=[TokenScope.API], person_id=2, **terms).plain,
        "vision": issue(name="一号识别机", scopes=[TokenScope.VISION], **terms).plain,
    }
