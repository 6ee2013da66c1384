"""Points a second to a grid, and microseconds for one, over the demo county.

Protocol: a fresh SQLite database in memory, the demo county imported through the commands; seeded
points, eight in ten inside the built-up middles (around the corners of random cells), two in ten
anywhere in the county's box. Batch: one call of `places.interface.locate_many`, best of nine runs
after one warm-up. Single: `places.interface.locate` (with the road) for each of 20,000 points, the
median and the 99th percentile. Correctness: a sample is asked of every polygon one by one, without
an index, and compared code by code. The load of the machine at the start is told, and the batch by
processor time too, since a busy machine only slows the clock on the wall.
"""

import argparse
import json
import os
import statistics
import time
from datetime import UTC, datetime

os.environ.setdefault("CHENGZHI_DEMO", "1")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chengzhi.site.settings")

import django
import numpy as np
import shapely

from benchmarks.outcome import tell

BAR = ">= 300,000 points/s to a grid in batch; <= 0.2 ms single (median); 0 differences; >= 3,600 cells"
RUNS = 9
Points = tuple[np.ndarray, np.ndarray]


def main() -> int:
    """Run the protocol once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=1_000_000)
    parser.add_argument("--single", type=int, default=20_000)
    parser.add_argument("--sample", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=330225)
    options = parser.parse_args()
    codes, shapes = _county()
    lon, lat = _points(shapes, options.points, np.random.default_rng(options.seed))
    figures: dict[str, float | int | str] = {"cells": len(codes), "points": options.points}
    figures["load_1m"] = round(os.getloadavg()[0], 1)
    figures |= _batch(lon, lat)
    figures |= _single(lon[: options.single], lat[: options.single])
    figures |= _differences(codes, shapes, lon[: options.sample], lat[: options.sample])
    return tell("places", figures, bar=BAR, ok=_good(figures), seed=options.seed)


def _good(figures: dict[str, float | int | str]) -> bool:
    return (
        float(figures["batch_points_per_s"]) >= 300_000
        and float(figures["single_median_us"]) <= 200
        and figures["differences"] == 0
        and int(figures["cells"]) >= 3_600
    )


def _county() -> tuple[list[str], np.ndarray]:
    """Return the codes and shapes of the demo county's cells, once they are in the database."""
    from django.conf import settings

    settings.DATABASES["default"] = {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": ":memory:",
    }
    django.setup()
    from django.core.management import call_command

    from chengzhi.accounts.interface import system_actor
    from chengzhi.places.models import Cell
    from seed.county import load_county

    call_command("migrate", verbosity=0)
    actor = system_actor("bench", division="330225")
    load_county(actor=actor, now=datetime(2026, 11, 25, 2, 30, tzinfo=UTC))
    rows = Cell.objects.order_by("code").values_list("code", "polygon")
    shapes = shapely.from_geojson([json.dumps(polygon) for _, polygon in rows])
    return [code for code, _ in rows], shapes


def _points(shapes: np.ndarray, count: int, dice: np.random.Generator) -> Points:
    near = int(count * 0.8)
    corners = shapely.bounds(shapes[dice.integers(0, len(shapes), near)])[:, :2]
    west, south, east, north = shapely.total_bounds(shapes)
    town = corners + dice.uniform(-0.002, 0.002, size=(near, 2))
    wide = dice.uniform([west, south], [east, north], size=(count - near, 2))
    points = dice.permutation(np.vstack([town, wide]))
    return np.ascontiguousarray(points[:, 0]), np.ascontiguousarray(points[:, 1])


def _batch(lon: np.ndarray, lat: np.ndarray) -> dict[str, float | int]:
    from chengzhi.places.interface import locate_many

    locate_many(lon, lat)
    times, cpu_times = [], []
    for _ in range(RUNS):
        started, cpu_started = time.perf_counter(), time.process_time()
        found = locate_many(lon, lat)
        times.append(time.perf_counter() - started)
        cpu_times.append(time.process_time() - cpu_started)
    return {
        "batch_points_per_s": round(len(lon) / min(times)),
        "batch_points_per_cpu_s": round(len(lon) / min(cpu_times)),
        "inside": sum(1 for code in found.cell if code),
    }


def _single(lon: np.ndarray, lat: np.ndarray) -> dict[str, float]:
    from chengzhi.places.interface import locate
    from chengzhi.places.types import Point

    times = []
    for east, north in zip(lon.tolist(), lat.tolist(), strict=True):
        point = Point(lon=east, lat=north)
        started = time.perf_counter()
        locate(point)
        times.append((time.perf_counter() - started) * 1e6)
    cuts = statistics.quantiles(times, n=100)
    return {
        "single_median_us": round(statistics.median(times), 1),
        "single_p99_us": round(cuts[98], 1),
    }


def _differences(
    codes: list[str], shapes: np.ndarray, lon: np.ndarray, lat: np.ndarray
) -> dict[str, int]:
    """Count where batch or single answers differ from asking every polygon, first code first."""
    from chengzhi.places.interface import locate, locate_many
    from chengzhi.places.types import Point

    many = locate_many(lon, lat).cell
    wrong = 0
    for row, (east, north) in enumerate(zip(lon.tolist(), lat.tolist(), strict=True)):
        holding = np.flatnonzero(shapely.intersects(shapes, shapely.Point(east, north)))
        truth = codes[holding[0]] if len(holding) else ""
        single = locate(Point(lon=east, lat=north)).cell
        wrong += not (truth == single == many[row])
    return {"sample": len(lon), "differences": wrong}


if __name__ == "__main__":
    raise SystemExit(main())
