"""What cameras may cost, for the program of an administrator: read for all, set for many at once."""

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from chengzhi.vision import commands
from chengzhi.vision.api.worker import caller
from chengzhi.vision.commands.cameras import MOST_AT_ONCE
from chengzhi.vision.queries.cameras import every_camera
from chengzhi.vision.rules.cost import LIMITS
from chengzhi.vision.types import CameraRow

router = Router(tags=["cameras"])


class CostOut(Schema):
    """A camera, the settings that decide its cost, and what it does cost."""

    code: str
    name: str
    enabled: bool
    keyframes_only: bool
    priority: int
    sample_fps: float
    snapshot_s: float
    cost_ms: float = Field(description="CPU milliseconds a second; 0 until it is measured")


def _within(name: str) -> Any:
    low, high = LIMITS[name]
    return Field(default=None, ge=low, le=high)


class CostIn(Schema):
    """What is to be set for which cameras; what is left out stays."""

    codes: list[Annotated[str, Field(max_length=64)]] = Field(min_length=1, max_length=MOST_AT_ONCE)
    keyframes_only: bool | None = Field(
        default=None, description="62 to 80 cameras a core instead of 7"
    )
    priority: int | None = _within("priority")
    sample_fps: float | None = _within("sample_fps")
    snapshot_s: float | None = _within("snapshot_s")


class CostChanged(Schema):
    """How many cameras changed; those that were so already did not."""

    changed: int


@router.get("/cost", response={200: list[CostOut]}, summary="What the cameras may and do cost")
def list_cost(request: HttpRequest) -> list[dict[str, Any]]:
    """All cameras that the caller may see, by code."""
    rows = every_camera(caller(request), now=timezone.now())
    return [_row(row) for row in rows]


@router.patch("/cost", response={200: CostChanged}, summary="Set what some cameras may cost")
def set_cost(request: HttpRequest, body: CostIn) -> dict[str, int]:
    """All or none; each camera that changes records its event."""
    told = body.dict(exclude={"codes"})
    changed = commands.set_cost(body.codes, told, actor=caller(request), now=timezone.now())
    return {"changed": changed}


def _row(row: CameraRow) -> dict[str, Any]:
    known = {"code": row.code, "name": row.name, "enabled": row.enabled, "cost_ms": row.cost_ms}
    return {**known, **row.cost}
