"""A camera that turns between two views: its clip, its presets, and the zones of each."""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from chengzhi.accounts.types import Actor
from chengzhi.vision import interface as vision
from chengzhi.vision.types import CameraDraft, ZoneSpec
from seed.cameras import FOOTAGE, PAUSE_S, ZONE_NAMES, corners, picture

CODE = "C007"
VIEWS = (("店前西向", "goods_out"), ("路口东向", "vehicle_parked"))
#: Rules that the two clips can meet; the rest of their zones would say the same twice.
KINDS = ("kerb", "shop-front")
PLACE = 17  # which of the county's roads


def settle(*, actor: Actor, now: datetime) -> str:
    """Register the camera, make each view a preset, draw its zones, and return the code."""
    clip = _turning_clip()
    road, at = corners(PLACE + 1)[PLACE]
    draft = CameraDraft(
        name=f"{road}球机", lon=at.lon, lat=at.lat, address=road, source=str(clip),
        options={"loop": True, "loop_pause_s": PAUSE_S, "keyframes_only": True},
    )  # fmt: skip
    vision.register_camera(CODE, draft, actor=actor, now=now)
    zones = [zone for name, clip in VIEWS for zone in _view(name, clip, actor=actor, now=now)]
    vision.save_plan(CODE, tuple(zones), perspective=None, size=None, actor=actor, now=now)
    return CODE


def _view(name: str, clip: str, *, actor: Actor, now: datetime) -> Iterator[ZoneSpec]:
    still, size = picture(FOOTAGE / f"{clip}.mp4")
    vision.set_still(CODE, still, name=f"{CODE}.jpg", size=size, actor=actor, now=now)
    preset = vision.add_preset(CODE, name=name, actor=actor, now=now)
    file = vision.parse_toml((FOOTAGE / f"{clip}.camera.toml").read_text(encoding="utf-8"))
    for zone in file.zones:
        if zone.name in KINDS:
            yield replace(zone, name=f"{ZONE_NAMES[zone.name]}（{name[-2:]}）", preset=preset)


def _turning_clip() -> Path:
    """Join the clips of the views, packet by packet, as the camera would stand at one, then turn."""
    import av

    path = Path(os.environ.get("CHENGZHI_STATE", "var")).resolve() / f"{CODE}.mp4"
    with av.open(str(path), "w") as target:
        stream, end = None, 0
        for _, clip in VIEWS:
            with av.open(str(FOOTAGE / f"{clip}.mp4")) as source:
                (video,) = source.streams.video
                stream = stream or target.add_stream_from_template(video)
                end = _append(target, stream, source.demux(video), start=end)
    return path


def _append(target, stream, packets, *, start: int) -> int:  # type: ignore[no-untyped-def]
    """Write packets behind what is there and return where they end."""
    end = start
    for packet in packets:
        if packet.dts is not None:
            packet.pts, packet.dts = packet.pts + start, packet.dts + start
            end = max(end, packet.pts + packet.duration)
            packet.stream = stream
            target.mux(packet)
    return end
