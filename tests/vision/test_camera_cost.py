"""What a camera may cost: set by form, by table and for many at once, each change with its event."""

from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from chengzhi.accounts.rules import NotPermitted
from chengzhi.audit import interface as audit
from chengzhi.kernel.errors import InvalidInput, NotVisible
from chengzhi.vision import commands
from chengzhi.vision.forms import CameraForm, CostForm
from chengzhi.vision.models import Camera
from chengzhi.vision.queries.camera_table import CameraDeed, judge_cameras
from chengzhi.vision.rules.camera_table import GRAMMAR
from chengzhi.vision.rules.cost import DEFAULTS, LABELS, LIMITS, cost_of, cost_of_new, read_cost
from chengzhi_vision.camera_file import read_camera
from chengzhi_vision.errors import CameraFileInvalid
from tests.vision.test_pages import CAMERA, manager, reviewer, sign_in, text

__all__ = ["manager", "reviewer", "sign_in"]

COLUMNS = "编号,名称,经度,纬度,视频地址,只看关键帧,优先级,每秒判读帧数,截图间隔"
ROW = "C101,丹河路口,121.88,29.478,rtsp://10.0.0.9/1"


def table(*rows: str, head: str = COLUMNS) -> bytes:
    return "\n".join([head, *rows]).encode()


def said(code: str) -> list[str]:
    return [entry.sentence for entry in audit.history(Camera.objects.get(code=code).subject)]


def options(code: str = "C001") -> dict:
    return Camera.objects.get(code=code).options


# ── the rules ──────────────────────────────────────────────────────────────────────────


def test_defaults_and_limits_are_those_of_the_worker():
    read = read_camera({"camera": {"code": "C1"}, "zones": []})

    assert {name: getattr(read, name) for name in DEFAULTS} == DEFAULTS
    for name, (low, high) in LIMITS.items():
        for value in (low, high):
            read_camera({"camera": {"code": "C1", name: value}, "zones": []})
            read_cost({name: value})
        for value in (low - 0.01, high + 0.01):
            with pytest.raises(CameraFileInvalid):
                read_camera({"camera": {"code": "C1", name: value}, "zones": []})
            with pytest.raises(InvalidInput):
                read_cost({name: value})


@pytest.mark.parametrize(
    ("source", "is_by_key_frames"),
    [
        ("rtsp://10.0.0.9/1", True),
        ("wvp://10.0.0.9:18080/d/c", True),
        ("http://10.0.0.9/live.flv", True),
        ("http://10.0.0.9/now.jpg", False),
        ("snapshot+http://10.0.0.9/now", False),
        ("detections+http://10.0.0.9/", False),
        ("/clips/a.mp4", False),
        ("", False),
        ("http://[", False),
    ],
)
def test_a_new_stream_is_judged_by_key_frames(source, is_by_key_frames):
    assert cost_of_new(source) == ({"keyframes_only": True} if is_by_key_frames else {})


@pytest.mark.parametrize("value", [True, 2.5, "3", float("nan")])
def test_a_priority_that_is_no_whole_number_is_refused_by_its_name(value):
    with pytest.raises(InvalidInput, match="优先级：应为0到9之间的整数") as refusal:
        read_cost({"priority": value})

    assert refusal.value.field == "priority"


def test_a_camera_file_with_a_senseless_setting_is_refused(camera, administrator, draft, now):
    with pytest.raises(InvalidInput, match="每秒判读帧数：应为0.05到30之间的数"):
        commands.change_camera(
            "C001", replace(draft, options={"sample_fps": 99}), actor=administrator, now=now
        )


# ── the table ──────────────────────────────────────────────────────────────────────────


def test_a_table_sets_the_cost_of_a_fleet(camera, administrator, now):
    known = "C001,靖南大街天安路口北,121.879,29.4772,rtsp://user:secret@10.0.0.8/live"

    plan = commands.import_cameras(
        table(f"{ROW},否,3,2,", f"{known},是,9,,10"), actor=administrator, now=now
    )

    assert [line.fields for line in plan.lines if line.deed is CameraDeed.CHANGED] == [
        ("只看关键帧", "优先级", "截图间隔")
    ]
    assert options("C101") == {"priority": 3, "sample_fps": 2.0}
    assert cost_of(options()) == {
        "keyframes_only": True, "priority": 9, "sample_fps": 5.0, "snapshot_s": 10.0,
    }  # fmt: skip
    assert "修改摄像头C001：只看关键帧、优先级、截图间隔" in said("C001")


def test_a_new_camera_of_a_table_is_judged_by_key_frames_unless_it_says_otherwise(
    db, administrator, now
):
    rows = ("C1,甲,121.88,29.478,rtsp://x/1", "C2,乙,121.88,29.478,/clips/a.mp4")
    head = "编号,名称,经度,纬度,视频地址"
    commands.import_cameras(table(*rows, head=head), actor=administrator, now=now)
    before = options("C1")
    commands.set_cost(["C1"], {"keyframes_only": False}, actor=administrator, now=now)

    again = judge_cameras(administrator, table(*rows, head=head))

    assert (before, options("C2")) == ({"keyframes_only": True}, {})
    assert [line.deed for line in again.lines] == [CameraDeed.UNCHANGED] * 2


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ("也许,,,", "只看关键帧", "只看关键帧：请写“是”或“否”。"),
        (",高,,", "优先级", "优先级：应为数字，例如 5。"),
        (",12,,", "优先级", "优先级：应为0到9之间的整数。"),
        (",,60,", "每秒判读帧数", "每秒判读帧数：应为0.05到30之间的数。"),
        (",,,0", "截图间隔", "截图间隔：应为0.2到3600之间的数。"),
    ],
)
def test_a_wrong_cell_is_named_by_row_column_and_cure(db, administrator, cells, column, reason):
    (fault,) = judge_cameras(administrator, table(f"{ROW},{cells}")).faults

    assert (fault.row, fault.column, fault.reason) == (2, column, reason)
    assert fault.text


def test_what_was_exported_can_be_changed_and_imported(camera, manager, administrator):
    exported = text(manager.get("/vision/cameras/?export=csv")).lstrip("\ufeff")
    head, row = exported.splitlines()

    same = judge_cameras(administrator, exported.encode())
    assert row.endswith(",是,否,0,5.0,5.0")
    other = judge_cameras(administrator, exported.replace(",是,否,0,", ",是,是,7,").encode())

    assert set(LABELS.values()) < set(head.split(","))
    assert {column.label for column in GRAMMAR.columns} >= set(LABELS.values())
    assert (same.faults, [line.deed for line in same.lines]) == ((), [CameraDeed.UNCHANGED])
    assert [line.fields for line in other.lines] == [("只看关键帧", "优先级")]


# ── the form ───────────────────────────────────────────────────────────────────────────


def test_an_administrator_sets_the_cost_of_one_camera(camera, manager):
    page = text(manager.get("/vision/cameras/at/C001/change/"))
    wanted = {**CAMERA, "keyframes_only": "on", "priority": "4", "sample_fps": "1.5"}

    answer = manager.post("/vision/cameras/at/C001/change/", wanted)

    assert "一个CPU核约能看62至80路" in page
    assert answer.status_code == 302
    assert options() == {"keyframes_only": True, "priority": 4, "sample_fps": 1.5}
    assert "只看关键帧、优先级、每秒判读帧数" in said("C001")[-1]


def test_the_form_proposes_key_frames_for_a_new_camera_and_keeps_what_it_does_not_show(
    camera, manager, administrator, draft, now
):
    kept = replace(draft, options={"timezone": "Asia/Urumqi", "priority": 2})
    commands.change_camera("C001", kept, actor=administrator, now=now)

    manager.post("/vision/cameras/at/C001/change/", {**CAMERA, "priority": ""})

    assert CameraForm().fields["keyframes_only"].initial is True
    assert options()["timezone"] == "Asia/Urumqi"
    assert cost_of(options())["priority"] == 0


def test_a_senseless_setting_comes_back_at_its_field(manager):
    answer = manager.post("/vision/cameras/new/", {**CAMERA, "priority": "10"})

    assert answer.status_code == 422
    assert "优先级：应为0到9之间的整数" in text(answer)
    assert answer.context["form"].errors.keys() == {"priority"}
    assert not Camera.objects.exists()


# ── many at once ───────────────────────────────────────────────────────────────────────


@pytest.fixture
def three(camera, administrator, draft, now) -> list[str]:
    for code in ("C002", "C003"):
        commands.register_camera(code, draft, actor=administrator, now=now)
    return ["C001", "C002", "C003"]


def test_the_chosen_cameras_of_the_list_are_changed_at_once(three, manager):
    page = text(manager.get("/vision/cameras/"))

    answer = manager.post(
        "/vision/cameras/cost/", {"code": three[:2], "keyframes_only": "1", "priority": ""}
    )

    assert 'name="code" value="C003"' in page
    assert (answer.status_code, answer["Location"]) == (302, "/vision/cameras/")
    assert [options(code) for code in three] == [{"keyframes_only": True}] * 2 + [{}]
    assert [said(code)[-1] for code in three[:2]] == [
        f"修改摄像头{code}：只看关键帧" for code in three[:2]
    ]
    assert "已修改 2 路摄像头" in text(manager.get("/vision/cameras/"))


def test_the_list_comes_back_as_it_was_filtered(camera, manager):
    sent = {"code": ["C001"], "priority": "2"}
    ours = manager.post("/vision/cameras/cost/", {**sent, "next": "/vision/cameras/?find=C0"})
    theirs = manager.post("/vision/cameras/cost/", {**sent, "next": "https://elsewhere.example/"})

    page = text(manager.get("/vision/cameras/?find=C0"))
    assert 'name="next" value="/vision/cameras/?find=C0"' in page
    assert (ours["Location"], theirs["Location"]) == (
        "/vision/cameras/?find=C0", "/vision/cameras/",
    )  # fmt: skip


@pytest.mark.parametrize("source", ["http://10.0.0.9/now.jpg", "detections+http://10.0.0.9/"])
def test_what_is_no_video_has_no_key_frames_to_choose(manager, administrator, now, source):
    manager.post("/vision/cameras/new/", {**CAMERA, "source": source, "keyframes_only": "on"})
    commands.set_cost(["C-9"], {"keyframes_only": True}, actor=administrator, now=now)
    row = f"C-9,名称,121.88,29.478,{source},是,,,"

    assert options("C-9") == {}
    assert judge_cameras(administrator, table(row)).lines[0].draft.options == {}


def test_what_is_so_already_records_nothing(three, administrator, now):
    before = [said(code) for code in three]

    changed = commands.set_cost(
        three, {"keyframes_only": False, "sample_fps": 5}, actor=administrator, now=now
    )

    assert changed == 0
    assert [said(code) for code in three] == before
    assert CostForm({}).is_valid()


@pytest.mark.parametrize(
    ("sent", "status", "sentence"),
    [
        ({"code": ["C001"]}, 422, "没有要改的设置"),
        ({"keyframes_only": "1"}, 422, "请选择1到2000路摄像头"),
        ({"code": ["C001"], "priority": "abc"}, 422, "优先级：输入整数"),
        ({"code": ["C001"], "sample_fps": "99"}, 422, "每秒判读帧数：应为0.05到30之间的数"),
        ({"code": ["C001", "C999"], "priority": "3"}, 404, "没有摄像头“C999”"),
    ],
)
def test_a_wrong_wish_changes_no_camera(camera, manager, sent, status, sentence):
    answer = manager.post("/vision/cameras/cost/", sent)

    assert (answer.status_code, options()) == (status, {})
    assert sentence in text(answer)


def test_only_who_manages_cameras_sets_their_cost(camera, reviewer, jiang_lina, now):
    assert reviewer.post("/vision/cameras/cost/", {"code": ["C001"]}).status_code == 403
    assert "camera-cost" not in text(reviewer.get("/vision/cameras/"))
    assert 'name="code"' not in text(reviewer.get("/vision/cameras/"))
    with pytest.raises(NotPermitted):
        commands.set_cost(["C001"], {"priority": 1}, actor=jiang_lina, now=now)


def test_a_camera_of_elsewhere_is_not_there(three, administrator, now):
    stranger = replace(administrator, division="330226")

    with pytest.raises(NotVisible):
        commands.set_cost(["C001"], {"priority": 1}, actor=stranger, now=now)


def test_a_table_uploaded_on_the_page_shows_the_new_columns(manager):
    file = SimpleUploadedFile("c.csv", table(f"{ROW},是,3,,"), content_type="text/csv")

    assert "只看关键帧、优先级" in text(manager.get("/vision/cameras/import/"))
    assert "丹河路口" in text(manager.post("/vision/cameras/import/", {"file": file}))


# ── the API ────────────────────────────────────────────────────────────────────────────


def test_a_program_reads_and_sets_the_cost_of_many(three, manager):
    def patch(**body):
        return manager.patch("/api/v1/cameras/cost", body, content_type="application/json")

    changed = patch(codes=three, keyframes_only=True, priority=5)
    refused = patch(codes=[*three, "C999"], priority=1)
    senseless = patch(codes=three, priority=10)
    empty = patch(codes=three)

    assert (changed.status_code, changed.json()) == (200, {"changed": 3})
    assert (refused.status_code, senseless.status_code, empty.status_code) == (404, 422, 422)
    assert senseless.json()["field"] == "priority"
    rows = manager.get("/api/v1/cameras/cost").json()
    assert [row["code"] for row in rows] == three
    assert rows[0] == {
        "code": "C001", "name": "靖南大街天安路口北", "enabled": True, "keyframes_only": True,
        "priority": 5, "sample_fps": 5.0, "snapshot_s": 5.0, "cost_ms": 0.0,
    }  # fmt: skip
    assert "只看关键帧、优先级" in said("C003")[-1]


def test_the_api_lets_only_who_manages_cameras_set_it(camera, reviewer):
    answer = reviewer.patch(
        "/api/v1/cameras/cost",
        {"codes": ["C001"], "priority": 5},
        content_type="application/json",
    )

    assert (answer.status_code, options()) == (403, {})
