"""Presets of a moving camera: the views it turns between, and whose zones count where."""

import json
from dataclasses import replace

import pytest

from chengzhi.accounts.interface import NotPermitted
from chengzhi.audit import interface as audit
from chengzhi.kernel.errors import InvalidInput, NotVisible
from chengzhi.vision import commands
from chengzhi.vision.models import Camera, Preset, Zone, ZonePlan
from chengzhi.vision.queries.cameras import camera_detail, camera_file, worker_cameras
from chengzhi.vision.queries.trials import open_trials
from chengzhi.vision.rules.camera_file import as_toml, parse_toml, plan_zones
from chengzhi.vision.rules.drawing import read_perspective
from chengzhi.vision.rules.presets import PresetGone, PresetInUse
from chengzhi.vision.types import CameraBeat
from chengzhi_vision.camera_file import read_camera
from chengzhi_vision.scene.presets import Presets
from tests.vision.conftest import POLYGON, picture
from tests.vision.test_api import api, issue, post
from tests.vision.test_pages import manager, reviewer, sign_in, text
from tests.vision.test_plans import MARKS, PLAN, area, sent

__all__ = ["api", "issue", "manager", "reviewer", "sign_in"]
PAGE = "/vision/cameras/at/C001/presets/"
API = "/api/v1/vision/cameras/C001/presets"


@pytest.fixture
def turn(camera, administrator, now):
    """Show another view of the camera as its picture of now."""

    def make(shade: int) -> None:
        commands.set_still(
            camera, picture(shade), name="a.jpg", size=(768, 576), actor=administrator, now=now
        )

    return make


@pytest.fixture
def add(turn, administrator, now):
    """Turn the camera to a view and make it a preset."""

    def make(name: str, shade: int) -> int:
        turn(shade)
        return commands.add_preset("C001", name=name, actor=administrator, now=now)

    return make


@pytest.fixture
def east(add) -> int:
    return add("东向", 10)


@pytest.fixture
def west(add, east) -> int:
    return add("西向", 2000)


def names() -> list[str]:
    return [entry.name for entry in audit.history(f"camera:{Camera.objects.get().pk}")]


def beat(preset: str) -> CameraBeat:
    return CameraBeat(
        code="C001", frames=9, dropped=0, fps=5.0, blind_s=0.0, lag_s=0.1, state="ok", restarts=0,
        preset=preset,
    )  # fmt: skip


# ── deeds ──────────────────────────────────────────────────────────────────────────────


def test_the_first_preset_is_the_home_and_takes_what_is_drawn(east, administrator, now):
    shown = camera_detail(administrator, "C001", now=now)

    assert [(p.name, p.is_home, [z.name for z in p.zones]) for p in shown.presets] == [
        ("东向", True, ["kerb"])
    ]
    assert ZonePlan.objects.count() == 2
    entry = audit.history(f"camera:{shown.row.id}")[-2]
    assert entry.sentence == "摄像头C001新增预置位“东向”，原有1个区域归入其中"


@pytest.mark.parametrize(
    ("name", "field", "said"),
    [("", "name", "请填写"), ("东" * 41, "name", "40字"), ("东向", "name", "已有预置位")],
)
def test_a_name_that_cannot_be_meant_is_refused(east, turn, administrator, now, name, field, said):
    turn(20)

    with pytest.raises(InvalidInput, match=said) as refused:
        commands.add_preset("C001", name=name, actor=administrator, now=now)

    assert refused.value.field == field
    assert Preset.objects.count() == 1


def test_a_view_is_one_preset_and_needs_a_picture(camera, administrator, now, turn):
    with pytest.raises(InvalidInput, match="还没有画面"):
        commands.add_preset("C001", name="东向", actor=administrator, now=now)
    turn(10)
    commands.add_preset("C001", name="东向", actor=administrator, now=now)

    with pytest.raises(InvalidInput, match="已是预置位“东向”"):
        commands.add_preset("C001", name="西向", actor=administrator, now=now)

    assert list(Preset.objects.values_list("name", flat=True)) == ["东向"]


def test_a_preset_is_renamed_renewed_and_made_home(east, west, turn, administrator, now):
    turn(30)

    commands.rename_preset("C001", west, name="西口", actor=administrator, now=now)
    commands.renew_preset("C001", west, actor=administrator, now=now)
    commands.set_home_preset("C001", west, actor=administrator, now=now)

    rows = Preset.objects.order_by("pk").values_list("name", "is_home")
    assert list(rows) == [("东向", False), ("西口", True)]
    assert Preset.objects.get(pk=west).still == Camera.objects.get().still
    assert names()[-3:] == [
        "vision.preset-renamed",
        "vision.preset-renewed",
        "vision.preset-home-set",
    ]


def test_what_changes_nothing_is_no_event(east, administrator, now):
    before = names()

    commands.rename_preset("C001", east, name=" 东向 ", actor=administrator, now=now)
    commands.renew_preset("C001", east, actor=administrator, now=now)
    commands.set_home_preset("C001", east, actor=administrator, now=now)

    assert names() == before


def test_a_preset_in_use_is_not_retired(east, west, administrator, now):
    with pytest.raises(PresetInUse, match="还有区域：kerb"):
        commands.retire_preset("C001", east, reason="挡住了", actor=administrator, now=now)
    commands.save_zones("C001", (), size=None, actor=administrator, now=now)
    with pytest.raises(PresetInUse, match="看守位"):
        commands.retire_preset("C001", east, reason="挡住了", actor=administrator, now=now)

    assert not Preset.objects.filter(retired_at__isnull=False).exists()


def test_a_retired_preset_tells_why_and_is_touched_no_more(east, west, administrator, now):
    with pytest.raises(InvalidInput, match="停用原因"):
        commands.retire_preset("C001", west, reason=" ", actor=administrator, now=now)

    commands.retire_preset("C001", west, reason="路口改造", actor=administrator, now=now)

    row = Preset.objects.get(pk=west)
    assert (row.retired_at, row.retired_reason) == (now, "路口改造")
    assert names()[-1] == "vision.preset-retired"
    with pytest.raises(PresetGone):
        commands.rename_preset("C001", west, name="西口", actor=administrator, now=now)


def test_after_the_last_preset_the_camera_counts_as_fixed(east, administrator, now):
    commands.retire_preset("C001", east, reason="云台拆了", actor=administrator, now=now)

    assert Zone.objects.get().preset is None
    assert worker_cameras(administrator)[0]["camera"].keys() & {"presets"} == set()


def test_presets_are_the_administrators_and_the_countys(east, jiang_lina, administrator, now):
    for deed, more in (
        (commands.add_preset, {"name": "南向"}),
        (commands.rename_preset, {"preset": east, "name": "南向"}),
        (commands.renew_preset, {"preset": east}),
        (commands.set_home_preset, {"preset": east}),
        (commands.retire_preset, {"preset": east, "reason": "不要了"}),
    ):
        with pytest.raises(NotPermitted):
            deed("C001", **more, actor=jiang_lina, now=now)
    with pytest.raises(NotVisible):
        commands.rename_preset("C001", east + 1, name="南向", actor=administrator, now=now)

    assert Preset.objects.get().name == "东向"


def test_a_change_and_its_event_stand_or_fall_together(east, administrator, now, monkeypatch):
    monkeypatch.setattr(audit, "record", lambda *_, **__: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        commands.rename_preset("C001", east, name="南向", actor=administrator, now=now)

    assert Preset.objects.get().name == "东向"


# ── zones ──────────────────────────────────────────────────────────────────────────────


def test_a_zone_of_a_moving_camera_belongs_to_a_preset(west, zone, administrator, now):
    lost = replace(zone, name="无主")

    with pytest.raises(InvalidInput, match="不属于在用的预置位") as refused:
        commands.save_zones("C001", (lost,), size=None, actor=administrator, now=now)

    assert refused.value.field == "zones[0].preset"
    assert Zone.objects.get().name == "kerb"


def test_a_zone_of_a_fixed_camera_belongs_to_none(camera, zone, administrator, now):
    with pytest.raises(InvalidInput, match="没有预置位"):
        commands.save_zones(
            "C001", (replace(zone, preset=7),), size=None, actor=administrator, now=now
        )


def test_a_perspective_is_true_in_one_view(east, zone, add, administrator, now):
    zone = replace(zone, preset=east)
    marks = read_perspective(MARKS)
    commands.save_plan("C001", (zone,), perspective=marks, size=None, actor=administrator, now=now)

    with pytest.raises(InvalidInput, match="透视提示只对一个画面成立"):
        add("西向", 20)

    assert Preset.objects.count() == 1


def test_a_former_plan_names_presets_by_key_and_a_name_may_change(east, zone, administrator, now):
    commands.rename_preset("C001", east, name="东口", actor=administrator, now=now)
    commands.save_zones("C001", (), size=None, actor=administrator, now=now)

    commands.restore_plan("C001", 2, actor=administrator, now=now)

    assert Zone.objects.get().preset_id == east
    with pytest.raises(InvalidInput, match="不属于在用的预置位"):
        commands.restore_plan("C001", 1, actor=administrator, now=now)


# ── the worker ─────────────────────────────────────────────────────────────────────────


def test_the_worker_watches_each_presets_own_zones(east, west, zone, administrator, worker, now):
    bay = replace(zone, name="泊位", preset=west)
    both = (replace(zone, preset=east), bay)
    commands.save_zones("C001", both, size=None, actor=administrator, now=now)

    seen = read_camera(json.loads(json.dumps(worker_cameras(worker)[0])))

    assert [(p.name, p.zones) for p in seen.presets] == [
        ("东向", {"kerb"}),
        ("西向", {"泊位"}),
    ]
    assert bool(Presets(seen.presets))


def test_a_trial_is_run_at_the_presets_its_zones_belong_to(east, west, zone, administrator, worker, now):  # fmt: skip
    commands.ask_trial(
        "C001", (replace(zone, preset=east),), perspective=None, size=None, actor=administrator,
        now=now,
    )  # fmt: skip

    (task,) = open_trials(worker, worker="一号识别机", now=now)

    presets = [(p["name"], p["zones"]) for p in task["camera"]["camera"]["presets"]]
    assert presets == [("东向", ["kerb"]), ("西向", [])]
    with pytest.raises(InvalidInput, match="不属于在用的预置位"):
        commands.ask_trial(
            "C001", (zone,), perspective=None, size=None, actor=administrator, now=now
        )


def test_the_heartbeat_says_where_the_camera_stands(east, west, worker, administrator, now):
    commands.record_heartbeat("一号识别机", (beat("西向"),), actor=worker, now=now)

    shown = camera_detail(administrator, "C001", now=now)

    assert [(p.name, p.is_here, p.seen_at) for p in shown.presets] == [
        ("东向", False, None),
        ("西向", True, now),
    ]
    assert shown.is_away


# ── the camera file ────────────────────────────────────────────────────────────────────


def test_the_file_goes_out_and_comes_back_with_its_presets(west, administrator, now):
    file = camera_file(administrator, "C001")
    before = names()

    commands.import_camera_file(parse_toml(as_toml(file)), actor=administrator, now=now)

    assert camera_file(administrator, "C001") == file
    assert names() == before


def test_who_may_not_see_the_stream_gets_no_reference_picture(west, jiang_lina):
    file = camera_file(jiang_lina, "C001")

    assert [(p.name, p.view) for p in file.presets] == [("东向", b""), ("西向", b"")]


def test_a_file_brings_presets_of_its_own(west, administrator, now):
    file = as_toml(camera_file(administrator, "C001")).replace('"西向"', '"北向"')

    commands.import_camera_file(parse_toml(file), actor=administrator, now=now)

    rows = Preset.objects.order_by("pk").values_list("name", "is_home")
    assert list(rows) == [("东向", True), ("西向", False), ("北向", False)]


def test_a_file_without_presets_would_lose_the_zones(west, administrator, now):
    file = replace(camera_file(administrator, "C001"), presets=())

    with pytest.raises(InvalidInput, match="不属于在用的预置位"):
        commands.import_camera_file(file, actor=administrator, now=now)

    assert Zone.objects.get().preset_id is not None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('zones = ["kerb"]', "zones = []", "不属于任何预置位"),
        ('zones = ["kerb"]', 'zones = ["kerb", "kerb"]', "属于几个预置位"),
        ('zones = ["kerb"]', 'zones = ["kerb", "x"]', "没有区域“x”"),
        ('name = "A"', 'name = ""', "请填写"),
        ('picture = ""', 'picture = "a.jpg"', "读不到文件路径"),
        ('picture = ""', 'picture = "data:image/jpeg;base64,é"', "读不到文件路径"),
        ('picture = ""', 'lens = ""', "没有这个字段"),
    ],
)
def test_presets_that_cannot_be_meant_are_refused_in_the_file(old, new, said):
    corners = [list(point) for point in POLYGON]
    file = f"""
    [camera]
    code = "C001"
    presets = [{{ name = "A", picture = "", zones = ["kerb"] }}]
    [[zones]]
    name = "kerb"
    kind = "bay"
    polygon = {corners}
    """

    assert [p.name for p in parse_toml(file).presets] == ["A"]
    with pytest.raises(InvalidInput, match=said):
        parse_toml(file.replace(old, new))


def test_a_new_preset_of_a_file_needs_its_picture(east, administrator, now):
    file = camera_file(administrator, "C001")
    (preset,) = file.presets
    unseen = replace(preset, name="西向", view=b"", zones=())

    with pytest.raises(InvalidInput, match="没有参考画面"):
        commands.import_camera_file(
            replace(file, presets=(preset, unseen)), actor=administrator, now=now
        )

    assert Preset.objects.get().name == "东向"


# ── pages ──────────────────────────────────────────────────────────────────────────────


def test_the_page_without_presets_says_what_to_do(camera, manager, reviewer):
    assert "先把摄像头转到位" in text(manager.get(PAGE))
    page = text(reviewer.get(PAGE))
    assert "由系统管理员设置" in page
    assert "新增预置位" not in page


def test_the_page_adds_renames_and_retires(camera, turn, manager):
    turn(10)
    manager.post(f"{PAGE}new/", {"name": "东向"})
    turn(20)
    manager.post(f"{PAGE}new/", {"name": "西向"})
    west = Preset.objects.get(name="西向").pk

    manager.post(f"{PAGE}{west}/rename/", {"name": "西口"})
    manager.post(f"{PAGE}{west}/home/")
    manager.post(f"{PAGE}{west}/renew/")
    east = Preset.objects.get(name="东向").pk
    refused = manager.post(f"{PAGE}{east}/retire/", {"reason": "挡住了"})

    page = text(manager.get(PAGE))
    assert refused.status_code == 409
    assert "西口" in page
    assert page.count("看守位") >= 2
    assert "预置位“西向”改名为“西口”" in page
    manager.post(f"{PLAN}save/", {**sent([]), "anyway": "1"})
    answer = manager.post(
        f"{PAGE}{east}/retire/", {"reason": "挡住了"}, headers={"hx-request": "true"}
    )
    assert (answer.status_code, answer["HX-Redirect"]) == (204, PAGE)
    assert "挡住了" in text(manager.get(PAGE))


def test_the_deeds_of_the_page_are_the_administrators(east, reviewer):
    for deed in ("rename", "renew", "home", "retire"):
        assert reviewer.post(f"{PAGE}{east}/{deed}/", {"name": "x"}).status_code == 403
    assert reviewer.post(f"{PAGE}new/", {"name": "x"}).status_code == 403
    assert Preset.objects.get().name == "东向"


def test_the_editor_opens_at_the_preset_asked_for(west, manager):
    page = text(manager.get(f"{PLAN}?preset={west}"))

    assert f'<option value="{west}" data-view=' in page
    assert page.index("东向") < page.index("西向")
    assert "管理预置位" in page


def test_the_editor_saves_zones_into_their_presets(east, west, manager):
    zones = [area(preset=east), area(name="西缘", preset=west)]

    answer = manager.post(f"{PLAN}save/", {**sent(zones), "anyway": "1"})
    lost = manager.post(f"{PLAN}save/", {**sent([area()]), "anyway": "1"})

    assert answer.status_code == 302
    assert list(Zone.objects.order_by("name").values_list("name", "preset")) == [
        ("kerb", east),
        ("西缘", west),
    ]
    assert lost.status_code == 422
    assert "区域“kerb”不属于在用的预置位" in text(lost)


def test_the_cameras_page_shows_every_view_with_its_zones(east, west, manager):
    page = text(manager.get("/vision/cameras/at/C001/"))

    assert page.count('class="drawing"') == 2
    assert page.count('class="zone of-no_parking"') == 1


def test_a_plan_keeps_the_preset_of_each_zone(zone):
    assert [z.get("preset") for z in plan_zones((zone, replace(zone, preset=3)))] == [None, 3]


# ── the api ────────────────────────────────────────────────────────────────────────────


def test_a_program_keeps_presets_by_the_api(camera, turn, api):
    turn(10)
    made = post(api, API, {"name": "东向"})
    turn(20)
    west = post(api, API, {"name": "西向"}).json()["id"]
    change = {"name": "西口", "is_home": True, "renew": True}
    changed = api.patch(f"{API}/{west}", change, content_type="application/json")

    home = post(api, f"{API}/{west}/retire", {"reason": "挡住了"})
    drawn = post(api, f"{API}/{made.json()['id']}/retire", {"reason": "挡住了"})

    assert (made.status_code, made.json()["zones"]) == (201, ["kerb"])
    assert (changed.json()["name"], changed.json()["is_home"]) == ("西口", True)
    assert (home.status_code, drawn.status_code) == (409, 409)
    assert [row["name"] for row in api.get(API).json()] == ["西口", "东向"]


def test_a_change_by_the_api_is_made_whole_or_not_at_all(east, west, api):
    before = names()

    refused = api.patch(
        f"{API}/{east}", {"name": "东口", "renew": True}, content_type="application/json"
    )

    assert refused.status_code == 422
    assert "已是预置位“西向”" in refused.json()["detail"]
    assert Preset.objects.get(pk=east).name == "东向"
    assert names() == before


def test_a_retired_preset_is_gone_from_the_api(east, west, api):
    left = post(api, f"{API}/{west}/retire", {"reason": "路口改造"})

    assert [row["name"] for row in left.json()] == ["东向"]
    assert (
        api.patch(f"{API}/{west}", {"name": "x"}, content_type="application/json").status_code
        == 409
    )


def test_the_api_says_where_the_camera_stands(east, west, api):
    row = {"code": "C001", "preset": "西向"}
    post(api, "/api/v1/vision/heartbeat", {"worker": "w", "cameras": [row]})

    assert [(row["name"], row["is_here"]) for row in api.get(API).json()] == [
        ("东向", False),
        ("西向", True),
    ]
