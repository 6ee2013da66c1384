"""Cameras from a table: judged first, written whole, every unreadable row named with its cure."""

from datetime import UTC
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from chengzhi.accounts.rules import NotPermitted
from chengzhi.audit import interface as audit
from chengzhi.kernel.errors import InvalidInput
from chengzhi.kernel.sheets import as_file
from chengzhi.vision import commands
from chengzhi.vision.models import Camera
from chengzhi.vision.queries.camera_table import CameraDeed, judge_cameras

HEAD = "编号,名称,经度,纬度,地点,视频地址,启用"
NEW = "C101,丹河路口,121.88,29.478,丹河路,rtsp://10.0.0.9/1,是"


def table(*rows: str, head: str = HEAD) -> bytes:
    return "\n".join([head, *rows]).encode()


def test_a_table_is_judged_without_being_written(camera, administrator):
    same = "C001,靖南大街天安路口北,121.879,29.4772,丹东街道靖南大街,rtsp://user:secret@10.0.0.8/live,是"
    moved = "C001,靖南大街天安路口北,121.879,29.4773,丹东街道靖南大街,rtsp://user:secret@10.0.0.8/live,否"

    plan = judge_cameras(administrator, table(NEW, same))
    other = judge_cameras(administrator, table(moved))

    assert [(line.code, line.deed) for line in plan.lines] == [
        ("C101", CameraDeed.NEW),
        ("C001", CameraDeed.UNCHANGED),
    ]
    assert [(line.deed, line.fields) for line in other.lines] == [
        (CameraDeed.CHANGED, ("纬度", "启用"))
    ]
    assert Camera.objects.count() == 1


def test_an_import_registers_and_changes_by_the_deeds_of_people(camera, administrator, now):
    content = table(NEW, "C001,新名称,121.879,29.4772", head="code,name,lon,lat,address")

    plan = commands.import_cameras(content, actor=administrator, now=now)

    known, new = Camera.objects.get(code="C001"), Camera.objects.get(code="C101")
    assert (plan.count(CameraDeed.NEW), plan.count(CameraDeed.CHANGED)) == (1, 1)
    assert (known.name, known.address, known.source) == (
        "新名称", "", "rtsp://user:secret@10.0.0.8/live",
    )  # fmt: skip
    assert (new.name, new.address, new.enabled) == ("丹河路口", "丹河路", True)
    assert [entry.sentence for entry in audit.history(f"camera:{new.pk}")] == [
        "登记摄像头C101“丹河路口”"
    ]


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("C 1,名称,121.88,29.478,,,", "编号", "编号：缺少摄像头编号或含有不能用的字符"),
        ("C102,,121.88,29.478,,,", "名称", "名称：请填写"),
        ("C102,名称,东经,29.478,,,", "经度", "经度：应为数字"),
        ("C102,名称,29.478,121.88,,,", "经度", "经度：应在73到136之间"),
        ("C102,名称,121.88,29.478,,ftp://x,", "视频地址", "视频地址：请写"),
        ("C102,名称,121.88,29.478,,,也许", "启用", "启用：请写“是”或“否”"),
        (NEW, "编号", "编号：与第 2 行重复"),
    ],
)
def test_a_row_that_cannot_be_read_is_named_and_the_others_go_on(
    db, administrator, now, row, column, reason
):
    plan = commands.import_cameras(table(NEW, row), actor=administrator, now=now)

    (fault,) = plan.faults
    assert (fault.row, fault.column) == (3, column)
    assert fault.reason.startswith(reason)
    assert [camera.code for camera in Camera.objects.all()] == ["C101"]


def test_a_code_of_another_county_is_refused(camera, administrator, now):
    Camera.objects.update(division="330226")

    plan = judge_cameras(administrator, table("C001,名称,121.88,29.478,,,"))

    assert [fault.reason for fault in plan.faults] == ["编号：已被别处使用，请换一个。"]
    assert plan.lines == ()


def test_a_table_that_changes_nothing_or_is_none_is_refused(db, administrator, now):
    with pytest.raises(InvalidInput, match="没有改动任何摄像头"):
        commands.import_cameras(table(), actor=administrator, now=now)
    with pytest.raises(InvalidInput, match="没有找到表头"):
        commands.import_cameras(b"hello", actor=administrator, now=now)


def test_only_who_manages_cameras_imports_them(db, jiang_lina, now):
    with pytest.raises(NotPermitted):
        commands.import_cameras(table(NEW), actor=jiang_lina, now=now)

    assert not Camera.objects.exists()


def test_the_command_shows_and_writes_only_when_told(db, tmp_path: Path):
    path = tmp_path / "cameras.csv"
    path.write_bytes(table(NEW, "C102,,1,2,,,"))
    shown, written = StringIO(), StringIO()

    call_command("vision", "import", str(path), stdout=shown)
    before = Camera.objects.count()
    call_command("vision", "import", str(path), "--apply", stdout=written)

    assert "1 路有改动，1 行没有读；未写入" in shown.getvalue()
    assert (before, Camera.objects.count()) == (0, 1)
    assert "已写入" in written.getvalue()


def test_an_xlsx_with_the_same_heads_reads_the_same(db, administrator, now):
    row = ("C101", "丹河路口", 121.88, 29.478)
    content, _type = as_file("xlsx", ("编号", "名称", "经度", "纬度"), [row], zone=UTC)

    plan = judge_cameras(administrator, content)

    assert [(line.code, line.draft.lon) for line in plan.lines] == [("C101", 121.88)]
