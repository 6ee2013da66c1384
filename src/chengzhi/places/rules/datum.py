"""Telling the coordinate system of a file by laying its border over one that is known."""

from dataclasses import dataclass

import numpy as np
import shapely

from chengzhi.places.rules.features import in_wgs84
from chengzhi.places.rules.measure import in_metres
from chengzhi.places.types import DATUM_LABELS, Datum

STEP = 50.0  # metres between the points laid along the border
NEAR = 2000.0  # points farther than this from the known border say nothing
FEWEST = 20
CLOSE = 150.0  # the shift between the systems is 300 to 700 metres in China
CLEAR = 2.0  # how many times closer the best must be than the next


@dataclass(frozen=True, kw_only=True)
class Fit:
    """How far a border lies from the known one, read in each system (median metres)."""

    metres: dict[Datum, float]
    best: Datum | None  # None when the borders do not tell

    def sentence(self) -> str:
        """Return the distances for a person."""
        parts = [f"按{DATUM_LABELS[d]}相距{m:.0f}米" for d, m in self.metres.items()]
        return "与已知边界比对：" + "，".join(parts)


def fit(shape: shapely.Geometry, *, known: shapely.Geometry | None) -> Fit:
    """Return how a shape in unknown degrees lies against a known one in WGS-84."""
    if known is None or shapely.is_empty(known) or shapely.is_empty(shape):
        return Fit(metres={}, best=None)
    lat = shapely.get_coordinates(known)[:, 1].mean()
    border = shapely.boundary(in_metres(known, lat=lat))
    shapely.prepare(border)
    metres = {
        datum: _apart(in_metres(in_wgs84(shape, source=datum), lat=lat), border) for datum in Datum
    }
    return Fit(metres={d: m for d, m in metres.items() if np.isfinite(m)}, best=_best(metres))


def _apart(shape: shapely.Geometry, border: shapely.Geometry) -> float:
    along = shapely.get_coordinates(shapely.segmentize(shapely.boundary(shape), STEP))
    metres = shapely.distance(shapely.points(along), border)
    near = np.asarray(metres)[np.asarray(metres) < NEAR]
    return float(np.median(near)) if len(near) >= FEWEST else float("inf")


def _best(metres: dict[Datum, float]) -> Datum | None:
    ranked = sorted(metres, key=metres.__getitem__)
    closest, following = metres[ranked[0]], metres[ranked[1]]
    return ranked[0] if closest <= CLOSE and following >= CLEAR * max(closest, 1.0) else None


def question(found: Fit, stated: Datum | None) -> str:
    """Return why the file cannot be read yet, with the cure; empty when it can."""
    if stated is not None or found.best is Datum.WGS84:
        return ""
    if found.best is None:
        why = f"{found.sentence()}，不能判断" if found.metres else "附近也没有可以比对的已知边界"
        return f"文件没有注明坐标系，{why}。请选择坐标系（crs=wgs84、gcj02或bd09）后再导入。"
    return (
        f"坐标系可疑：{found.sentence()}。看来是{DATUM_LABELS[found.best]}。"
        f"请确认后选择crs={found.best.value}，导入时会转换为WGS-84。"
    )


def doubt(found: Fit, stated: Datum | None) -> str:
    """Return a warning when what was stated contradicts the borders; empty when it does not."""
    if stated is None or found.best is None or found.best is stated:
        return ""
    return (
        f"注明的坐标系是{DATUM_LABELS[stated]}，但{found.sentence()}，"
        f"更像{DATUM_LABELS[found.best]}。请核对。"
    )
