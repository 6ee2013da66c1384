"""The camera file of every scenario is one that the camera worker reads."""

import tomllib
from pathlib import Path

import pytest

from chengzhi_vision.camera_file import load_camera
from tools.scene.streetscene.camera_file import camera_text
from tools.scene.streetscene.planner import plan_clip
from tools.scene.streetscene.scenarios import SCENARIOS


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("scenario", sorted(SCENARIOS))
def test_the_worker_reads_the_camera_file(scenario: str, seed: int, tmp_path: Path) -> None:
    plan = plan_clip(scenario=scenario, seed=seed, seconds=60, fps=5, size=(960, 540), code="C042")
    path = tmp_path / "camera.toml"
    path.write_text(camera_text(plan), encoding="utf-8")

    camera = load_camera(path)

    assert camera.code == "C042"
    assert [zone.name for zone in camera.zones] == [zone.name for zone in plan.zones]


def test_the_file_holds_the_keys_of_the_format_and_no_other() -> None:
    plan = plan_clip(scenario="bin_overflow", seed=2, seconds=60, fps=5, size=(1280, 720))

    table = tomllib.loads(camera_text(plan))

    assert set(table) == {"camera", "zones"}
    assert table["camera"] == {"code": "C001"}
    assert all(set(zone) == {"name", "kind", "polygon", "rules"} for zone in table["zones"])
    assert all(set(rule) == {"finding", "dwell_s"} for z in table["zones"] for rule in z["rules"])
