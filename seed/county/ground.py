"""Cutting the sketch into faces: one planar graph, so that neighbors share every point."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

from chengzhi.places.rules.measure import scales
from seed.county.sketch import ISLANDS, MAINLAND, TOWNS, Town

MIDDLE = 29.4  # the latitude whose metres are used throughout
SCALE = np.array(scales(MIDDLE))
GRAIN = 0.05  # metres: the graph's finest step
BLOCK = 100.0  # metres: a unit grid is about 10,000 square metres (GB/T 47678.3)
SHAKE = 16.0  # metres by which street corners leave the lattice
Points = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Lattice:
    """The built-up middle of a town: a shaken lattice of corners, and the blocks it uses."""

    town: Town
    corners: Points  # (rows, columns, 2)
    used: list[tuple[int, int]]

    def block(self, row: int, column: int) -> shapely.Geometry:
        """Return one block."""
        c = self.corners
        return shapely.Polygon(
            [c[row, column], c[row, column + 1], c[row + 1, column + 1], c[row + 1, column]]
        )


@dataclass(frozen=True, kw_only=True)
class Face:
    """One unit grid in metres, of a town, in its middle or around it."""

    town: str
    shape: shapely.Geometry
    urban: bool


@dataclass(frozen=True, kw_only=True)
class Ground:
    """The county cut into faces, and the lattices that streets follow."""

    faces: list[Face]
    lattices: list[Lattice] = field(default_factory=list)


def metres(degrees: Iterable[tuple[float, float]]) -> Points:
    """Return points in metres on our plane."""
    return np.asarray(np.asarray(list(degrees)) * SCALE)


def cut(seed: int) -> Ground:
    """Return the county cut into faces."""
    dice = np.random.default_rng(seed)
    coast = _coast(metres(MAINLAND), dice)
    islands = {code: _coast(metres(line), dice) for code, line in ISLANDS.items()}
    towns = _towns(coast, islands, dice)
    lattices = [_lattice(town, towns[town.code], dice) for town in TOWNS]
    lines: list[shapely.Geometry] = [shapely.boundary(shape) for shape in towns.values()]
    lines += [shapely.boundary(lat.block(*spot)) for lat in lattices for spot in lat.used]
    lines += [_rural_lines(town, towns[town.code], dice) for town in TOWNS]
    return Ground(faces=_faces(lines, towns, lattices), lattices=lattices)


def _coast(corners: Points, dice: np.random.Generator) -> shapely.Geometry:
    """Return the island that a line drawn by hand becomes once it is rough."""
    closed = np.vstack([corners, corners[:1]])
    ring = shapely.Polygon(_roughened(closed, dice, bend=0.14))
    return _largest(shapely.make_valid(ring))


def _roughened(
    corners: Points, dice: np.random.Generator, *, bend: float, rounds: int = 3
) -> Points:
    """Roughen a line: each round halves its edges and shifts their middles sideways."""
    for _ in range(rounds):
        along = np.diff(corners, axis=0)
        across = np.column_stack([-along[:, 1], along[:, 0]])
        shift = dice.uniform(-bend, bend, size=(len(along), 1))
        between = corners[:-1] + along / 2 + across * shift
        mixed = np.stack([corners[:-1], between], axis=1).reshape(-1, 2)
        corners = np.vstack([mixed, corners[-1:]])
    return corners


def _towns(
    coast: shapely.Geometry, islands: dict[str, shapely.Geometry], dice: np.random.Generator
) -> dict[str, shapely.Geometry]:
    """Return the towns: around each centre what is nearest to it, with roughened borders."""
    inland = [town for town in TOWNS if town.code not in islands]
    middles = metres((town.lon, town.lat) for town in inland)
    edges = shapely.voronoi_polygons(
        shapely.MultiPoint(middles), extend_to=coast, only_edges=True, ordered=False
    )
    bent = [
        shapely.LineString(_roughened(shapely.get_coordinates(edge), dice, bend=0.06))
        for edge in shapely.get_parts(edges)
    ]
    graph = shapely.union_all([*bent, shapely.boundary(coast)])
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(graph)))
    spots = shapely.get_coordinates(shapely.point_on_surface(faces))
    owner = np.argmin(np.linalg.norm(spots[:, None] - middles[None], axis=2), axis=1)
    inside = shapely.within(shapely.points(spots), coast)
    towns = {
        town.code: _largest(shapely.union_all(faces[(owner == row) & inside]))
        for row, town in enumerate(inland)
    }
    return {**towns, **islands}


def _largest(shape: shapely.Geometry) -> shapely.Geometry:
    parts: list[shapely.Geometry] = list(shapely.get_parts(shape))
    return max(parts, key=lambda part: float(shapely.area(part)))


def _lattice(town: Town, shape: shapely.Geometry, dice: np.random.Generator) -> Lattice:
    """Lay a turned lattice over a town and use the blocks nearest its middle."""
    size = int(np.sqrt(town.blocks) * 1.9) + 4
    steps = (np.arange(size + 1) - size / 2) * BLOCK
    x, y = np.meshgrid(steps, steps)
    turn = np.radians(town.turn)
    flat = np.stack([x, y], axis=-1) + dice.uniform(-SHAKE, SHAKE, size=(*x.shape, 2))
    turned = flat @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    corners = np.round((turned + metres([(town.lon, town.lat)])[0]) / GRAIN) * GRAIN
    lattice = Lattice(town=town, corners=corners, used=[])
    inner = shapely.buffer(shape, -BLOCK)
    shapely.prepare(inner)
    spots = [(row, column) for row in range(size) for column in range(size)]
    lobes = dice.uniform(0, 2 * np.pi, size=2)
    spots.sort(key=lambda spot: (_far(spot, size, lobes), spot))
    fit = [spot for spot in spots if shapely.covers(inner, lattice.block(*spot))]
    lattice.used.extend(fit[: town.blocks])
    return lattice


def _far(spot: tuple[int, int], size: int, lobes: Points) -> float:
    """Return how far out a block lies; built-up middles have lobes, they are no circles."""
    north, east = spot[0] - (size - 1) / 2, spot[1] - (size - 1) / 2
    angle = np.arctan2(north, east)
    lobe = 1 + 0.16 * np.cos(2 * angle + lobes[0]) + 0.12 * np.cos(3 * angle + lobes[1])
    return float(np.hypot(north, east) / lobe)


def _rural_lines(
    town: Town, shape: shapely.Geometry, dice: np.random.Generator
) -> shapely.Geometry:
    west, south, east, north = shapely.bounds(shape)
    tries = dice.uniform([west, south], [east, north], size=(400, 2))
    inside = tries[shapely.contains_xy(shape, tries[:, 0], tries[:, 1])][: town.rural]
    lines = shapely.voronoi_polygons(shapely.MultiPoint(inside), extend_to=shape, only_edges=True)
    return shapely.intersection(lines, shape)


def _faces(
    lines: list[shapely.Geometry],
    towns: dict[str, shapely.Geometry],
    lattices: list[Lattice],
) -> list[Face]:
    """Return the faces of all lines noded together; crumbs inside blocks join their block."""
    graph = shapely.set_precision(shapely.union_all(lines), GRAIN)
    cells = shapely.get_parts(shapely.polygonize(shapely.get_parts(graph)))
    inner = shapely.point_on_surface(cells)
    owner = _owner(inner, list(towns.values()))
    blocks = [lat.block(*spot) for lat in lattices for spot in lat.used]
    block = _owner(inner, blocks)
    codes = list(towns)
    faces = [
        Face(town=codes[owner[rows[0]]], shape=_joined(cells[rows]), urban=True)
        for number in range(len(blocks))
        if len(rows := np.flatnonzero(block == number))
    ]
    rural = [
        Face(town=codes[owner[row]], shape=cells[row], urban=False)
        for row in np.flatnonzero((block < 0) & (owner >= 0))
    ]
    return faces + _without_crumbs(rural)


def _owner(points: NDArray[np.object_], areas: list[shapely.Geometry]) -> NDArray[np.int64]:
    owner = np.full(len(points), -1, np.int64)
    asked, area = shapely.STRtree(areas).query(points, predicate="within")
    owner[asked[::-1]] = area[::-1]
    return owner


def _joined(parts: NDArray[np.object_]) -> shapely.Geometry:
    joined = shapely.coverage_union_all(parts)
    return shapely.get_parts(joined)[0] if shapely.get_num_geometries(joined) == 1 else joined


SMALLEST = 40_000.0  # square metres: smaller rural faces join the neighbor they share most with


def _without_crumbs(faces: list[Face]) -> list[Face]:
    faces = sorted(faces, key=lambda face: -shapely.area(face.shape))
    kept = [face for face in faces if shapely.area(face.shape) >= SMALLEST]
    for crumb in faces[len(kept) :]:
        shared = [
            shapely.length(shapely.intersection(crumb.shape, face.shape))
            if face.town == crumb.town
            else 0.0
            for face in kept
        ]
        best = int(np.argmax(shared))
        if shared[best] > 0:
            union = shapely.coverage_union_all([kept[best].shape, crumb.shape])
            kept[best] = Face(town=crumb.town, shape=union, urban=False)
        else:
            kept.append(crumb)
    return kept
