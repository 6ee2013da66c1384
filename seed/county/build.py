"""Draws the demo county from the sketch and writes data/: `python -m seed.county.build`."""

import csv
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from chengzhi.places.rules.codes import cell_code
from chengzhi.places.rules.numbering import numbered
from seed.county.ground import BLOCK, SCALE, Face, Ground, Lattice, cut, metres
from seed.county.sketch import (
    AUTHORITIES,
    COMMUNITY_NAMES,
    COMPONENT_COUNT,
    COMPONENTS,
    COUNTY,
    HIGHWAYS,
    STREETS,
    TOWNS,
    Town,
)

DATA = Path(__file__).parent / "data"
SEED = 330225
BLOCKS_PER_COMMUNITY = 75
BLOCKS_PER_BEAT = 34
DECIMALS = 6  # a decimetre
FIRST_COMMUNITY = 901
Feature = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A unit grid with its code."""

    code: str
    shape: shapely.Geometry
    urban: bool


def main() -> None:
    """Write every file of the county's geography."""
    ground = cut(SEED)
    dice = np.random.default_rng(SEED + 1)
    communities = _communities(ground, dice)
    cells = [cell for members in communities.values() for cell in _numbered(*members)]
    names = {code: name for code, (_, name, _) in communities.items()}
    DATA.mkdir(exist_ok=True)
    _write("divisions.geojson", _divisions(cells, names))
    _write("cells.geojson", (_feature(cell.shape, code=cell.code) for cell in cells))
    _write("grids.geojson", _grids(cells))
    _write("roads.geojson", _roads(ground, dice))
    _write_components(cells, dice)


def _communities(
    ground: Ground, dice: np.random.Generator
) -> dict[str, tuple[str, str, list[Face]]]:
    """Return (code, name, faces) by community code: blocks in clusters, and one rural community."""
    communities = {}
    for town in TOWNS:
        urban = [face for face in ground.faces if face.town == town.code and face.urban]
        rural = [face for face in ground.faces if face.town == town.code and not face.urban]
        groups = [*_clusters(urban, dice), rural]
        names = dice.permutation(COMMUNITY_NAMES)
        for number, faces in enumerate(groups):
            code = f"{town.code}{FIRST_COMMUNITY + number}"
            kind = "村" if faces is rural else "社区"
            communities[code] = (code, f"{names[number % len(names)]}{kind}", faces)
    return communities


def _clusters(faces: list[Face], dice: np.random.Generator) -> list[list[Face]]:
    count = max(1, round(len(faces) / BLOCKS_PER_COMMUNITY))
    middles = _middles([face.shape for face in faces])
    labels = _labels(middles, count, dice)
    return [[faces[row] for row in np.flatnonzero(labels == label)] for label in range(count)]


def _labels(points: np.ndarray, count: int, dice: np.random.Generator) -> np.ndarray:
    """Return which of `count` clusters each point is in (Lloyd's rounds from seeded starts)."""
    middles = points[dice.choice(len(points), count, replace=False)]
    for _ in range(25):
        labels = np.argmin(np.linalg.norm(points[:, None] - middles[None], axis=2), axis=1)
        middles = np.array([points[labels == label].mean(axis=0) for label in range(count)])
    return labels


def _middles(shapes: list[shapely.Geometry]) -> np.ndarray:
    middles = shapely.centroid(np.asarray(shapes, dtype=object))
    return np.column_stack([shapely.get_x(middles), shapely.get_y(middles)])


def _numbered(code: str, name: str, faces: list[Face]) -> list[Cell]:
    degrees = _middles([face.shape for face in faces]) / SCALE
    order = numbered(degrees[:, 0], degrees[:, 1], row_metres=BLOCK if faces[0].urban else 2000)
    cells = [
        Cell(code=cell_code(code, int(sequence)), shape=face.shape, urban=face.urban)
        for face, sequence in zip(faces, order, strict=True)
    ]
    return sorted(cells, key=lambda cell: cell.code)


def _divisions(cells: list[Cell], names: dict[str, str]) -> list[Feature]:
    county = _union(cells)
    features = [_feature(county, code=COUNTY[0], name=COUNTY[1])]
    for town in TOWNS:
        members = [cell for cell in cells if cell.code.startswith(town.code)]
        squad = {"squad": town.squad}
        features.append(_feature(_union(members), code=town.code, name=town.name, **squad))
    groups: dict[str, list[Cell]] = defaultdict(list)
    for cell in cells:
        groups[cell.code[:12]].append(cell)
    features += [
        _feature(_union(members), code=code, name=names[code])
        for code, members in sorted(groups.items())
    ]
    return features


def _union(cells: list[Cell]) -> shapely.Geometry:
    return shapely.coverage_union_all([cell.shape for cell in cells])


def _grids(cells: list[Cell]) -> list[Feature]:
    features = []
    for town in TOWNS:
        own = [cell for cell in cells if cell.code.startswith(town.code)]
        for number, beat in enumerate(_beats(own), start=1):
            name = (
                f"{town.name[:-2] if town.name.endswith('街道') else town.name[:-1]}{number:02d}格"
            )
            named = {"cells": [cell.code for cell in beat], "squad": town.squad}
            features.append(_feature(None, code=f"{town.code}{number:03d}", name=name, **named))
    return features


def _beats(cells: list[Cell]) -> list[list[Cell]]:
    groups: dict[str, list[Cell]] = defaultdict(list)
    for cell in cells:
        groups[cell.code[:12]].append(cell)
    beats = []
    for _, members in sorted(groups.items()):
        count = round(len(members) / BLOCKS_PER_BEAT) if members[0].urban else 1
        eastward = sorted(members, key=lambda cell: shapely.centroid(cell.shape).x)
        parts = np.array_split(np.arange(len(members)), max(1, count))
        beats += [sorted((eastward[i] for i in part), key=lambda c: c.code) for part in parts]
    return beats


def _roads(ground: Ground, dice: np.random.Generator) -> list[Feature]:
    lattices = {lattice.town.code: lattice for lattice in ground.lattices}
    lines = [
        (name, line)
        for code, names in STREETS.items()
        for name, line in _streets(lattices[code], names)
    ]
    by_code = {town.code: town for town in TOWNS}
    built = shapely.union_all([face.shape for face in ground.faces if face.urban])
    for name, codes in HIGHWAYS:
        whole = _highway([by_code[code] for code in codes], dice)
        lines.append((name, shapely.difference(whole, built)))  # streets take over in the middles
    return [
        _feature(line, code=f"{COUNTY[0]}{number:04d}", name=name)
        for number, (name, line) in enumerate(lines, start=1)
    ]


def _streets(lattice: Lattice, names: Iterable[str]) -> Iterable[tuple[str, shapely.Geometry]]:
    """Lay streets along the lattice, every third line, by turns across and along."""
    rows = sorted({row for row, _ in lattice.used})
    columns = sorted({column for _, column in lattice.used})
    across = _spread(rows)
    along = _spread(columns)
    for number, name in enumerate(names):
        line, index = (across, number // 2) if number % 2 == 0 else (along, number // 2)
        at = line[index % len(line)]
        spots = (
            [(at, column) for column in columns if (at, column) in lattice.used]
            if line is across
            else [(row, at) for row in rows if (row, at) in lattice.used]
        )
        yield name, shapely.LineString([lattice.corners[spot] for spot in spots])


def _spread(lines: list[int]) -> list[int]:
    """Return every third line, from the middle outward."""
    middle = lines[len(lines) // 2]
    return sorted(lines[1:-1][::3], key=lambda line: (abs(line - middle), line))


def _highway(towns: list[Town], dice: np.random.Generator) -> shapely.LineString:
    corners = metres((town.lon, town.lat) for town in towns)
    points = [corners[0]]
    for start, end in zip(corners[:-1], corners[1:], strict=True):
        across = np.array([start[1] - end[1], end[0] - start[0]])
        for share in (0.25, 0.5, 0.75):
            points.append(start + (end - start) * share + across * dice.uniform(-0.06, 0.06))
        points.append(end)
    return shapely.LineString(points)


def _write_components(cells: list[Cell], dice: np.random.Generator) -> None:
    urban = [cell for cell in cells if cell.urban]
    shares = np.array([share for _, share, *_ in COMPONENTS])
    kinds = dice.choice(len(COMPONENTS), COMPONENT_COUNT, p=shares / shares.sum())
    spots = dice.choice(len(urban), COMPONENT_COUNT)
    rows = [
        _component(COMPONENTS[kind], urban[spot], dice)
        for kind, spot in zip(sorted(kinds), spots, strict=True)
    ]
    path = DATA / "components.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _component(
    kind: tuple[str, float, str, str, str], cell: Cell, dice: np.random.Generator
) -> dict[str, str]:
    type_code, _, authority, owner, maintainer = kind
    middle = shapely.get_coordinates(shapely.centroid(cell.shape))[0]
    lon, lat = (middle + dice.uniform(-30, 30, size=2)) / SCALE
    state = dice.choice(["intact", "damaged", "abandoned"], p=[0.965, 0.03, 0.005])
    return {
        "type_code": type_code,
        "lon": f"{lon:.{DECIMALS}f}",
        "lat": f"{lat:.{DECIMALS}f}",
        "authority_code": authority,
        "authority_name": AUTHORITIES[authority],
        "owner_code": owner,
        "owner_name": AUTHORITIES.get(owner, ""),
        "maintainer_code": maintainer,
        "maintainer_name": AUTHORITIES.get(maintainer, ""),
        "status": str(state),
        "initial_on": f"20{dice.integers(14, 24)}{dice.integers(1, 13):02d}{dice.integers(1, 29):02d}",
        "source": str(dice.choice(["survey", "topographic_map"], p=[0.8, 0.2])),
    }


def _feature(shape: shapely.Geometry | None, **properties: Any) -> Feature:
    geometry = None if shape is None else _geometry(shape)
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _geometry(shape: shapely.Geometry) -> dict[str, Any]:
    degrees = shapely.transform(shape, lambda xy: np.round(xy / SCALE, DECIMALS))
    return dict(json.loads(shapely.to_geojson(degrees)))


def _write(name: str, features: Iterable[Feature]) -> None:
    """Write a feature collection, one feature a line, so that a change is readable."""
    lines = [json.dumps(feature, ensure_ascii=False, separators=(",", ":")) for feature in features]
    text = '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"
    (DATA / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
