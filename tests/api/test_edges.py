"""Values at the edge of what a database, a clock or a float can hold are refused, never a fault."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.api.conftest import World
from tests.vision.conftest import picture
from tests.workorders.conftest import HERE, STALL

HUGE = 10**19
FIRST_MOMENT, LAST_MOMENT = "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"
REPORT = {
    "channel": "hotline", "matter_code": STALL, "lon": HERE[0], "lat": HERE[1],
    "address": "靖南大街126号",
}  # fmt: skip
FINDING = {
    "finding_id": "F-9", "camera": "C001", "kind": "motor_vehicle_parked", "matter_code": "09009",
    "started_at": "2026-11-25T10:00:00+08:00", "alarm_at": "2026-11-25T10:02:00+08:00",
    "bbox": [640, 40, 80, 64], "score": 0.9, "model": "m", "model_version": "1",
    "frame_sha256": "a" * 64,
}  # fmt: skip
FILE = {
    "name": "a",
    "role": "first_seen",
    "media_type": "image/jpeg",
    "sha256": "a" * 64,
    "size": 1,
}
COMPONENT = {
    "type_code": "01001", "lon": HERE[0], "lat": HERE[1],
    "authority_code": "11330225002999999X", "authority_name": "象山县水务集团",
}  # fmt: skip
BEAT = {"code": "C001"}


class Asker:
    """Asks with the right token and gets faults as answers."""

    def __init__(self, world: World) -> None:
        self.world, self.client = world, Client(raise_request_exception=False)

    def ask(self, method: str, path: str, content: bytes = b"", **more: Any) -> Any:
        path = f"/api/v1{path}".format(
            **{key: values[0] for key, values in self.world.known.items()}
        )
        headers = {"Authorization": f"Bearer {self.world.token_for(path)}"}
        return self.client.generic(
            method, path, content, content_type="application/json", headers=headers, **more
        )


@pytest.fixture
def asker(world: World) -> Asker:
    return Asker(world)


READS = [
    (f"/work-orders/{HUGE}", 404),
    (f"/work-orders/{HUGE}/history", 404),
    ("/work-orders?until=9999-12-31", 422),
    ("/work-orders?since=0001-01-01", 422),
    ("/work-orders?text=%00", 400),
    ("/work-orders?text=%ED%A0%80", 200),
    ("/work-orders?after=%ff", 422),
    ("/work-orders?after=eyJhIjoxfQ==", 422),
    ("/work-orders?measure=nonsense", 422),
    ("/work-orders?sort=-nonsense", 422),
    ("/places/components/%00", 400),
    ("/places/components?after=" + "x" * 3000, 200),
    ("/places/locate?lon=nan&lat=29", 422),
    ("/places/locate?lon=inf&lat=29", 422),
    (f"/evidence/subjects/workorder:{HUGE}/manifest", 404),
    ("/evidence/subjects/workorder:x/manifest", 404),
    ("/evidence/subjects/finding:x/manifest", 404),
    (f"/evidence/subjects/person:{HUGE}/manifest", 404),
    ("/evidence/subjects/" + "x" * 1000 + "/manifest", 404),
    ("/evidence/files/" + "g" * 64, 404),
    ("/vision/cameras?worker=" + "x" * 1000, 200),
]


@pytest.mark.parametrize(("path", "status"), READS, ids=lambda value: str(value)[:60])
def test_a_question_at_the_edge(asker, path, status):
    answer = asker.ask("GET", path)

    assert answer.status_code == status, answer.content[:300]


ORDER = "/work-orders/{work_order_id}"
WRITES = [
    (f"/work-orders/{HUGE}/accept", {}, 404),
    (f"{ORDER}/merge", {"master": HUGE, "reason": "重复"}, 422),
    (f"{ORDER}/file", {"condition_number": HUGE}, 422),
    (f"{ORDER}/ask-verification", {"assignee": f"person:{HUGE}"}, 409),
    (f"{ORDER}/ask-verification", {"assignee": "person:-1"}, 409),
    (f"{ORDER}/comments", {"text": "长" * 100_000}, 422),
    ("/work-orders", {**REPORT, "occurred_at": FIRST_MOMENT}, 422),
    ("/work-orders", {**REPORT, "occurred_at": LAST_MOMENT}, 422),
    ("/work-orders", {**REPORT, "occurred_at": 1e30}, 422),
    ("/work-orders", {**REPORT, "occurred_at": "2026-11-25T10:00:00"}, 422),
    ("/work-orders", {**REPORT, "address": "长" * 100_000}, 422),
    ("/work-orders", {**REPORT, "description": "长" * 100_000}, 422),
    ("/work-orders", {**REPORT, "client_ref": "x" * 10_000}, 422),
    ("/work-orders", {**REPORT, "reporter_name": "x" * 10_000}, 422),
    ("/work-orders", {**REPORT, "reporter_phone": "1" * 10_000}, 422),
    ("/work-orders", {**REPORT, "component_code": "1" * 1000}, 422),
    ("/work-orders", {**REPORT, "address": "靖南\0大街"}, 400),
    ("/work-orders", {**REPORT, "address": "靖南\ud800大街"}, 400),
    ("/work-orders", {**REPORT, "photos": [{"sha256": "z" * 64, "role": "near"}]}, 404),
    ("/places/components", {**COMPONENT, "type_code": "99999"}, 422),
    ("/vision/findings", {**FINDING, "finding_id": "x" * 1000}, 422),
    ("/vision/findings", {**FINDING, "camera": "x" * 1000}, 404),
    ("/vision/findings", {**FINDING, "started_at": FIRST_MOMENT}, 422),
    ("/vision/findings", {**FINDING, "alarm_at": LAST_MOMENT}, 422),
    ("/vision/findings", {**FINDING, "bbox": [1e308] * 4}, 422),
    ("/vision/findings", {**FINDING, "score": 1e308}, 422),
    ("/vision/findings", {**FINDING, "evidence": [{**FILE, "size": HUGE}]}, 422),
    ("/vision/findings", {**FINDING, "evidence": [{**FILE, "size": -1}]}, 422),
    ("/vision/heartbeat", {"worker": "x" * 1000}, 422),
    ("/vision/heartbeat", {"worker": "w", "cameras": [{**BEAT, "frames": HUGE}]}, 422),
    ("/vision/heartbeat", {"worker": "w", "cameras": [{**BEAT, "frames": -5}]}, 422),
    ("/vision/heartbeat", {"worker": "w", "cameras": [{**BEAT, "restarts": HUGE}]}, 422),
    ("/vision/heartbeat", {"worker": "w", "cameras": [{**BEAT, "fps": 1e308}]}, 422),
    ("/vision/heartbeat", {"worker": "w", "cameras": [{**BEAT, "blind_s": 1e308}]}, 422),
    ("/vision/heartbeat", {"worker": "w", "cameras": [{**BEAT, "state": "x" * 500}]}, 200),
    ("/vision/heartbeat", {"worker": "w", "cameras": [{"code": "x" * 500}]}, 200),
]


@pytest.mark.parametrize(
    ("path", "body", "status"), WRITES, ids=[f"{p}-{str(b)[-40:]}" for p, b, _ in WRITES]
)
def test_a_write_at_the_edge(asker, path, body, status):
    answer = asker.ask("POST", path, json.dumps(body).encode())

    assert answer.status_code == status, answer.content[:300]


CHANGES = [
    {"name": None},
    {"status": None},
    {"source": None},
    {"owner_code": None},
    {"name": "长" * 1000},
    {"remark": "长" * 10_000},
    {"authority_code": "1" * 1000},
    {"lon": 121.9},
    {"lon": 999, "lat": 1},
    {"lon": 1e300, "lat": 1e300},
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: str(change)[:30])
def test_a_change_that_a_component_cannot_hold_is_refused(asker, change):
    answer = asker.ask("PATCH", "/places/components/{code}", json.dumps(change).encode())

    assert answer.status_code == 422, answer.content[:300]
    assert answer.json()["error"] in {"invalid-input", "outside-cells"}


@pytest.mark.parametrize(
    "content",
    [b"\xff\xfe", b"[" * 100_000, b'{"a":' + b"9" * 5000 + b"}", b'{"lon": NaN}', b"{"],
    ids=["not UTF-8", "deep", "endless number", "NaN", "broken off"],
)
def test_what_is_not_json_is_told_so(asker, content):
    answer = asker.ask("POST", "/work-orders", content)

    assert (answer.status_code, answer.json()["error"]) == (400, "unreadable-request")


@pytest.mark.parametrize("content", [b"", b"null", b"[]", b'"x"', b'{"lon": 1e999}'])
def test_json_that_is_no_report_is_told_so(asker, content):
    answer = asker.ask("POST", "/work-orders", content)

    assert (answer.status_code, answer.json()["error"]) == (422, "invalid-input")


def test_the_letters_of_an_escape_are_no_null(asker):
    answer = asker.ask(
        "POST", "/work-orders", json.dumps({**REPORT, "address": "\\u0000 路"}).encode()
    )

    assert answer.status_code == 201


@pytest.mark.parametrize("moment", [FIRST_MOMENT, LAST_MOMENT, "1e30", "2026-11-25T10:00:00"])
def test_a_file_is_not_taken_at_a_moment_that_nothing_can_hold(asker, moment):
    headers = {"Authorization": f"Bearer {asker.world.tokens['api']}"}
    file = SimpleUploadedFile("现场.jpg", picture(77))

    answer = asker.client.post(
        "/api/v1/evidence/files", {"file": file, "captured_at": moment}, headers=headers
    )

    assert (answer.status_code, answer.json()["field"]) == (422, "captured_at")
