"""BD-09MC, the metres of Baidu's map, back into BD-09 degrees (inverse of its banded projection).

Each band of northing has its own polynomial: degrees of longitude follow linearly from easting,
degrees of latitude from the sixth-degree polynomial in the northing scaled to the band.
"""

from dataclasses import dataclass
from math import isfinite

MOST_EAST, MOST_NORTH = 20_037_508.34, 12_890_594.0  # 75° north


@dataclass(frozen=True)
class Band:
    """The coefficients of one band, which begins at a northing in metres."""

    begins: float
    scale: float
    east: tuple[float, float]
    north: tuple[float, ...]


BANDS = (
    Band(8362377.87, 10260144.86, (-7.435856389565537e-9, 0.000008983055097726239),
         (-0.78625201886289, 96.32687599759846, -1.85204757529826, -59.36935905485877,
          47.40033549296737, -16.50741931063887, 2.28786674699375)),
    Band(5591021.0, 6856817.37, (-3.030883460898826e-8, 0.00000898305509983578),
         (0.30071316287616, 59.74293618442277, 7.357984074871, -25.38371002664745,
          13.45380521110908, -3.29883767235584, 0.32710905363475)),
    Band(3481989.83, 4482777.06, (-1.981981304930552e-8, 0.000008983055099779535),
         (0.03278182852591, 40.31678527705744, 0.65659298677277, -4.44255534477492,
          0.85341911805263, 0.12923347998204, -0.04625736007561)),
    Band(1678043.12, 2555164.4, (3.09191371068437e-9, 0.000008983055096812155),
         (0.00006995724062, 23.10934304144901, -0.00023663490511, -0.6321817810242,
          -0.00663494467273, 0.03430082397953, -0.00466043876332)),
    Band(0.0, 826088.5, (2.890871144776878e-9, 0.000008983055095805407),
         (-0.00000003068298, 7.47137025468032, -0.00000353937994, -0.02145144861037,
          -0.00001234426596, 0.00010322952773, -0.00000323890364)),
)  # fmt: skip


def bd09_from_metres(x: float, y: float) -> tuple[float, float] | None:
    """Return BD-09 degrees of BD-09MC metres; None where no such place exists."""
    if not (isfinite(x) and isfinite(y) and abs(x) <= MOST_EAST and abs(y) <= MOST_NORTH):
        return None
    band = next(band for band in BANDS if abs(y) >= band.begins)
    lon = band.east[0] + band.east[1] * abs(x)
    scaled = abs(y) / band.scale
    lat = sum(factor * scaled**power for power, factor in enumerate(band.north))
    return (lon if x >= 0 else -lon), (lat if y >= 0 else -lat)
