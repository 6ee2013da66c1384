"""What to draw over the originals, apart from them: as data and as a transparent drawing."""

from __future__ import annotations

from typing import Any

from chengzhi_vision.alarms import Alarm
from chengzhi_vision.config import Camera
from chengzhi_vision.fitting import fitted

ZONE, BOX = "#d9480f", "#e03131"


def overlay_of(alarm: Alarm, camera: Camera) -> dict[str, Any]:
    """Return zone and box in pixels of the frames that were judged, and how large those are."""
    finding = alarm.finding
    polygons = {zone.name: zone.polygon for zone in fitted(camera, finding.frame).zones}
    return {
        "frame": list(finding.frame),
        "zone": finding.zone,
        "polygon": [list(point) for point in polygons.get(finding.zone, ())],
        "bbox": finding.box.rounded(),
        "kind": finding.kind,
        "score": round(finding.score, 4),
    }


def drawing_of(overlay: dict[str, Any]) -> str:
    """Return the same as SVG, to be laid over any of the stills; it holds no text of people."""
    (width, height), (x, y, w, h) = overlay["frame"], overlay["bbox"]
    points = " ".join(f"{px:g},{py:g}" for px, py in overlay["polygon"])
    line = max(round(width / 400), 1)
    shapes = [
        f'<polygon points="{points}" fill="none" stroke="{ZONE}" stroke-width="{line}"/>'
        if points
        else "",
        f'<rect x="{x}" y="{y}" width="{w}" height="{h}" fill="none" stroke="{BOX}" '
        f'stroke-width="{2 * line}"/>'
        if w and h
        else "",
    ]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
    return "\n".join([head, *filter(None, shapes), "</svg>\n"])
