"""`chengzhi vision token` and `chengzhi vision import-camera`."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from chengzhi.accounts import interface as accounts
from chengzhi.vision.models import Camera, Zone

FILE = """
[camera]
code = "C001"
name = "路口"
source = "clip.avi"
[[zones]]
name = "kerb"
kind = "no_parking"
polygon = [[640, 40], [724, 40], [724, 104], [640, 104]]
[[zones.rules]]
finding = "motor_vehicle_parked"
dwell_s = 20
"""


def run(*words: object) -> str:
    out = StringIO()
    call_command("vision", *map(str, words), stdout=out)
    return out.getvalue().strip()


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "C001.toml"
    path.write_text(FILE, encoding="utf-8")
    return path


@pytest.mark.django_db
def test_a_token_opens_the_workers_door():
    plain = run("token", "--name", "一号识别机", "--days", 30)

    actor = accounts.authenticate(plain, scope="vision", now=timezone.now())
    assert actor.county == "330225"


@pytest.mark.django_db
def test_a_token_for_more_than_a_year_is_refused():
    with pytest.raises(CommandError, match="一年"):
        run("token", "--days", 400)


@pytest.mark.django_db
def test_a_new_camera_is_registered_and_an_old_one_updated(file):
    said = run("import-camera", file, "--lon", 121.879, "--lat", 29.4772)
    file.write_text(FILE.replace("路口", "新路口"), encoding="utf-8")
    run("import-camera", file)

    assert said == "C001：1 个区域已导入。"
    assert Camera.objects.values_list("name", "source").get() == ("新路口", "clip.avi")
    assert Zone.objects.get().name == "kerb"


@pytest.mark.django_db
def test_a_new_camera_needs_a_place(file):
    with pytest.raises(CommandError, match="--lon"):
        run("import-camera", file)

    assert not Camera.objects.exists()


@pytest.mark.django_db
def test_a_wrong_file_is_refused_whole(file, tmp_path):
    file.write_text(FILE.replace("dwell_s = 20", "dwell_s = 0"), encoding="utf-8")

    with pytest.raises(CommandError, match="dwell_s"):
        run("import-camera", file, "--lon", 121.879, "--lat", 29.4772)
    with pytest.raises(CommandError, match="读不到"):
        run("import-camera", tmp_path / "absent.toml")

    assert not Camera.objects.exists()
