"""The real worker's spool, delivery and server client against the real door, without a socket."""

import hashlib
import json
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from django.test import Client
from django.utils import timezone

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import TokenScope
from chengzhi.evidence import interface as evidence
from chengzhi.vision.models import CameraHealth, Finding
from chengzhi_vision.camera_file import read_camera
from chengzhi_vision.fleet.tenant import Tenant
from chengzhi_vision.spool.delivery import deliver
from chengzhi_vision.spool.server import Server
from chengzhi_vision.spool.store import Spool
from chengzhi_vision.types import Box, EvidenceFile, FindingKind, ModelRef
from chengzhi_vision.types import Finding as Found
from tests.vision.conftest import picture


@pytest.fixture
def now():
    return timezone.now()


def answer(request: httpx.Request) -> httpx.Response:
    """Hand the worker's request to the platform, in this process and transaction."""
    made = Client().generic(
        request.method,
        request.url.raw_path.decode(),
        request.read(),
        content_type=request.headers.get("content-type", "application/json"),
        headers={"authorization": request.headers["authorization"]},
    )
    return httpx.Response(made.status_code, content=made.content)


@pytest.fixture
def server(camera, administrator, now) -> Server:
    issued = accounts.issue_token(
        name="一号识别机",
        scopes=[TokenScope.VISION],
        expires_at=now + timedelta(days=30),
        actor=administrator,
        now=now,
    )
    transport = httpx.MockTransport(answer)
    return Server("http://testserver", token=issued.plain, transport=transport)


@pytest.fixture
def found(tmp_path, now):
    """A finding with three stills, an overlay and a manifest on the worker's disk."""
    contents = {
        "first_seen.jpg": ("first_seen", "image/jpeg", picture(10)),
        "dwell_reached.jpg": ("dwell_reached", "image/jpeg", picture(20)),
        "confirmation.jpg": ("confirmation", "image/jpeg", picture(30)),
        "overlay.json": ("overlay", "application/json", json.dumps({"bbox": [1]}).encode()),
        "manifest.json": ("manifest", "application/json", json.dumps({"files": []}).encode()),
    }
    files = []
    for name, (role, media_type, content) in contents.items():
        path = tmp_path / name
        path.write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        files.append(
            EvidenceFile(
                name=name,
                role=role,
                media_type=media_type,
                sha256=digest,
                size=len(content),
                path=str(path),
            )
        )
    alarm = now.timestamp()
    return Found(
        finding_id="c001-kerb-1",
        camera="C001",
        kind=FindingKind.MOTOR_VEHICLE_PARKED,
        matter_code="09009",
        zone="kerb",
        start_pts=0.0,
        alarm_pts=20.0,
        started_at=alarm - 20,
        alarm_at=alarm,
        start_unknown=True,
        box=Box(x=650, y=44, w=60, h=50),
        frame=(768, 576),
        score=0.66,
        model=ModelRef(name="ssdlite", version="1"),
        frame_sha256="ab" * 32,
        evidence=tuple(files),
    )


def test_what_the_worker_delivers_is_complete_and_delivered_once(server, found, tmp_path):
    spool = Spool(tmp_path / "spool")
    spool.put(found, now=0.0)

    first = deliver(spool, server, clock=lambda: 1.0, chance=lambda: 0.5)
    second = deliver(spool, server, clock=lambda: 2.0, chance=lambda: 0.5)

    finding = Finding.objects.get()
    assert (first.delivered, first.refused, first.retried) == (1, 0, 0)
    assert second.delivered == 0
    assert (finding.state, finding.is_evidence_complete, finding.start_unknown) == (
        "pending",
        True,
        True,
    )
    assert len(evidence.files_of(f"finding:{finding.pk}")) == 3
    spool.close()


def test_the_worker_reads_its_cameras_from_the_server(server):
    (table,) = server.cameras()

    camera = read_camera(table)
    assert (camera.code, camera.source) == ("C001", "rtsp://user:secret@10.0.0.8/live")
    assert camera.zones[0].rules[0].dwell_s == 20


def test_the_workers_heartbeat_is_understood(server):
    row = {
        "code": "C001",
        "frames": 7,
        "dropped": 1,
        "fps": 4.9,
        "blind_s": 0.0,
        "lag_s": 0.1,
        "state": "ok",
        "restarts": 0,
    }

    server.heartbeat({"worker": "w1", "cameras": [row]})

    assert CameraHealth.objects.values_list("frames", "state").get() == (7, "running")


def test_a_finding_of_an_unknown_camera_ends_among_the_dead_letters(server, found, tmp_path):
    spool = Spool(tmp_path / "spool")
    spool.put(replace(found, camera="C999"), now=0.0)

    sent = deliver(spool, server, clock=lambda: 1.0, chance=lambda: 0.5)

    assert (sent.delivered, sent.refused) == (0, 1)
    assert not Finding.objects.exists()
    spool.close()


def test_a_worker_takes_a_camera_by_lease_and_its_finding_carries_the_epoch(
    server, found, tmp_path, now
):
    tenant = Tenant(
        server,
        name="w1",
        instance="i1",
        folder=tmp_path / "spool",
        clock=now.timestamp,
        capacity_ms=lambda: 100.0,
        costs=dict,
    )
    spool = Spool(tmp_path / "spool")

    tenant.turn()
    (camera,) = tenant.cameras()
    spool.put(replace(found, epoch=camera.epoch), now=0.0)
    spool.put(replace(found, finding_id="stale", epoch=camera.epoch - 1), now=0.0)
    sent = deliver(spool, server, clock=lambda: 1.0, chance=lambda: 0.5)

    assert (camera.code, camera.epoch, sent.delivered, sent.refused) == ("C001", 1, 1, 1)
    assert Finding.objects.values_list("finding_id", flat=True).get() == "c001-kerb-1"
    spool.close()
