"""The views of moving cameras: for the worker, for the pages, and one of them to be changed."""

from collections.abc import Collection, Sequence

from django.db.models import QuerySet

from chengzhi.accounts.types import Actor
from chengzhi.evidence import interface as evidence
from chengzhi.kernel.errors import NotVisible
from chengzhi.vision.models import Camera, CameraHealth, Preset
from chengzhi.vision.queries.access import access_camera
from chengzhi.vision.types import PresetSpec, PresetView, ZoneSpec, ZoneView


def live_presets(camera: Camera) -> list[Preset]:
    """Return the presets in use, the home first, then by name."""
    return list(_in_use([camera.pk]))


def _in_use(cameras: Collection[int]) -> QuerySet[Preset]:
    rows = Preset.objects.filter(camera__in=cameras, retired_at__isnull=True)
    return rows.order_by("-is_home", "name", "pk")


def preset_keys(camera: Camera) -> list[int]:
    """Return the keys of the presets in use; none where the camera does not move."""
    return list(_in_use([camera.pk]).values_list("pk", flat=True))


def presets_of(cameras: Collection[int]) -> dict[int, list[Preset]]:
    """Return the presets in use of some cameras, by the camera's key."""
    found: dict[int, list[Preset]] = {}
    for row in _in_use(cameras):
        found.setdefault(row.camera_id, []).append(row)
    return found


def preset_specs(
    rows: Sequence[Preset], zones: Sequence[ZoneSpec], *, with_views: bool = True
) -> tuple[PresetSpec, ...]:
    """Return a camera's presets as its file holds them, each with the zones drawn on it."""
    return tuple(
        PresetSpec(
            name=row.name,
            view=bytes(row.view) if with_views else b"",
            zones=tuple(zone.name for zone in zones if zone.preset == row.pk),
        )
        for row in rows
    )


def preset_views(camera: Camera, zones: Sequence[ZoneView]) -> list[PresetView]:
    """Return the presets in use with their zones, the home first."""
    return _views(camera, live_presets(camera), zones)


def retired_presets(actor: Actor, code: str) -> list[PresetView]:
    """Return the retired presets of a camera, the latest first."""
    camera = access_camera(actor, code)
    rows = Preset.objects.filter(camera=camera, retired_at__isnull=False)
    return _views(camera, list(rows.order_by("-retired_at", "-pk")), ())


def _views(camera: Camera, rows: list[Preset], zones: Sequence[ZoneView]) -> list[PresetView]:
    looked = evidence.redacted_among({row.still for row in rows})
    health = CameraHealth.objects.filter(camera=camera).first()
    here = health.preset if health else ""
    return [
        PresetView(
            id=row.pk,
            name=row.name,
            still=row.still,
            still_is_sketch=row.still not in looked,
            still_at=row.still_at,
            is_home=row.is_home,
            is_here=row.retired_at is None and row.name == here,
            seen_at=row.seen_at,
            zones=[zone for zone in zones if zone.preset == row.pk],
            retired_at=row.retired_at,
            retired_reason=row.retired_reason,
        )
        for row in rows
    ]


def the_preset(camera: Camera, preset: int) -> Preset:
    """Return one of the camera's presets, in use or retired.

    :raises NotVisible: the camera has no such preset.
    """
    row = Preset.objects.filter(camera=camera, pk=preset).first()
    if row is None:
        raise NotVisible(f"摄像头{camera.code}没有这个预置位，请从清单里选。")
    return row
