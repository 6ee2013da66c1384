"""Cameras of the demo county, fed by rendered clips, and by real footage where there is some."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, TokenScope
from chengzhi.places.types import Point
from chengzhi.vision import interface as vision
from chengzhi.vision.types import CameraDraft, CameraFile

FOOTAGE = Path(__file__).parent / "footage"
PARKED_VAN = Path(__file__).parent / "vtest.camera.toml"
SIDES = ("东口", "西口", "南侧", "北侧")
ZONE_NAMES = {
    "kerb": "双黄线禁停区",
    "shop-front": "店门外",
    "walkway": "人行道",
    "cycles": "非机动车禁停区",
    "cycles-left": "非机动车禁停区（左）",
    "cycles-right": "非机动车禁停区（右）",
    "bins": "垃圾箱周边",
}
PRIORITIES = (6, 6, 3, 3)  # of each side: the junctions before the sides of streets
PAUSE_S = 900  # between two showings of a clip, so that the review desk is not flooded
PICTURE_S = 1.0  # how far into a clip the still is taken on which zones are drawn


def settle(*, actor: Actor, now: datetime) -> list[str]:
    """Register one camera for each rendered clip and return their codes."""
    clips = json.loads((FOOTAGE / "index.json").read_text(encoding="utf-8"))["clips"]
    spots = corners(len(clips))
    return [
        _register(
            f"C{number:03d}",
            clip=FOOTAGE / clip["file"],
            name=f"{clip['place']}{SIDES[number % 4]}",
            at=point,
            camera_file=FOOTAGE / clip["camera"],
            actor=actor,
            now=now,
        )
        for number, (clip, (road, point)) in enumerate(zip(clips, spots, strict=True), start=1)
    ]


def prioritize(*, actor: Actor, now: datetime) -> None:
    """Say which cameras are let go last; from now on a worker is expected to watch them.

    Registered two years ago and heard of for the first time today, they would count as never connected.
    """
    for side, priority in enumerate(PRIORITIES):
        codes = [
            row.code for row in vision.cameras(actor, now=now) if _number(row.code) % 4 == side
        ]
        vision.set_cost(codes, {"priority": priority}, actor=actor, now=now)


def _number(code: str) -> int:
    return int(code.removeprefix("C"))


def add_clip(clip: Path, *, actor: Actor, code: str = "") -> str:
    """Register somebody's own clip as camera, unless it is one already, and return its code.

    The clip that has a camera file beside it (same name, `.camera.toml`) gets its zones; another
    one watches the whole picture until an administrator draws its zones.
    """
    now = datetime.now(UTC)
    known = {camera.source: camera.code for camera in _sources()}
    if str(clip) in known:
        return known[str(clip)]
    number = 900 + len(known) + 1
    beside = clip.with_suffix(".camera.toml")
    chosen = beside if beside.exists() else PARKED_VAN if clip.name.endswith("vtest.avi") else None
    road, point = corners(40)[number % 40]
    return _register(
        code or f"C{number}", clip=clip, name=f"{road}-{clip.stem}", at=point, camera_file=chosen,
        actor=actor, now=now,
    )  # fmt: skip


def issue_token(*, actor: Actor) -> str:
    """Issue the camera worker's token, good for a year."""
    now = datetime.now(UTC)
    issued = accounts.issue_token(
        name="演示摄像头程序", scopes=[TokenScope.VISION], expires_at=now + timedelta(days=360),
        actor=actor, now=now,
    )  # fmt: skip
    return issued.plain


def _register(
    code: str, *, clip: Path, name: str, at: Point, camera_file: Path | None, actor: Actor,
    now: datetime,
) -> str:  # fmt: skip
    still, size = picture(clip)
    draft = CameraDraft(name=name, lon=at.lon, lat=at.lat, address=name, source=str(clip))
    vision.register_camera(code, draft, actor=actor, now=now)
    vision.set_still(code, still, name=f"{code}.jpg", size=size, actor=actor, now=now)
    wanted = _file(camera_file, size)
    options = {**wanted.options, "loop": True, "loop_pause_s": PAUSE_S}
    zones = tuple(replace(z, name=ZONE_NAMES.get(z.name, z.name)) for z in wanted.zones)
    vision.import_camera_file(
        replace(
            wanted, code=code, name=name, source=str(clip), options=options, zones=zones,
            picture=size,
        ),
        actor=actor, now=now,
    )  # fmt: skip
    return code


def _file(path: Path | None, size: tuple[int, int]) -> CameraFile:
    if path is not None:
        return vision.parse_toml(path.read_text(encoding="utf-8"))
    width, height = size
    corners = f"[[0, 0], [{width}, 0], [{width}, {height}], [0, {height}]]"
    rule = '[[zones.rules]]\nfinding = "{}"\ndwell_s = 20\n'
    return vision.parse_toml(
        '[camera]\ncode = "C900"\n'
        f'[[zones]]\nname = "全画面"\nkind = "no_parking"\npolygon = {corners}\n'
        + rule.format("motor_vehicle_parked")
        + f'[[zones]]\nname = "地面"\nkind = "pavement_clear"\npolygon = {corners}\n'
        + rule.format("object_left")
    )


def picture(clip: Path) -> tuple[bytes, tuple[int, int]]:
    """Return a JPEG of the clip's first second and the size of its pictures."""
    import io

    import av

    with av.open(str(clip)) as container:
        frames = container.decode(video=0)
        frame = next(f for f in frames if (f.time or 0.0) >= PICTURE_S or f.time is None)
        image = frame.to_image()
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue(), image.size


def _sources() -> list[Any]:
    from chengzhi.vision.models import Camera

    return list(Camera.objects.filter(code__startswith="C9"))


def corners(count: int) -> list[tuple[str, Point]]:
    """Return road names with a point on each, in the squads of the county town."""
    from chengzhi.places.models import Road

    roads = Road.objects.order_by("code")[:count]
    return [(road.name, _middle(road.line)) for road in roads]


def _middle(line: dict[str, list[list[float]]]) -> Point:
    lon, lat = line["coordinates"][len(line["coordinates"]) // 2][:2]
    return Point(lon=lon, lat=lat)
