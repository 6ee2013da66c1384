"""The worker's door: answers, idempotence, and every refusal."""

from dataclasses import asdict
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import TokenScope
from chengzhi.vision.models import CameraHealth, Finding, ReceivedFile
from tests.vision.conftest import SHADES, STILLS, digest, incoming, picture

FINDINGS = "/api/v1/vision/findings"


@pytest.fixture
def issue(db, administrator):
    def make(*scopes: TokenScope) -> str:
        now = timezone.now()
        issued = accounts.issue_token(
            name="一号识别机",
            scopes=scopes,
            expires_at=now + timedelta(days=30),
            actor=administrator,
            now=now,
        )
        return issued.plain

    return make


@pytest.fixture
def api(issue) -> Client:
    return Client(headers={"authorization": f"Bearer {issue(TokenScope.VISION)}"})


def body(now, **changes):
    message = asdict(incoming(now))
    for name in ("started_at", "alarm_at"):
        message[name] = message[name].isoformat()
    return {**message, **changes}


def post(client, address, data):
    return client.post(address, data, content_type="application/json")


def test_a_finding_is_201_and_then_200(camera, api, now):
    first = post(api, FINDINGS, body(now))
    again = post(api, FINDINGS, body(now))

    missing = [file.sha256 for file in STILLS]
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json() == {"finding_id": "F-1", "evidence_missing": missing}
    assert Finding.objects.count() == 1


def test_evidence_is_put_raw_and_twice_without_harm(camera, api, now):
    post(api, FINDINGS, body(now))

    for shade in (*SHADES, SHADES[0]):
        content = picture(shade)
        answer = api.put(
            f"/api/v1/vision/evidence/{digest(content)}", content, content_type="image/jpeg"
        )
        assert answer.status_code == 200

    assert answer.json()["findings"] == []
    assert post(api, FINDINGS, body(now)).json()["evidence_missing"] == []
    assert Finding.objects.get().is_evidence_complete


@pytest.mark.parametrize(
    ("address", "content", "field"),
    [("ab" * 32, b"something else", "sha256"), ("short", b"x", "sha256"), ("ab" * 32, b"", "body")],
)
def test_evidence_that_does_not_match_is_422(camera, api, address, content, field):
    answer = api.put(
        f"/api/v1/vision/evidence/{address}", content, content_type="application/octet-stream"
    )

    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert not ReceivedFile.objects.exists()


def test_a_picture_larger_than_a_form_may_be_is_taken(camera, api, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    content = picture(77)

    answer = api.put(
        f"/api/v1/vision/evidence/{digest(content)}", content, content_type="image/jpeg"
    )

    assert len(content) > 100
    assert answer.status_code == 200


def test_a_file_beyond_the_limit_is_refused(camera, api, monkeypatch):
    monkeypatch.setattr("chengzhi.vision.api.worker.EVIDENCE_LIMIT", 100)
    content = picture(78)

    answer = api.put(
        f"/api/v1/vision/evidence/{digest(content)}", content, content_type="image/jpeg"
    )

    assert (answer.status_code, answer.json()["field"]) == (422, "body")


def test_an_unknown_camera_is_404_and_named(camera, api, now):
    answer = post(api, FINDINGS, body(now, camera="C999"))

    assert answer.status_code == 404
    assert answer.json()["error"] == "unknown-camera"
    assert answer.json()["field"] == "camera"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "spaceship"}, "kind"),
        ({"score": "much"}, "score"),
        ({"score": 2}, "score"),
        ({"bbox": [1, 2, 3]}, "bbox"),
        ({"started_at": "yesterday"}, "started_at"),
        ({"alarm_at": "2026-11-25T10:30:00"}, "alarm_at"),
    ],
)
def test_a_malformed_message_is_422_with_its_field(camera, api, now, changes, field):
    answer = post(api, FINDINGS, body(now, **changes))

    assert answer.status_code == 422
    assert answer.json()["field"].split(".")[0] == field
    assert not Finding.objects.exists()


def test_a_missing_field_is_named(camera, api, now):
    message = body(now)
    del message["frame_sha256"]

    answer = post(api, FINDINGS, message)

    assert (answer.status_code, answer.json()["field"]) == (422, "frame_sha256")


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer nonsense"}])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("post", "findings"),
        ("put", f"evidence/{'ab' * 32}"),
        ("post", "heartbeat"),
        ("get", "cameras"),
    ],
)
def test_without_a_token_every_address_is_401(camera, headers, method, path):
    client = Client(headers=headers)

    answer = getattr(client, method)(f"/api/v1/vision/{path}", content_type="application/json")

    assert answer.status_code == 401


def test_a_token_of_another_scope_is_401(camera, issue, now):
    client = Client(headers={"authorization": f"Bearer {issue(TokenScope.API)}"})

    assert post(client, FINDINGS, body(now)).status_code == 401
    assert not Finding.objects.exists()


def test_a_heartbeat_names_what_is_unknown(camera, api):
    beats = [{"code": "C001", "frames": 5, "fps": 4.9, "state": "ok"}, {"code": "C999"}]

    answer = post(api, "/api/v1/vision/heartbeat", {"worker": "w1", "cameras": beats})

    assert (answer.status_code, answer.json()) == (
        200,
        {"known": 1, "unknown": ["C999"], "stop": []},
    )
    assert CameraHealth.objects.get().frames == 5


def test_the_cameras_come_in_the_structure_of_the_camera_file(camera, api):
    answer = api.get("/api/v1/vision/cameras")

    assert answer.status_code == 200
    assert answer.json() == [
        {
            "camera": {
                "code": "C001",
                "name": "靖南大街天安路口北",
                "source": "rtsp://user:secret@10.0.0.8/live",
                "picture": [768, 576],
            },
            "zones": [
                {
                    "name": "kerb",
                    "kind": "no_parking",
                    "polygon": [[640.0, 40.0], [720.0, 40.0], [720.0, 104.0], [640.0, 104.0]],
                    "rules": [
                        {
                            "finding": "motor_vehicle_parked",
                            "dwell_s": 20.0,
                            "hours": ["07:00-21:00"],
                        }
                    ],
                }
            ],
        }
    ]
