"""`chengzhi places`: import and check from a terminal."""

import pytest
from django.core.management import CommandError, call_command

from chengzhi.places.models import Cell, Division, PatrolGrid
from tests.places.conftest import COMMUNITY, COUNTY, TOWN, collection, feature, square

pytestmark = pytest.mark.django_db


@pytest.fixture
def county_file(tmp_path):
    path = tmp_path / "county.geojson"
    path.write_text(
        collection([feature(square(0, 0, size=20), code=COUNTY, name="象山县")]), encoding="utf-8"
    )
    return path


def test_import_writes_and_says_so(county_file, capsys):
    call_command("places", "import", "division", str(county_file), "--crs", "wgs84")

    assert "已导入。" in capsys.readouterr().out
    assert Division.objects.get().code == COUNTY


def test_dry_run_writes_nothing(county_file, capsys):
    call_command("places", "import", "division", str(county_file), "--crs=wgs84", "--dry-run")

    assert "检查通过，没有写入。" in capsys.readouterr().out
    assert not Division.objects.exists()


def test_question_about_the_system_ends_with_an_error(county_file):
    with pytest.raises(CommandError, match="文件没有注明坐标系"):
        call_command("places", "import", "division", str(county_file))

    assert not Division.objects.exists()


def test_missing_and_broken_files_are_told(tmp_path):
    broken = tmp_path / "broken.geojson"
    broken.write_text("{", encoding="utf-8")

    with pytest.raises(CommandError, match="没有文件"):
        call_command("places", "import", "cell", str(tmp_path / "none.geojson"))
    with pytest.raises(CommandError, match="不是合法的JSON"):
        call_command("places", "import", "cell", str(broken))


def test_refused_record_is_named(tmp_path, paper_county, capsys):
    path = tmp_path / "cells.geojson"
    path.write_text(collection([feature(square(0, 0), code="12")]), encoding="utf-8")

    with pytest.raises(CommandError, match="没有写入任何数据"):
        call_command("places", "import", "cell", str(path), "--crs", "wgs84")

    assert "第1条 12 不能导入：单元网格标识码“12”不对：应为15位数字。" in capsys.readouterr().out


def test_check_finds_nothing_in_a_sound_county(paper_county, capsys):
    call_command("places", "check")

    assert "没有发现问题。" in capsys.readouterr().out


def test_check_names_what_is_wrong(paper_county, now, capsys):
    Cell.objects.filter(code=f"{COMMUNITY}002").update(
        polygon=Cell.objects.get(code=f"{COMMUNITY}001").polygon
    )
    Division.objects.filter(code=COMMUNITY).update(valid_to=now.date())
    PatrolGrid.objects.create(code=f"{TOWN}001", name="空格", town_code=TOWN, valid_from=now.date())

    with pytest.raises(CommandError, match="共6个问题"):
        call_command("places", "check")

    told = capsys.readouterr().out
    assert f"单元网格{COMMUNITY}001与{COMMUNITY}002重叠" in told
    assert f"单元网格{COMMUNITY}001所属的社区{COMMUNITY}没有登记。" in told
    assert f"责任网格{TOWN}001没有单元网格。" in told
