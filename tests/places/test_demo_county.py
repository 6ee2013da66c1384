"""The demo county passes our own import, whole, and answers where a point lies."""

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import transaction

from chengzhi.accounts.interface import system_actor
from chengzhi.audit.models import Event
from chengzhi.places.interface import grid_refs, locate, road_names
from chengzhi.places.models import Cell, Component, Division, PatrolGrid, Road
from chengzhi.places.types import Point
from seed.county import build, load_county
from seed.county.sketch import TOWNS

ADMIN = system_actor("seed", division="330225")
NOW = datetime(2024, 1, 2, 1, 0, tzinfo=UTC)
DATA = Path(__file__).parents[2] / "seed" / "county" / "data"


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """The county, loaded once for all tests of this file and rolled back after the last."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_county(actor=ADMIN, now=NOW)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def county(loaded, db):
    return None


def test_county_loads_whole_and_loading_again_changes_nothing(county):
    counts = [table.objects.count() for table in (Division, Cell, PatrolGrid, Road, Component)]
    events = Event.objects.count()

    load_county(actor=ADMIN, now=NOW)

    assert counts == [87, 3844, 119, 43, 2000]
    assert [t.objects.count() for t in (Division, Cell, PatrolGrid, Road, Component)] == counts
    assert Event.objects.count() == events


def test_every_cell_is_in_one_beat_and_every_beat_has_the_squad_of_its_town(county):
    squads = {town.code: town.squad for town in TOWNS}

    assert not Cell.objects.filter(grid__isnull=True).exists()
    assert all(grid.squad == squads[grid.town] for grid in grid_refs("330225"))


def test_a_street_corner_knows_its_cell_beat_squad_and_road(county):
    component = Component.objects.filter(town_code="330225001").order_by("code").first()

    found = locate(Point(lon=component.lon, lat=component.lat))

    assert found.cell == component.cell_code
    assert found.town == "330225001" and found.community == component.cell_code[:12]
    assert found.grid.startswith("330225001") and found.squad == "S01"


def test_towns_bear_their_real_names_and_codes(shared_data):
    rows = (shared_data / "geo" / "xiangshan_streets_18.csv").read_text("utf-8").splitlines()[1:]
    real = {row.split(",")[0]: row.split(",")[1].strip('"') for row in rows}

    assert {town.code: town.name for town in TOWNS} == real


def test_types_of_components_are_many(county):
    kinds = Counter(Component.objects.values_list("type_code", flat=True))

    assert len(kinds) == 22
    assert min(kinds.values()) > 3


def test_named_streets_run_through_the_two_town_streets(county):
    names = set(road_names(set(Road.objects.values_list("code", flat=True))).values())

    assert {"靖南大街", "天安路", "新丰路", "巨鹰路"} <= names


def test_files_stay_small():
    assert sum(path.stat().st_size for path in DATA.iterdir()) <= 1_500_000
    assert len(json.loads((DATA / "cells.geojson").read_text("utf-8"))["features"]) == 3844


@pytest.mark.slow
def test_committed_files_are_what_the_builder_draws(tmp_path, monkeypatch):
    monkeypatch.setattr(build, "DATA", tmp_path)

    build.main()

    drawn = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert drawn == {path.name: path.read_bytes() for path in DATA.iterdir()}
