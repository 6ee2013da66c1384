"""The views of a moving camera, for the program that turns it."""

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Schema, Status

from chengzhi.vision import commands
from chengzhi.vision.api.worker import caller, router
from chengzhi.vision.queries.cameras import camera_detail
from chengzhi.vision.rules.presets import NAME_LIMIT, REASON_LIMIT
from chengzhi.vision.types import PresetView


class PresetOut(Schema):
    """One view: its name is what the worker says in its heartbeat while the camera stands there."""

    id: int
    name: str
    is_home: bool
    is_here: bool = Field(description="the camera stood there when it last spoke")
    seen_at: datetime | None
    still: str = Field(description="SHA-256 of the reference picture")
    still_at: datetime
    zones: list[str]


class PresetNameIn(Schema):
    """A name nobody else of the camera's presets has."""

    name: str = Field(max_length=NAME_LIMIT)


class PresetChangeIn(Schema):
    """What is to change; what is left out stays."""

    name: str | None = Field(default=None, max_length=NAME_LIMIT)
    is_home: bool = Field(default=False, description="true makes it the home")
    renew: bool = Field(default=False, description="true takes the camera's picture of now")


class PresetRetireIn(Schema):
    """Why nobody needs it any more."""

    reason: str = Field(max_length=REASON_LIMIT)


@router.get(
    "/cameras/{code}/presets", response={200: list[PresetOut]}, summary="A camera's presets in use"
)
def list_presets(request: HttpRequest, code: str) -> list[PresetOut]:
    """The home first; an empty list means that the camera does not move."""
    return _listed(request, code)


@router.post(
    "/cameras/{code}/presets",
    response={201: PresetOut},
    summary="Make the camera's picture of now a preset",
)
def add_preset(request: HttpRequest, code: str, body: PresetNameIn) -> Status[PresetOut]:
    """Answer 422 while the picture of now is another preset's."""
    key = commands.add_preset(code, name=body.name, actor=caller(request), now=timezone.now())
    return Status(201, _one(request, code, key))


@router.patch(
    "/cameras/{code}/presets/{preset}",
    response={200: PresetOut},
    summary="Rename a preset, make it the home, or renew its picture",
)
def change_preset(request: HttpRequest, code: str, preset: int, body: PresetChangeIn) -> PresetOut:
    """All that is asked or nothing; each change is an event of its own."""
    commands.change_preset(
        code,
        preset,
        name=body.name,
        is_home=body.is_home,
        is_renewed=body.renew,
        actor=caller(request),
        now=timezone.now(),
    )
    return _one(request, code, preset)


@router.post(
    "/cameras/{code}/presets/{preset}/retire",
    response={200: list[PresetOut]},
    summary="Retire a preset for a reason; answer with those that remain",
)
def retire_preset(
    request: HttpRequest, code: str, preset: int, body: PresetRetireIn
) -> list[PresetOut]:
    """Answer 409 while zones are drawn on it, or it is the home, and there are others."""
    commands.retire_preset(
        code, preset, reason=body.reason, actor=caller(request), now=timezone.now()
    )
    return _listed(request, code)


def _listed(request: HttpRequest, code: str) -> list[PresetOut]:
    shown = camera_detail(caller(request), code, now=timezone.now())
    return [_out(preset) for preset in shown.presets]


def _one(request: HttpRequest, code: str, preset: int) -> PresetOut:
    return next(row for row in _listed(request, code) if row.id == preset)


def _out(preset: PresetView) -> PresetOut:
    return PresetOut(**{**vars(preset), "zones": [zone.name for zone in preset.zones]})
