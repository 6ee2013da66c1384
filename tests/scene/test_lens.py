"""The camera's geometry: where a point of the street falls on the picture."""

import pytest

from tools.scene.streetscene.hulls import HULLS, hull
from tools.scene.streetscene.lens import placed, project, zone_polygon
from tools.scene.streetscene.types import Lens, Pose, Zone

LENS = Lens(pos=(0.0, 2.0, 10.0), at=(0.0, 2.0, 0.0), fov=90.0, size=(800, 400))


def test_the_point_looked_at_falls_on_the_middle() -> None:
    assert project(LENS, [(0.0, 2.0, 0.0)]) == [(400.0, 200.0)]


def test_a_meter_shrinks_with_distance() -> None:
    (near_x, _), (far_x, _) = project(LENS, [(1.0, 2.0, 5.0), (1.0, 2.0, 0.0)])

    assert near_x == pytest.approx(440)
    assert far_x == pytest.approx(420)


def test_points_behind_the_camera_are_left_out() -> None:
    assert project(LENS, [(0.0, 2.0, 11.0)]) == []


def test_a_quarter_turn_to_the_left_points_away_from_the_viewer() -> None:
    pose = Pose(x=1.0, y=0.0, z=0.0, heading=1.5707963267948966, phase=0.0, mode="stand")

    (x, _, z) = placed([(2.0, 0.0, 0.0)], pose)[0]

    assert x == pytest.approx(1.0)
    assert z == pytest.approx(-2.0)


def test_a_zone_is_cut_at_the_edge_of_the_picture() -> None:
    ground = ((-40.0, 0.0), (40.0, 0.0), (40.0, 5.0), (-40.0, 5.0))
    zone = Zone(name="kerb", kind="no_parking", ground=ground, y=0.0, rules=())

    corners = zone_polygon(LENS, zone)

    assert all(0 <= x <= 800 and 0 <= y <= 400 for x, y in corners)


def test_a_zone_out_of_sight_is_refused() -> None:
    ground = ((90.0, 0.0), (95.0, 0.0), (95.0, 5.0), (90.0, 5.0))
    zone = Zone(name="kerb", kind="no_parking", ground=ground, y=0.0, rules=())

    with pytest.raises(ValueError, match="kerb lies outside the picture"):
        zone_polygon(LENS, zone)


def test_a_zone_on_a_wall_stands_upright() -> None:
    front = ((-1.0, 1.0), (1.0, 1.0), (1.0, 3.0), (-1.0, 3.0))
    zone = Zone(name="facade", kind="facade_clear", ground=front, y=0.0, wall_z=0.0, rules=())

    corners = {(x, y) for x, y in zone_polygon(LENS, zone)}

    assert corners == {(380, 220), (420, 220), (420, 180), (380, 180)}


@pytest.mark.parametrize("kind", sorted(set(HULLS) - {"banner"}))
def test_every_hull_stands_on_the_ground_and_has_a_size(kind: str) -> None:
    look = {"body": "sedan"} if kind == "car" else {"machine": "ebike"} if kind == "ridden" else {}

    points = hull(kind, look)

    assert min(y for _, y, _ in points) == pytest.approx(0.0, abs=0.03)
    assert max(y for _, y, _ in points) > 0.2
