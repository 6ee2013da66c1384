"""What is hidden: every face and plate, and the place of one that was not found."""

import pytest

from chengzhi_redaction.policy import SURE_PLATE, band_of, head_of, regions_of
from chengzhi_redaction.types import Area, Found, Region, RegionKind, Seen, ThingKind, region_of


def seen(kind: ThingKind, x: float, y: float, w: float, h: float) -> Seen:
    return Seen(kind=kind, area=Area(x=x, y=y, w=w, h=h))


def found(x: float, y: float, w: float, h: float, score: float = 0.9) -> Found:
    return Found(area=Area(x=x, y=y, w=w, h=h), score=score)


def kinds(*things: Seen, faces=(), plates=()) -> list[str]:
    return [str(r.kind) for r in regions_of(things, faces=faces, plates=plates)]


PERSON = seen(ThingKind.PERSON, 100, 100, 60, 180)
CLOSE = seen(ThingKind.PERSON, 0, 0, 140, 160)
CAR = seen(ThingKind.VEHICLE, 100, 100, 200, 120)


@pytest.mark.parametrize(
    ("thing", "faces", "plates", "expected"),
    [
        pytest.param(PERSON, [], [], ["head"], id="no face: the head goes"),
        pytest.param(PERSON, [found(115, 105, 30, 36)], [], ["head"], id="the head, with its face"),
        pytest.param(
            CLOSE, [found(40, 20, 60, 70)], [], ["face"], id="a close-up's face is enough"
        ),
        pytest.param(CLOSE, [], [], ["head"], id="a close-up without a face"),
        pytest.param(
            PERSON, [found(118, 200, 30, 36)], [], ["head", "face"], id="a face on the belly is not"
        ),
        pytest.param(PERSON, [found(118, 110, 8, 9)], [], ["head"], id="nor one of a doll's size"),
        pytest.param(seen(ThingKind.PERSON, 0, 0, 9, 28), [], [], [], id="too far to be told"),
        pytest.param(CAR, [], [], ["band"], id="no plate: the lower band goes"),
        pytest.param(
            CAR, [], [found(170, 190, 50, 16, SURE_PLATE)], ["plate"], id="a sure plate is enough"
        ),
        pytest.param(
            CAR,
            [],
            [found(170, 190, 50, 16, SURE_PLATE - 0.1)],
            ["band"],
            id="a doubtful one is not",
        ),
        pytest.param(
            CAR, [], [found(170, 90, 50, 16, 2)], ["band", "plate"], id="nor one on the roof"
        ),
        pytest.param(
            CAR, [], [found(170, 190, 16, 6, 2)], ["band"], id="nor one of another car behind it"
        ),
        pytest.param(seen(ThingKind.VEHICLE, 0, 0, 50, 30), [], [], [], id="too far to be read"),
        pytest.param(
            seen(ThingKind.TWO_WHEELER, 0, 0, 60, 80),
            [],
            [],
            ["band", "head"],
            id="rider and plate",
        ),
    ],
)
def test_regions(thing, faces, plates, expected):
    assert kinds(thing, faces=faces, plates=plates) == expected


def test_a_copy_that_spares_no_body_hides_the_band_and_the_plate():
    plate = found(170, 150, 50, 16, SURE_PLATE)

    regions = regions_of([CAR], faces=[], plates=[plate], spares_bodies=False)

    assert [str(region.kind) for region in regions] == ["band"]


def test_a_head_is_the_top_of_a_person_and_most_of_a_close_up():
    standing, close = head_of(Area(x=0, y=0, w=50, h=150)), head_of(Area(x=0, y=0, w=100, h=120))

    assert (round(standing.y), round(standing.bottom)) == (-5, 47)
    assert round(close.bottom) == 81


def test_a_band_is_the_lower_part_with_a_margin():
    band = band_of(Area(x=0, y=0, w=100, h=100))

    assert (round(band.x), round(band.y), round(band.right), round(band.bottom)) == (
        -3, 39, 103, 103,
    )  # fmt: skip


def test_what_was_seen_twice_is_hidden_once():
    again = seen(ThingKind.PERSON, 102, 101, 58, 178)

    assert kinds(PERSON, again, faces=[found(300, 300, 20, 20)]) == ["head", "face"]


def test_faces_get_a_margin():
    (region,) = regions_of([], faces=[found(100, 100, 20, 30)], plates=[])

    assert (region.area.x, region.area.right) == (94, 126)


def test_a_region_survives_being_written_down():
    region = Region(kind=RegionKind.FACE, area=Area(x=1, y=2, w=3, h=4), score=0.5)

    assert region_of(region.as_row()) == region


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"kind": "face", "box": [1, 2, 3]},
        {"kind": "nose", "box": [1, 2, 3, 4]},
        {"kind": "face", "box": [1, 2, 0, 4]},
        {"kind": "face", "box": [1, 2, float("nan"), 4]},
        {"kind": "face", "box": None},
    ],
)
def test_what_is_no_region_is_refused(row):
    with pytest.raises(ValueError):
        region_of(row)
