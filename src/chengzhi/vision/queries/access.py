"""Whose cameras and findings these are: the only ways to a record."""

from django.db.models import Q, QuerySet

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Permission, Scope
from chengzhi.kernel.errors import DomainError, NotVisible
from chengzhi.vision.models import Camera, Finding


class UnknownCamera(DomainError):
    """No camera of this code belongs to the county."""

    code = "unknown-camera"
    status = 404


def visible_cameras(actor: Actor) -> QuerySet[Camera]:
    """Return the cameras an actor may see."""
    return Camera.objects.filter(_within(actor, ""))


def visible_to(actor: Actor) -> QuerySet[Finding]:
    """Return the findings an actor may see: those of the cameras they may see."""
    return Finding.objects.filter(_within(actor, "camera__"))


def _within(actor: Actor, prefix: str) -> Q:
    if not actor.county:
        return Q(pk__in=())
    match actor.scope:
        case Scope.COUNTY:
            return Q(**{f"{prefix}division__startswith": actor.county})
        case Scope.DIVISION:
            return Q(**{f"{prefix}division__startswith": actor.division})
        case Scope.UNIT if actor.unit:
            county = Q(**{f"{prefix}division__startswith": actor.county})
            return county & Q(**{f"{prefix}squad": actor.unit})
        case _:
            return Q(pk__in=())


def access_camera(actor: Actor, code: str) -> Camera:
    """Return a camera by its code.

    :raises NotVisible: there is none, or not for this person.
    """
    return _the_camera(visible_cameras(actor), code)


def lock_camera(actor: Actor, code: str) -> Camera:
    """Return a camera by its code with its row locked; call it inside a transaction."""
    return _the_camera(visible_cameras(actor).select_for_update(), code)


def _the_camera(rows: QuerySet[Camera], code: str) -> Camera:
    camera = rows.filter(code=code).first()
    if camera is None:
        raise NotVisible(f"没有摄像头“{code}”，或您无权查看。请核对编号。")
    return camera


def camera_of_message(actor: Actor, code: str) -> Camera:
    """Return the camera a worker speaks of.

    :raises UnknownCamera: it is not registered in the worker's county.
    """
    camera = visible_cameras(actor).filter(code=code).first()
    if camera is None:
        raise UnknownCamera(
            f"没有登记编号为“{code}”的摄像头。请先在“摄像头”页登记，或改正编号。", field="camera"
        )
    return camera


def access_finding(actor: Actor, finding: int) -> Finding:
    """Return a finding.

    :raises NotVisible: there is none, or not for this person.
    """
    return _the_finding(visible_to(actor).select_related("camera"), finding)


def lock_finding(actor: Actor, finding: int) -> Finding:
    """Return a finding with its row locked; call it inside a transaction."""
    rows = visible_to(actor).select_related("camera").select_for_update(of=("self",))
    return _the_finding(rows, finding)


def _the_finding(rows: QuerySet[Finding], finding: int) -> Finding:
    row = rows.filter(pk=finding).first()
    if row is None:
        raise NotVisible(f"没有第{finding}号抓拍，或您无权查看。请从抓拍列表进入。")
    return row


def may_see_source(actor: Actor) -> bool:
    """Return whether the actor may see where a camera's pictures come from."""
    return accounts.may(actor, Permission.MANAGE_CAMERAS)
