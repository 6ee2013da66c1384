"""Write down which manifests were told and not kept: the chain of the day goes on behind them."""

from datetime import datetime

from django.db import transaction

from chengzhi.accounts.types import Actor
from chengzhi.audit import interface as audit
from chengzhi.vision.events import ManifestUnkept
from chengzhi.vision.models import Camera, ExpectedFile, Finding
from chengzhi.vision.queries.access import camera_of_message
from chengzhi.vision.types import IncomingFinding

STALE = "发现时已不由该识别程序看守"
AGAIN = "同一抓拍已由另一识别程序报来"


def note_again(finding: Finding, message: IncomingFinding, *, actor: Actor, now: datetime) -> None:
    """Note the manifest of a finding that another worker told first, with a manifest of its own."""
    told = _manifest(message)
    if not told or message.chain is None:
        return
    mine = ExpectedFile.objects.filter(finding=finding, role="manifest")
    if told not in set(mine.values_list("sha256", flat=True)):
        note_unkept(message, reason=AGAIN, actor=actor, now=now)


@transaction.atomic
def note_unkept(message: IncomingFinding, *, reason: str, actor: Actor, now: datetime) -> None:
    """Record at the camera that a manifest exists which is not kept, and why."""
    sha256, link = _manifest(message), message.chain
    if link is None or not sha256:
        return
    known = camera_of_message(actor, message.camera)
    camera = Camera.objects.select_for_update().get(pk=known.pk)
    event = ManifestUnkept(
        finding_id=message.finding_id,
        camera=camera.code,
        sha256=sha256,
        day=link.day,
        stretch=link.stretch,
        number=link.number,
        previous=link.previous,
        reason=reason,
    )
    audit.record(event, subject=camera.subject, actor=actor.ref, at=now)


def _manifest(message: IncomingFinding) -> str:
    """Return the hash of the manifest that a message promises."""
    return next((file.sha256 for file in message.evidence if file.role == "manifest"), "")
