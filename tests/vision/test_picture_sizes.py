"""Zones stay told in pixels of the picture on which they were drawn, whatever comes after."""

from io import BytesIO
from json import loads

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from chengzhi.kernel.errors import InvalidInput
from chengzhi.vision import commands
from chengzhi.vision.models import Camera, Finding, Zone
from chengzhi.vision.queries.cameras import camera_detail, worker_cameras
from chengzhi.vision.queries.rechecks import open_questions
from chengzhi.vision.rules import space
from chengzhi.vision.rules.camera_file import parse_toml
from chengzhi.vision.rules.plan import stretched
from chengzhi.vision.web.parsing import moment
from chengzhi_vision import fitting
from chengzhi_vision.camera_file import read_camera
from tests.vision.conftest import POLYGON, incoming, picture
from tests.vision.test_health import beat
from tests.vision.test_pages import REVIEW, manager, reviewer, sign_in, text
from tests.vision.test_plans import PLAN, area, sent

__all__ = ["manager", "reviewer", "sign_in"]
PAGE = "/vision/cameras/at/C001/"
WARNING = "宽高比不同"


def photo(width: int, height: int) -> bytes:
    content = BytesIO()
    Image.new("RGB", (width, height), (90, 80, 70)).save(content, "JPEG")
    return content.getvalue()


@pytest.fixture
def upload(camera, manager):
    """Upload a screenshot of a size on the camera's page."""

    def send(width: int, height: int) -> None:
        file = SimpleUploadedFile("a.jpg", photo(width, height))
        assert manager.post(f"{PAGE}still/", {"still": file}).status_code == 302

    return send


def drawn_data(page: str) -> dict[str, object]:
    _, _, rest = page.partition('id="plan-data" type="application/json">')
    return loads(rest.partition("</script>")[0])


def to_watch(administrator) -> dict[str, object]:
    (table,) = worker_cameras(administrator)
    return table


# ── a picture of another size ──────────────────────────────────────────────────────────


@pytest.mark.parametrize("size", [(640, 480), (1600, 1200), (768, 576)])
def test_a_newer_picture_moves_no_zone(upload, manager, administrator, size):
    upload(*size)

    camera = read_camera(to_watch(administrator))
    assert (camera.picture, camera.zones[0].polygon) == ((768, 576), POLYGON)
    assert fitting.fitted(camera, (384, 288)).zones[0].polygon[0] == (320, 20)
    page = text(manager.get(PAGE))
    assert 'viewBox="0 0 768 576"' in page
    assert WARNING not in page
    assert drawn_data(text(manager.get(PLAN)))["size"] == [768, 576]


def test_what_is_drawn_on_the_workers_picture_says_on_which(
    camera, worker, administrator, now, zone
):
    commands.save_zones("C001", (), size=None, actor=administrator, now=now)
    commands.ask_still("C001", actor=administrator, now=now)
    commands.bring_still("C001", photo(1280, 720), actor=worker, now=now)

    commands.save_plan("C001", (zone,), perspective=None, size=None, actor=administrator, now=now)

    assert read_camera(to_watch(administrator)).picture == (1280, 720)


def test_a_file_says_on_what_it_was_drawn(camera, administrator, now):
    file = parse_toml(
        '[camera]\ncode = "C001"\npicture = [1920, 1080]\n'
        '[[zones]]\nname = "A"\nkind = "bin"\npolygon = [[0, 0], [1900, 0], [9, 1000]]\n'
    )

    commands.import_camera_file(file, actor=administrator, now=now)

    assert read_camera(to_watch(administrator)).picture == (1920, 1080)


@pytest.mark.parametrize("value", ["[0, 576]", "[-768, 576]", "[0.3, 0.2]"])
def test_a_picture_without_extent_is_refused(value):
    with pytest.raises(InvalidInput) as refused:
        parse_toml(f'[camera]\ncode = "C001"\npicture = {value}\n')

    assert refused.value.field == "camera.picture"


# ── a picture of another shape ─────────────────────────────────────────────────────────


def test_a_picture_of_another_shape_is_said_and_zones_keep_theirs(upload, manager, administrator):
    upload(1280, 720)

    page = text(manager.get(PAGE))
    assert "这张画面是 1280×720，区域是在 768×576 的画面上画的，宽高比不同" in page
    assert to_watch(administrator)["camera"]["picture"] == [768, 576]
    assert Zone.objects.get().corners == POLYGON


def test_the_editor_begins_with_the_zones_stretched_and_saving_settles_it(
    upload, manager, administrator
):
    upload(1536, 576)

    page = text(manager.get(PLAN))
    data = drawn_data(page)
    assert WARNING in page
    assert data["size"] == [1536, 576]
    assert data["zones"][0]["polygon"] == [[1280, 40], [1440, 40], [1440, 104], [1280, 104]]

    answer = manager.post(f"{PLAN}save/", sent([area()], size=data["size"]))

    assert answer.status_code == 302
    assert to_watch(administrator)["camera"]["picture"] == [1536, 576]
    assert WARNING not in text(manager.get(PLAN))
    assert WARNING not in text(manager.get(PAGE))


def test_without_anything_drawn_the_new_picture_is_drawn_on(upload, administrator, now):
    commands.save_zones("C001", (), size=None, actor=administrator, now=now)

    upload(1280, 720)

    seen = camera_detail(administrator, "C001", now=now)
    assert (seen.frame_width, seen.frame_height, seen.is_reshaped) == (1280, 720, False)


def test_all_that_is_told_in_pixels_is_stretched():
    plan = {
        "size": [100, 100],
        "perspective": {"person": [[10, 20, 10], [30, 90, 40]]},
        "zones": [
            {
                "name": "A", "kind": "bin", "polygon": [[0, 0], [10, 0], [10, 50]],
                "drawn": {"tool": "spot", "points": [[5, 50]], "width": 8, "unit": "px", "side": 1},
                "rules": [{"finding": "bin_overflow", "dwell_s": 60, "min_size": [10, 20]}],
            }
        ],
    }  # fmt: skip

    wide = stretched(plan, (200, 50))

    (zone,) = wide["zones"]
    assert wide["perspective"] == {"person": [[20, 10, 5], [60, 45, 20]]}
    assert (wide["size"], zone["polygon"]) == ([200, 50], [[0, 0], [20, 0], [20, 25]])
    assert (zone["drawn"]["points"], zone["drawn"]["width"]) == ([[10, 25]], 16)
    assert zone["rules"][0]["min_size"] == [20, 10]
    assert plan["zones"][0]["polygon"] == [[0, 0], [10, 0], [10, 50]]


def test_the_worker_says_it_in_its_state_and_the_pages_show_it(camera, manager, worker):
    note = "画面是1280×720，区域是在768×576的画面上画的，宽高比不同"
    commands.record_heartbeat(
        "w1", (beat(state="other_shape", note=note),), actor=worker, now=moment()
    )

    for page in (PAGE, "/vision/health/"):
        shown = text(manager.get(page))
        assert "区域对不上" in shown
        assert note in shown


def test_both_sides_agree_what_one_shape_is():
    assert space.SAME_SHAPE == fitting.SAME_SHAPE
    for sizes in (((1920, 1080), (640, 358)), ((1280, 720), (1024, 768)), ((704, 576), (640, 522))):
        assert space.is_same_shape(*sizes) == fitting.is_same_shape(*sizes)


# ── findings and second looks ──────────────────────────────────────────────────────────


def test_zone_and_box_of_a_finding_are_told_in_pixels_of_its_frame(camera, worker, now):
    message = incoming(now, frame=(1536, 1152), bbox=(1300.0, 88.0, 120.0, 100.0))
    commands.record_finding(message, actor=worker, now=now)

    finding = Finding.objects.get()
    assert (finding.frame_width, finding.frame_height) == (1536, 1152)
    assert finding.polygon == [[1280, 80], [1440, 80], [1440, 208], [1280, 208]]
    assert finding.bbox == [1300, 88, 120, 100]


def test_the_desk_draws_both_in_that_frame(camera, worker, reviewer, bring, now):
    message = incoming(now, frame=(1536, 1152), bbox=(1300.0, 88.0, 120.0, 100.0))
    commands.record_finding(message, actor=worker, now=now)
    bring(10, 20, 30)

    page = text(reviewer.get(REVIEW))

    assert 'data-width="1536" data-height="1152" data-box="1300' in page
    assert "1280.0,80.0 1440.0,80.0" in page


def test_a_question_says_in_whose_pixels_it_asks(camera, worker, jiang_lina, bring, now):
    commands.record_finding(incoming(now, frame=(1536, 1152)), actor=worker, now=now)
    commands.record_heartbeat("w1", (beat(),), actor=worker, now=now)
    bring(10, 20, 30)
    commands.ask_recheck(Finding.objects.get().pk, actor=jiang_lina, now=now)

    (question,) = open_questions(worker, now=now)

    assert question.frame == (1536, 1152)


@pytest.mark.parametrize("frame", [(0, 576), (768, -1), (2**20, 576)])
def test_a_frame_that_cannot_be_is_refused(camera, worker, now, frame):
    with pytest.raises(InvalidInput) as refused:
        commands.record_finding(incoming(now, frame=frame), actor=worker, now=now)

    assert refused.value.field == "frame"
    assert not Finding.objects.exists()


def test_the_picture_of_another_size_is_kept_as_it_is(camera, administrator, now):
    commands.set_still(
        "C001", picture(7), name="p.jpg", size=(96, 72), actor=administrator, now=now
    )

    row = Camera.objects.get()
    assert (row.frame_width, row.frame_height, len(row.still)) == (768, 576, 64)
