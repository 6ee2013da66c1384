"""The command line on clips drawn on the spot."""

import json
from pathlib import Path

import pytest

from chengzhi_vision import cli
from chengzhi_vision.progress import line

from .scenes import Thing, standing

CAMERA = """
[camera]
code = "C009"
[[zones]]
name = "pavement"
kind = "pavement_clear"
polygon = [[0, 150], [640, 150], [640, 360], [0, 360]]
[[zones.rules]]
finding = "object_left"
dwell_s = 6
"""


@pytest.fixture
def camera_file(tmp_path: Path) -> Path:
    path = tmp_path / "camera.toml"
    path.write_text(CAMERA, "utf-8")
    return path


def bag() -> Thing:
    return Thing(kind=None, where=standing(300, 250, start=6), size=(48, 40), seed=3)


def run(clip: Path, camera: Path, out: Path, *more: str) -> int:
    arguments = ["analyse", str(clip), "--camera", str(camera), "--out", str(out)]
    return cli.main([*arguments, "--no-detector", *more])


def test_a_clip_gives_findings_and_evidence(make_clip, camera_file, tmp_path, capsys):
    code = run(make_clip(bag(), seconds=24), camera_file, tmp_path / "out")

    rows = (tmp_path / "out" / "findings.jsonl").read_text("utf-8").splitlines()
    row = json.loads(rows[0])
    assert (code, len(rows)) == (0, 1)
    assert (row["kind"], row["matter_code"], row["zone"]) == ("object_left", "06036", "pavement")
    assert row["start_pts"] == pytest.approx(6, abs=1)
    assert row["alarm_pts"] == pytest.approx(row["start_pts"] + 6, abs=0.01)
    assert not row["start_unknown"]
    assert row["model"] == "static-object-knn"
    roles = {item["role"]: item for item in row["evidence"]}
    assert set(roles) == {
        "first_seen",
        "dwell_reached",
        "confirmation",
        "clip",
        "overlay",
        "overlay_drawing",
        "manifest",
    }
    assert all((tmp_path / "out" / item["path"]).is_file() for item in roles.values())
    told = capsys.readouterr()
    assert "1 条发现；120 帧，分析 120 帧" in told.out
    assert "100%" in told.err


def test_judging_a_clip_again_gives_the_same_lines(make_clip, camera_file, tmp_path):
    clip = make_clip(bag(), seconds=24)

    for out in ("one", "two"):
        run(clip, camera_file, tmp_path / out)

    one, two = ((tmp_path / o / "findings.jsonl").read_text("utf-8") for o in ("one", "two"))
    assert one == two


def test_an_empty_street_gives_an_empty_file(make_clip, camera_file, tmp_path):
    run(make_clip(seconds=10), camera_file, tmp_path / "out")

    assert (tmp_path / "out" / "findings.jsonl").read_text("utf-8") == ""


def test_the_recording_time_decides_the_calendar(make_clip, tmp_path, camera_file):
    camera_file.write_text(CAMERA + 'hours = ["07:00-22:00"]\n', "utf-8")
    clip = make_clip(bag(), seconds=24)

    run(clip, camera_file, tmp_path / "day", "--recorded-at", "2026-11-25T09:00:00+08:00")
    run(clip, camera_file, tmp_path / "night", "--recorded-at", "2026-11-25T03:00:00+08:00")

    day, night = (tmp_path / o / "findings.jsonl" for o in ("day", "night"))
    assert len(day.read_text("utf-8").splitlines()) == 1
    assert night.read_text("utf-8") == ""


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["analyse", "none.mp4", "--camera", "CAMERA", "--out", "o", "--no-detector"], "打不开"),
        (["analyse", "x", "--camera", "none.toml", "--out", "o"], "读不到摄像机配置"),
        (
            ["analyse", "x", "--camera", "CAMERA", "--out", "o", "--no-detector"]
            + ["--recorded-at", "yesterday"],
            "--recorded-at：应写成",
        ),
        (["run"], "请用 --server"),
        (["run", "--server", "http://x", "--token-env", "NO_SUCH_TOKEN"], "没有令牌"),
    ],
)
def test_bad_input_is_one_sentence(arguments, sentence, camera_file, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    code = cli.main([a.replace("CAMERA", str(camera_file)) for a in arguments])

    assert code == 2
    assert sentence in capsys.readouterr().err
    assert not (tmp_path / "o").exists()


def test_camera_files_can_be_checked(camera_file, capsys):
    assert cli.main(["check", str(camera_file)]) == 0

    assert "C009，1 个区域，1 条规则" in capsys.readouterr().out


def test_the_progress_line_tells_share_and_rate():
    assert line("clip", 50, 200, seconds=10) == "clip " + "█" * 8 + "░" * 22 + "  25% 5.0 帧/秒"
    assert line("clip", 50, 0, seconds=10) == "clip 50 帧 5.0 帧/秒"
