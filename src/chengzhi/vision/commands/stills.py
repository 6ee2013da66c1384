"""Ask a camera worker for a new picture, and take it in."""

from datetime import datetime

from django.db import transaction

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Permission, Role
from chengzhi.audit import interface as audit
from chengzhi.vision.commands.cameras import keep_still
from chengzhi.vision.events import StillAsked
from chengzhi.vision.queries.access import camera_of_message, lock_camera
from chengzhi.vision.rules.pictures import size_of
from chengzhi.vision.rules.plan import STILL_WAIT


@transaction.atomic
def ask_still(code: str, *, actor: Actor, now: datetime) -> None:
    """Ask the worker for a new picture of the camera; asking twice asks once."""
    accounts.permit(actor, Permission.MANAGE_CAMERAS)
    camera = lock_camera(actor, code)
    asked = camera.still_asked_at
    if asked is not None and now - asked < STILL_WAIT:
        return
    camera.still_asked_at = now
    camera.save(update_fields=["still_asked_at"])
    audit.record(StillAsked(camera=code), subject=camera.subject, actor=actor.ref, at=now)


@transaction.atomic
def bring_still(code: str, content: bytes, *, actor: Actor, now: datetime) -> str:
    """Keep the picture that a worker was asked for; one that nobody asked for is let go.

    :raises UnknownCamera: the camera is not registered in the worker's county.
    :raises InvalidInput: the bytes are no picture.
    """
    accounts.require(actor, Role.SYSTEM)
    camera = lock_camera(actor, camera_of_message(actor, code).code)
    if camera.still_asked_at is None:
        return camera.still
    size = size_of(content, field="body")
    return keep_still(camera, content, name=f"{code}.jpg", size=size, actor=actor, now=now)
