"""A camera that never gives a first picture says so, once, without inventing a picture."""

from dataclasses import replace

from chengzhi_vision.camera_file import read_camera
from chengzhi_vision.camera_worker import CameraWorker

from .test_worker import camera

BEGAN = 1_764_000_000.0


def wait(around, source: str, *seconds: float) -> CameraWorker:
    """Let the judge of a camera note at these seconds that nothing has come."""
    still = replace(around, clock=lambda: BEGAN)
    worker = CameraWorker(read_camera(camera(source)), around=still)
    worker.tally.state = "no_source"
    for second in seconds:
        worker._note_blind(BEGAN + second)
    return worker


def test_eight_hours_without_a_first_picture_are_one_finding(around):
    worker = wait(around, "rtsp://10.0.0.8/none", *range(0, 8 * 3600, 10))

    (queued,) = around.spool.due(now=BEGAN + 8 * 3600)
    body = queued.body
    assert (body["camera"], body["kind"], body["matter_code"]) == ("C009", "camera_blind", "01050")
    assert body["evidence"] == []
    assert (worker.tally.findings, worker.tally.state) == (1, "no_source")


def test_a_source_has_a_minute_to_give_its_first_picture(around):
    wait(around, "rtsp://10.0.0.8/slow", 10, 59)

    assert around.spool.counts().pending == 0


def test_a_clip_that_is_not_there_is_no_blind_camera(around, tmp_path):
    wait(around, str(tmp_path / "none.mp4"), 3600)

    assert around.spool.counts().pending == 0
