"""Keep what a camera knows over a restart: one JSON file, replaced as a whole.

The places of the view, those of the other views of a turning camera, where the zones lie since the
picture has shifted, how that picture usually looks, and the empty street behind what stands: with it
the same thing is seen as something new again, in the same outline.

The usual picture and the shift of the zones belong together: with another pair of them zones would be
moved twice, or not at all.
"""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

from chengzhi_vision.dwell.snapshot import pieces_of, places_of
from chengzhi_vision.fitting import misfit, read_size
from chengzhi_vision.jpeg import decoded, encoded
from chengzhi_vision.pipeline.chain import Pipeline
from chengzhi_vision.scene.ground import KnownGround
from chengzhi_vision.scene.health import KnownView
from chengzhi_vision.types import Picture
from chengzhi_vision.whole import write_whole

VERSION = 4
QUALITY = 95  # of the street: off by a grey level or two


def has_memory(pipeline: Pipeline) -> bool:
    """Tell whether there is anything that a restart must not lose."""
    known = (pipeline.places.items, *pipeline.views.values(), *pipeline.moved)
    return any(known) or _has_still(pipeline)


def _has_still(pipeline: Pipeline) -> bool:
    """Tell whether something stands before the street that is no place yet."""
    calm = pipeline.static.calm
    return calm is not None and not pipeline.presets and not bool(calm.all())


def knows_view(pipeline: Pipeline) -> bool:
    """Tell whether it is known how the picture usually looks."""
    return not pipeline.presets and pipeline.health.known() is not None


def save_memory(pipeline: Pipeline, path: Path) -> None:
    """Write what a restart must not lose."""
    views = [
        piece
        for index, (name, places) in enumerate(pipeline.views.items())
        for piece in (b", " * bool(index), json.dumps(name).encode(), b": ", *pieces_of(places))
    ]
    is_worth = bool(pipeline.places.items) or _has_still(pipeline)
    ground = json.dumps(_ground_row(pipeline) if is_worth else None)
    shift = json.dumps({"zones": _zones(pipeline), "by": list(pipeline.moved)})
    frame, usual = json.dumps(pipeline.drawing.size), json.dumps(_view_row(pipeline))
    told = f'"version": {VERSION}, "frame": {frame}, "ground": {ground}, "shift": {shift}'
    head = f'{{{told}, "usual": {usual}, "places": '.encode()
    here = pieces_of([] if pipeline.presets else pipeline.places.items)
    write_whole(path, [head, *here, b', "views": {', *views, b"}}"])


def load_memory(pipeline: Pipeline, path: Path, *, at: float) -> None:
    """Go on where a former run ended; an unreadable or older file counts as none."""
    pipeline.places.resumed_at = at
    try:
        table = json.loads(path.read_text("utf-8"))
        if table["version"] != VERSION:
            return
        here = places_of(table["places"])
        views = {name: places_of(rows) for name, rows in table["views"].items()}
        ground = _ground(table["ground"])
        size = read_size(table.get("frame"))
        dx, dy = map(float, table["shift"]["by"])
        usual = _view(table["usual"])
        is_redrawn = table["shift"]["zones"] != _zones(pipeline)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return
    if size is not None and misfit(pipeline.drawing.told, size):
        return  # of another view than the one on which the zones are drawn now
    pipeline.recall(here, views=views, ground=ground, size=size)
    if is_redrawn or pipeline.presets:
        return
    if dx or dy:
        pipeline.recall_shift(dx, dy)
    if usual is not None:
        pipeline.health.recall(usual)


def _zones(pipeline: Pipeline) -> str:
    """Return what changes when somebody draws the zones anew: then they lie where they were drawn."""
    drawn = [(zone.name, zone.polygon) for zone in pipeline.drawing.told.zones]
    return hashlib.sha256(repr(drawn).encode()).hexdigest()


def _ground_row(pipeline: Pipeline) -> dict[str, Any] | None:
    known = pipeline.known_ground()
    if known is None:
        return None
    row = {"at": known.at, "jpeg": _packed(known.picture)}
    return row | {"color": None if known.color is None else _packed(known.color)}


def _view_row(pipeline: Pipeline) -> dict[str, Any] | None:
    """Return how the picture usually looks; a turning camera knows its views by their presets."""
    known = None if pipeline.presets else pipeline.health.known()
    if known is None:
        return None
    times = {"learned_at": known.learned_at, "watched_at": known.watched_at}
    return {"jpeg": _packed(known.picture), "sharp": known.sharp, **times}


def _view(row: dict[str, Any] | None) -> KnownView | None:
    picture = None if row is None else decoded(base64.b64decode(row["jpeg"]))
    if row is None or picture is None:
        return None
    numbers = {name: float(row[name]) for name in ("sharp", "learned_at", "watched_at")}
    return KnownView(picture=picture[:, :, 0].copy(), **numbers)


def _packed(picture: Picture) -> str:
    """Return a picture as text; it is written every few seconds, and this is a tenth of a PNG."""
    return base64.b64encode(encoded(picture, quality=QUALITY)).decode("ascii")


def _ground(row: dict[str, Any] | None) -> KnownGround | None:
    if row is None:
        return None
    picture = decoded(base64.b64decode(row["jpeg"]))
    color = None if row["color"] is None else decoded(base64.b64decode(row["color"]))
    if picture is None or (color is not None and color.shape != picture.shape):
        return None
    return KnownGround(picture=picture[:, :, 0].copy(), at=float(row["at"]), color=color)
