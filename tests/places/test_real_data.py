"""Imports of real data: eighteen towns in WGS-84 and a county outline in GCJ-02."""

from datetime import datetime
from pathlib import Path

import pytest

from chengzhi.accounts.types import Actor
from chengzhi.places import commands
from chengzhi.places.interface import locate, towns_geojson
from chengzhi.places.models import Division
from chengzhi.places.types import Datum, Located, PlaceKind, Point, Verdict

pytestmark = pytest.mark.django_db


@pytest.fixture
def towns(shared_data: Path) -> bytes:
    return (shared_data / "geo" / "xiangshan_towns_18.geojson").read_bytes()


@pytest.fixture
def outline(shared_data: Path) -> bytes:
    return (shared_data / "geo" / "xiangshan_county_330225_gcj02.json").read_bytes()


@pytest.fixture
def county(admin: Actor, now: datetime) -> None:
    commands.register_division("330225", "象山县", actor=admin, now=now)


def test_towns_of_the_county_import_and_their_slivers_are_told(towns, county, admin, now):
    report = commands.import_geojson(PlaceKind.DIVISION, towns, actor=admin, now=now, crs="wgs84")

    assert report.written
    assert report.count(Verdict.OK) == 18
    assert report.notes == (
        "大徐镇与330225001重叠108平方米，为边界取舍所致，按编码在前者归属。",
        "东陈乡与330225002重叠409平方米，为边界取舍所致，按编码在前者归属。",
    )
    assert len(towns_geojson(county="330225")["features"]) == 18
    assert locate(Point(lon=121.911, lat=29.455)) == Located(town="330225001")


def test_outline_in_another_system_is_noticed_and_asked_about(towns, outline, county, admin, now):
    commands.import_geojson(PlaceKind.DIVISION, towns, actor=admin, now=now, crs="wgs84")

    report = commands.import_geojson(PlaceKind.DIVISION, outline, actor=admin, now=now)

    assert not report.written
    assert "按WGS-84 / CGCS2000相距390米" in report.refusal
    assert "按GCJ-02（高德、腾讯）相距36米" in report.refusal
    assert "crs=gcj02" in report.refusal
    assert Division.objects.get(code="330225").polygon is None


def test_outline_lies_on_the_towns_once_its_system_is_said(towns, outline, county, admin, now):
    commands.import_geojson(PlaceKind.DIVISION, towns, actor=admin, now=now, crs="wgs84")

    report = commands.import_geojson(PlaceKind.DIVISION, outline, actor=admin, now=now, crs="gcj02")

    assert report.written and report.datum is Datum.GCJ02 and report.notes == ()
    first = Division.objects.get(code="330225").polygon["coordinates"][0][0][0]
    assert first == pytest.approx([121.8291057, 29.6557142], abs=1e-3)


def test_towns_fit_an_outline_without_anybody_saying_their_system(
    towns, outline, county, admin, now
):
    commands.import_geojson(PlaceKind.DIVISION, outline, actor=admin, now=now, crs="gcj02")

    report = commands.import_geojson(PlaceKind.DIVISION, towns, actor=admin, now=now)

    assert report.written and report.datum is Datum.WGS84
    assert report.count(Verdict.OK) == 18


def test_a_wrong_statement_is_doubted(towns, outline, county, admin, now):
    commands.import_geojson(PlaceKind.DIVISION, towns, actor=admin, now=now, crs="wgs84")

    report = commands.import_geojson(
        PlaceKind.DIVISION, outline, actor=admin, now=now, crs="wgs84", dry_run=True
    )

    assert "更像GCJ-02" in report.notes[0]
