"""Drawings of a camera: versions, perspective, sizes, and the page on which they are drawn."""

import json
import subprocess
from dataclasses import replace
from pathlib import Path
from shutil import which

import pytest

from chengzhi.accounts.interface import NotPermitted
from chengzhi.kernel.errors import InvalidInput, NotVisible
from chengzhi.vision import commands
from chengzhi.vision.models import Camera, Rule, Zone, ZonePlan
from chengzhi.vision.queries.plans import plan_rows, plan_version, the_plan
from chengzhi.vision.rules.camera_file import as_toml, parse_toml, plan_zones
from chengzhi.vision.rules.drawing import perspective_of, read_perspective
from chengzhi.vision.rules.perspective import (
    derived_limits,
    expected_height,
    metres,
    smallest,
)
from chengzhi.vision.rules.plan import PlanChanged, named
from chengzhi.vision.rules.sizes import sizes
from chengzhi.vision.types import ZONE_FINDINGS, Drawn, DrawTool, FindingKind, RuleSpec, ZoneKind
from chengzhi_vision.camera_file import read_camera
from chengzhi_vision.findings import kind_table
from chengzhi_vision.rules.size import believed_heights
from chengzhi_vision.types import FindingKind as FoundKind
from tests.vision.test_pages import manager, reviewer, sign_in, text

__all__ = ["manager", "reviewer", "sign_in"]
MARKS = {"person": [[300, 200, 40], [400, 500, 115]]}
PLAN = "/vision/cameras/at/C001/plan/"
SCRIPTS = Path(__file__).parents[2] / "src/chengzhi/vision/static/vision/plan"


def sent(zones: list[dict[str, object]], **more: object) -> dict[str, object]:
    plan = {"zones": zones, "perspective": None, "size": [768, 576], **more}
    return {"plan": json.dumps(plan), "base": "1"}


def area(**changes: object) -> dict[str, object]:
    rule = {"finding": "motor_vehicle_parked", "dwell_s": 20, "hours": ["67/09:00-18:00"]}
    table = {"name": "kerb", "kind": "no_parking", "polygon": [[1, 100], [50, 100], [50, 500]]}
    return {**table, "rules": [rule], **changes}


# ── perspective ────────────────────────────────────────────────────────────────────────


def test_a_person_grows_with_the_distance_below_the_horizon():
    perspective = perspective_of({"perspective": MARKS})

    heights = [expected_height(perspective, y) for y in (0, 40, 200, 500)]

    assert heights == [0, 0, 40, 115]
    assert metres(perspective, 200, pixels=64) == pytest.approx(2.72)
    assert metres(perspective, 0, pixels=64) is None


def test_what_is_too_small_to_judge_is_said_with_its_pixels():
    perspective = perspective_of({"perspective": MARKS})
    far_corner = ((0.0, 200.0), (300.0, 200.0), (300.0, 500.0))
    rules = tuple(
        RuleSpec(finding=finding, dwell_s=60)
        for finding in (FindingKind.MOTOR_VEHICLE_PARKED, FindingKind.OBJECT_LEFT)
    )

    seen = smallest(perspective, far_corner, rules)

    assert seen.far_m == pytest.approx(2.72)
    assert seen.near_m == pytest.approx(0.946, abs=0.001)
    assert seen.warnings == (
        "“机动车违停”：远端此处目标太小，约45像素（至少64），请把远端收近。",
        "“遗留物品、堆物”：此处目标太小，整个区域都不到64像素，请换近处或调镜头。",
    )
    assert derived_limits(perspective, far_corner, "motor_vehicle_parked") == (16, 541)


@pytest.mark.parametrize(
    "marks",
    [
        {"person": [[1, 200, 40]]},
        {"person": [[1, 200, 40], [1, 205, 50]]},
        {"person": [[1, 200, 40], [1, 400, 40]]},
        {"person": [[1, 200, 40], [1, 400, 0]]},
        {"person": [[1, 200], [1, 400, 60]]},
        {"people": []},
        [],
    ],
)
def test_marks_from_which_no_horizon_follows_are_refused(marks):
    with pytest.raises(InvalidInput, match="camera.perspective"):
        read_perspective(marks)


def test_both_sides_believe_the_same_heights_and_dwells():
    worker = {str(kind): limits for kind, limits in believed_heights().items()}

    for row in sizes().values():
        assert worker[row.object_class] == (row.min_m, row.max_m), row.finding
        assert kind_table()[FoundKind(row.finding)].dwell_s == row.dwell_s
    assert sizes().keys() == {str(kind) for kinds in ZONE_FINDINGS.values() for kind in kinds}


def test_perspective_and_drawing_go_to_the_worker_and_back(camera, zone, administrator, now):
    drawn = Drawn(tool=DrawTool.BAND, points=((1.0, 2.0), (9.0, 2.0)), width=2.5, unit="m", side=-1)
    file = replace(parse_toml('[camera]\ncode = "C001"\n'), zones=(replace(zone, drawn=drawn),))
    file = replace(file, options={"perspective": read_perspective(MARKS)})

    again = parse_toml(as_toml(file))

    assert again == file
    assert "drawn = { tool" in as_toml(file)


# ── versions ───────────────────────────────────────────────────────────────────────────


def test_each_save_is_a_version_and_a_former_one_comes_back(camera, zone, administrator, now):
    bay = replace(zone, name="泊位", kind=ZoneKind.BAY, rules=())

    second = commands.save_plan(
        "C001", (zone, bay), perspective=read_perspective(MARKS), size=None, base=1,
        actor=administrator, now=now,
    )  # fmt: skip
    third = commands.restore_plan("C001", 1, actor=administrator, now=now)

    assert (second, third, plan_version(administrator, "C001")) == (2, 3, 3)
    assert [row.zones for row in plan_rows(administrator, "C001")] == [
        ["kerb"],
        ["kerb", "泊位"],
        ["kerb"],
    ]
    assert the_plan(administrator, "C001", 2)["perspective"] == MARKS | {
        "person": [[300.0, 200.0, 40.0], [400.0, 500.0, 115.0]]
    }
    assert Camera.objects.get().options == {}
    assert [zone["name"] for zone in the_plan(administrator, "C001", 3)["zones"]] == ["kerb"]


def test_a_save_begun_on_an_older_version_is_refused(camera, zone, administrator, now):
    commands.save_plan(
        "C001", (), perspective=None, size=None, base=1, actor=administrator, now=now
    )

    with pytest.raises(PlanChanged, match="第2版"):
        commands.save_plan(
            "C001", (zone,), perspective=None, size=None, base=1, actor=administrator, now=now
        )

    assert ZonePlan.objects.count() == 2
    assert not Zone.objects.exists()


def test_saving_what_is_there_makes_no_version(camera, zone, administrator, now):
    version = commands.save_plan(
        "C001", (zone,), perspective=None, size=(768, 576), actor=administrator, now=now
    )

    assert (version, ZonePlan.objects.count()) == (1, 1)


def test_only_the_administrator_saves_restores_and_asks(camera, zone, jiang_lina, now):
    with pytest.raises(NotPermitted):
        commands.save_plan("C001", (), perspective=None, size=None, actor=jiang_lina, now=now)
    with pytest.raises(NotPermitted):
        commands.restore_plan("C001", 1, actor=jiang_lina, now=now)
    with pytest.raises(NotPermitted):
        commands.ask_still("C001", actor=jiang_lina, now=now)

    assert Zone.objects.get().name == "kerb"
    assert Camera.objects.get().still_asked_at is None


def test_a_version_that_never_was_is_not_found(camera, administrator, now):
    with pytest.raises(NotVisible, match="第9版"):
        commands.restore_plan("C001", 9, actor=administrator, now=now)


# ── the page ───────────────────────────────────────────────────────────────────────────


def test_the_editor_shows_what_is_drawn_and_nothing_inline(camera, manager):
    page = text(manager.get(PLAN))

    assert '"name": "kerb"' in page
    assert "保存为第 2 版" in page
    assert "加入20" in page
    assert "style=" not in page
    assert "onclick" not in page


def test_the_editor_is_the_administrators(camera, reviewer):
    assert reviewer.get(PLAN).status_code == 403
    assert reviewer.post(f"{PLAN}save/", sent([])).status_code == 403
    assert Zone.objects.count() == 1


def test_the_editor_saves_zones_rules_and_perspective(camera, manager):
    bins = area(
        name="桶", kind="bin", polygon=[[9, 9], [20, 9], [20, 20]], rules=[],
        drawn={"tool": "spot", "points": [[15, 15]], "width": 0.8, "unit": "m"},
    )  # fmt: skip

    answer = manager.post(f"{PLAN}save/", sent([area(), bins], perspective=MARKS))

    assert answer.status_code == 302
    assert list(Zone.objects.order_by("pk").values_list("name", flat=True)) == ["kerb", "桶"]
    assert Rule.objects.get().hours == ["67/09:00-18:00"]
    assert Camera.objects.get().options["perspective"]["person"][1] == [400, 500, 115]
    page = text(manager.get("/vision/cameras/at/C001/"))
    assert "周六、日 09:00–18:00" in page
    assert "远端此处目标太小" in page


def test_saving_by_htmx_leads_on_to_the_page(camera, manager):
    answer = manager.post(f"{PLAN}save/", sent([area()]), headers={"hx-request": "true"})

    assert (answer.status_code, answer["HX-Redirect"]) == (204, PLAN)


@pytest.mark.parametrize(
    ("zones", "sentence"),
    [
        ([area(polygon=[[1, 1]])], "区域“kerb”的形状：至少要3个点"),
        ([area(name="")], "区域“1”的名称"),
        ([area(rules=[{"finding": "motor_vehicle_parked", "dwell_s": 0}])], "“机动车违停”的停留"),
        ([area(kind="bay")], "机动车泊位不能布控"),
        ([area(), area()], "重复"),
        ([area(polygon=[[1, 1], [900, 1], [1, 90]])], "超出画面"),
        ([area(drawn={"tool": "pen"})], "区域“kerb”的画法"),
        ("x", "应为列表"),
    ],
)
def test_a_broken_drawing_is_refused_by_name_and_changes_nothing(camera, manager, zones, sentence):
    answer = manager.post(f"{PLAN}save/", sent(zones))

    assert answer.status_code == 422
    assert sentence in text(answer)
    assert Zone.objects.get().polygon[0] == [640.0, 40.0]


def test_nothing_sent_is_refused(camera, manager):
    assert manager.post(f"{PLAN}save/", {"plan": "["}).status_code == 422
    assert manager.post(f"{PLAN}save/", {"plan": "[]"}).status_code == 422


def test_a_sentence_without_a_zone_stays_as_it_is():
    assert named("名称：太长。", []) == "名称：太长。"
    assert named("zones[7].kind：没有。", "x") == "zones[7].kind：没有。"
    assert named("zones[7].kind：没有。", []) == "区域“8”的类型：没有。"


def test_a_former_version_is_restored_from_the_page(camera, manager):
    manager.post(f"{PLAN}save/", sent([]))

    answer = manager.post(f"{PLAN}1/restore/")

    assert answer.status_code == 302
    assert Zone.objects.get().name == "kerb"


# ── a new picture ──────────────────────────────────────────────────────────────────────


def test_asking_twice_asks_once_and_the_page_waits(camera, manager):
    manager.post("/vision/cameras/at/C001/still/ask/")
    asked = Camera.objects.get().still_asked_at

    answer = manager.post("/vision/cameras/at/C001/still/ask/", headers={"hx-request": "true"})

    assert Camera.objects.get().still_asked_at == asked
    assert "every 3s" in text(answer)


# ── the script's arithmetic ────────────────────────────────────────────────────────────


def test_the_editors_arithmetic_is_the_servers():
    """Height, smallest size and derived limits agree; hours survive the field of cells."""
    if which("node") is None:
        pytest.skip("node is absent")
    script = """
    const {geometry: g} = require("./geometry.js"), {hours: h} = require("./hours.js");
    const p = MARKS, polygon = [[0, 200], [300, 200], [300, 500]];
    const week = (hours, days) => h.spans(h.grid(hours, days));
    const size = {width: 768, height: 576};
    console.log(JSON.stringify([
      g.height(p, 40), g.height(p, 500), +g.smallest(p, polygon).farM.toFixed(3), g.tooSmall(p, polygon, 1.9),
      g.limits(p, polygon, {min: 0.7, max: 8}),
      week([], []), week([], [1, 2]), week(["22:00-06:00"], []), week(["67/09:00-18:00"], []),
      week(["1/22:00-24:00", "2/00:00-23:00"], []),
      g.outline({tool: "band", points: [[0, 570], [768, 570]], width: 40, unit: "px", side: 1}, p,
                size),
    ]));
    """.replace("MARKS", json.dumps(MARKS))

    said = subprocess.run(["node", "-e", script], cwd=SCRIPTS, capture_output=True, check=True)

    assert json.loads(said.stdout) == [
        0,
        115,
        2.72,
        {"isWhole": False, "pixels": 45},
        {"min": 16, "max": 541},
        {"hours": [], "weekdays": []},
        {"hours": [], "weekdays": [1, 2]},
        {"hours": ["22:00-06:00"], "weekdays": []},
        {"hours": ["67/09:00-18:00"], "weekdays": []},
        {"hours": ["1/22:00-24:00", "2/00:00-23:00"], "weekdays": []},
        [[0, 576], [0, 570], [768, 570], [768, 576]],
    ]


def test_the_worker_reads_a_plan_with_everything_in_it(camera, zone):
    plan = plan_zones((zone,))
    plan[0]["rules"][0].pop("enabled")
    plan[0]["rules"][0]["hours"] = ["67/09:00-18:00"]
    head = {"code": "C001", "perspective": MARKS}

    seen = read_camera({"camera": head, "zones": plan})

    assert seen.perspective.near == (400.0, 500.0, 115.0)
    assert seen.zones[0].rules[0].hours[0].days == {6, 7}
