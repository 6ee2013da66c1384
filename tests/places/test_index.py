"""The index in memory: borders, fallbacks, roads, many points, threads."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import shapely

from chengzhi.places.rules.index import MANY, Area, Index, Line
from chengzhi.places.rules.lattice import ASK, OUTSIDE, Lattice
from chengzhi.places.types import Located
from tests.places.conftest import middle, square


@pytest.fixture
def index() -> Index:
    cells = [
        Area(shape=square(0, 0), located=Located(cell="A", grid="G", town="T", squad="S01")),
        Area(shape=square(1, 0), located=Located(cell="B", town="T", squad="S02")),
    ]
    towns = [Area(shape=square(0, 0, size=5), located=Located(town="T", squad="S09"))]
    road = shapely.LineString([middle(0, 0), middle(4, 0)])
    return Index(cells, towns, [Line(shape=road, code="R")])


def test_point_in_a_cell(index):
    assert index.locate(*middle(1, 0)) == Located(cell="B", town="T", squad="S02", road="R")


def test_point_outside_all_cells_falls_back_to_its_town(index):
    assert index.locate(*middle(3, 3)) == Located(town="T", squad="S09")


def test_point_outside_everything_is_in_nothing(index):
    assert index.locate(*middle(9, 9)) == Located()


def test_point_on_a_border_belongs_to_the_first_code(index):
    lon, lat = (121.871, 29.4605)

    assert index.locate(lon, lat).cell == "A"
    assert index.locate_many([lon], [lat]).cell.tolist() == ["A"]


def test_road_is_found_within_forty_metres_only(index):
    lon, lat = middle(2, 0)

    near = index.locate(lon, lat + 35 / 110_850)
    far = index.locate(lon, lat + 45 / 110_850)

    assert (near.road, far.road) == ("R", "")


def test_many_points_are_answered_as_one_by_one(index):
    spots = [middle(0, 0), middle(1, 0), middle(3, 3), middle(9, 9)]
    lon, lat = zip(*spots, strict=True)

    many = index.locate_many(lon, lat, roads=True)

    alone = [index.locate(*spot) for spot in spots]
    assert many.cell.tolist() == [found.cell for found in alone]
    assert many.grid.tolist() == [found.grid for found in alone]
    assert many.town.tolist() == [found.town for found in alone]
    assert many.squad.tolist() == [found.squad for found in alone]
    assert many.road.tolist() == [found.road for found in alone] == ["R", "R", "", ""]


def test_empty_index_answers_nothing():
    index = Index([])

    assert index.locate(121.0, 29.0) == Located()
    assert index.locate_many([121.0] * MANY, [29.0] * MANY).cell.tolist() == [""] * MANY


def test_not_a_number_lies_nowhere(index):
    assert index.locate_many([np.nan] * MANY, [29.46] * MANY).cell.tolist() == [""] * MANY


def jumble(seed: int) -> np.ndarray:
    """Return the polygons of a seeded Voronoi jumble, with one hole cut out."""
    dice = np.random.default_rng(seed)
    seeds = shapely.MultiPoint(dice.uniform([121, 29], [122, 30], size=(60, 2)))
    areas = shapely.get_parts(shapely.voronoi_polygons(seeds))
    areas[7] = shapely.difference(areas[7], shapely.buffer(shapely.centroid(areas[7]), 0.01))
    return areas


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_lattice_never_contradicts_the_polygons(seed):
    areas = jumble(seed)
    dice = np.random.default_rng(seed + 10)
    lon, lat = dice.uniform([120.5, 28.5], [122.5, 30.5], size=(30_000, 2)).T
    index = Index([Area(shape=s, located=Located(cell=f"{n:02d}")) for n, s in enumerate(areas)])

    found = index.locate_many(lon, lat).cell

    truth = np.full(len(lon), "", dtype=object)
    for number in range(len(areas) - 1, -1, -1):
        truth[shapely.intersects_xy(areas[number], lon, lat)] = f"{number:02d}"
    assert (found != truth).sum() == 0


def test_lattice_asks_only_near_borders():
    areas = jumble(1)
    lattice = Lattice(areas, exact=lambda lon, lat: np.zeros(len(lon), np.int64))
    dice = np.random.default_rng(5)
    lon, lat = dice.uniform([121, 29], [122, 30], size=(10_000, 2)).T

    rows = lattice.look_up(lon, lat)

    assert (rows == ASK).mean() < 0.05
    assert lattice.look_up(np.array([0.0]), np.array([0.0])).tolist() == [OUTSIDE]


def test_threads_share_one_index(index):
    lon, lat = np.tile(np.array([middle(0, 0), middle(1, 0)]), (MANY, 1)).T

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: index.locate_many(lon, lat).cell, range(8)))

    assert all(set(cells[::2]) == {"A"} and set(cells[1::2]) == {"B"} for cells in answers)
