"""The manifests of a camera's findings, as the chain of evidence is walked."""

from typing import Any

from django.db.models import QuerySet

from chengzhi.accounts.types import Actor
from chengzhi.audit import interface as audit
from chengzhi.kernel.events import name_of
from chengzhi.vision.events import ManifestUnkept
from chengzhi.vision.models import CameraLease, ExpectedFile, ReceivedFile
from chengzhi.vision.queries.access import access_camera, visible_cameras
from chengzhi.vision.rules.manifest_chain import FiledManifest, UnkeptManifest
from chengzhi.vision.types import ManifestLink


def cameras_with_manifests(actor: Actor) -> list[str]:
    """Return the codes of the cameras of which a manifest has come."""
    cameras = visible_cameras(actor).filter(
        pk__in=_manifests().order_by().values("finding__camera").distinct()
    )
    return list(cameras.order_by("code").values_list("code", flat=True))


def manifests_of(actor: Actor, camera: str) -> list[FiledManifest]:
    """Return the manifests of a camera that have come, in the order of its findings."""
    rows = _manifests().filter(finding__camera__in=visible_cameras(actor).filter(code=camera))
    named = list(rows.values_list("finding__finding_id", "sha256"))
    texts = ReceivedFile.objects.filter(sha256__in=rows.order_by().values("sha256"))
    known = dict(texts.values_list("sha256", "text"))
    return [
        FiledManifest(finding_id=finding, sha256=sha256, text=known.get(sha256, ""))
        for finding, sha256 in named
    ]


def unkept_manifests_of(actor: Actor, camera: str) -> list[UnkeptManifest]:
    """Return the manifests of a camera that were told and not kept."""
    name = name_of(ManifestUnkept)
    events = audit.history(access_camera(actor, camera).subject)
    return [_unkept(event.data) for event in events if event.name == name]


def _unkept(data: dict[str, Any]) -> UnkeptManifest:
    where = {name: data[name] for name in ("day", "stretch", "number", "previous")}
    return UnkeptManifest(
        finding_id=data["finding_id"],
        sha256=data["sha256"],
        link=ManifestLink(**where),
        reason=data["reason"],
    )


def last_epoch_of(actor: Actor, camera: str) -> int:
    """Return how many leases a camera has had."""
    leases = CameraLease.objects.filter(camera=access_camera(actor, camera))
    return leases.values_list("epoch", flat=True).first() or 0


def _manifests() -> QuerySet[ExpectedFile]:
    files = ExpectedFile.objects.filter(role="manifest", arrived_at__isnull=False)
    return files.order_by("finding")
