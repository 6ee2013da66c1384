"""Sources: time stamps, sampling, files, snapshots."""

import math

import av
import cv2
import httpx
import numpy as np
import pytest

from chengzhi_vision.errors import SourceFailed
from chengzhi_vision.evidence.ring import PacketRing
from chengzhi_vision.sources.decoders import KeyFrameDecoders, kind_of
from chengzhi_vision.sources.gulps import gulped, waits_for_us
from chengzhi_vision.sources.picture import DecodedFrame
from chengzhi_vision.sources.sampling import Sampler, StreamClock
from chengzhi_vision.sources.snapshot import SnapshotSource, is_snapshot
from chengzhi_vision.sources.video import VideoSource, is_live, shown


def test_sampling_keeps_the_asked_rate():
    sampler = Sampler(5)

    kept = [i / 25 for i in range(100) if sampler.wants(i / 25)]

    assert kept[:4] == [0.0, 0.2, 0.4, 0.6]
    assert len(kept) == 20


def test_a_slower_source_loses_nothing():
    sampler = Sampler(5)

    assert all(sampler.wants(i * 2.0) for i in range(10))


def test_sampling_goes_on_after_a_gap():
    sampler = Sampler(5)
    early = [i / 25 for i in range(50) if sampler.wants(i / 25)]

    late = [100 + i / 25 for i in range(50) if sampler.wants(100 + i / 25)]

    assert (len(early), len(late)) == (10, 10)


def test_stream_time_starts_at_zero_and_never_runs_back():
    clock = StreamClock(default_step=0.1)

    times = [clock.seconds(s) for s in (50.0, 50.1, None, 50.3, 3.0, 3.1, 900.0)]

    assert times == pytest.approx([0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6])


def test_a_long_silence_of_a_file_is_time_that_passed():
    clock = StreamClock(jump_s=math.inf)

    assert [clock.seconds(s) for s in (0.0, 25.0, 300.0)] == [0.0, 25.0, 300.0]


def test_a_file_gives_its_frames_by_time_stamp(make_clip):
    clip = make_clip(seconds=4)
    source = VideoSource(str(clip), fps=2.5, keyframes_only=False, ring=None)

    frames = list(source.frames(started_at=1000.0, stop=lambda: False))

    assert source.decoded == 20
    assert [f.pts for f in frames] == pytest.approx([i * 0.4 for i in range(10)])
    assert frames[-1].at == pytest.approx(1003.6)
    assert frames[0].image.shape == (360, 640, 3)


def test_key_frames_alone_can_be_asked_for(make_clip):
    clip = make_clip(seconds=6)
    source = VideoSource(str(clip), fps=5, keyframes_only=True, ring=None)

    frames = list(source.frames(started_at=0, stop=lambda: False))

    assert [f.pts for f in frames] == pytest.approx([0, 2, 4])


def test_cameras_share_the_decoders_of_their_key_frames(make_clip):
    decoders = KeyFrameDecoders(at_once=1)
    streams = [av.open(str(make_clip(seconds=2, name=name))) for name in ("a.mp4", "b.mp4")]
    packets = [next(stream.demux(video=0)) for stream in streams]
    kinds = [kind_of(stream.streams.video[0].codec_context) for stream in streams]

    pictures = [decoders.decode(*pair)[0] for pair in zip(packets, kinds, strict=True)]

    assert decoders.idle == 1
    assert [picture.to_ndarray().tobytes() for picture in pictures] == [
        list(packet.decode())[0].to_ndarray().tobytes() for packet in packets
    ]


def test_a_key_frame_that_was_judged_is_decoded_again_when_asked_for(make_clip):
    source = VideoSource(str(make_clip(seconds=2)), fps=5, keyframes_only=True, ring=None)
    frame = next(source.frames(started_at=0, stop=lambda: False))
    before = frame.image.copy()

    frame.shrink()

    assert frame._picture is None
    assert frame.size == (640, 360)
    assert np.array_equal(frame.image, before)


def test_a_key_frame_of_a_live_stream_is_decoded_when_it_is_judged(make_clip):
    clip, now = str(make_clip(seconds=6)), [50.0]
    source = VideoSource(clip, fps=5, keyframes_only=True, ring=None, clock=lambda: now[0])

    frames = list(source.frames(started_at=0, stop=lambda: False))
    opened = [(frame._picture is None, frame.open(), frame.size) for frame in frames]

    assert [frame.pts for frame in frames] == pytest.approx([0, 2, 4])
    assert opened == [(True, True, (640, 360))] * 3


def test_a_promised_frame_that_cannot_be_decoded_is_no_picture():
    frame = DecodedFrame(index=0, pts=0.0, at=0.0, again=lambda: [][0])

    assert not frame.open()


def test_points_of_a_frame_in_color_come_straight_from_its_planes():
    ramp = np.zeros((64, 128, 3), np.uint8)
    ramp[:, :64], ramp[:, 64:] = (40, 90, 200), (180, 120, 30)
    picture = av.VideoFrame.from_ndarray(ramp, format="bgr24").reformat(format="yuv420p")
    frame = DecodedFrame(index=0, pts=0.0, at=0.0, picture=picture)

    points = frame.colors((32, 16))

    assert points.shape == (16, 32, 3)
    assert int(np.abs(points.astype(int) - ramp[::4, ::4]).max()) <= 3


def test_a_stream_is_read_in_gulps():
    now, rests, read = [0.0], [], []

    def packets():
        for came_at in (0.0, 0.04, 0.08, 0.12, 0.5, 0.54):
            now[0] = max(now[0], came_at)  # waits until the packet has come
            yield came_at

    def rest(seconds):
        rests.append(round(now[0], 2))
        now[0] += seconds

    for packet in gulped(packets(), now=lambda: now[0], rest=rest):
        read.append((packet, round(now[0], 2)))

    assert rests == [0.04, 0.5]
    assert read == [(0.0, 0.0), (0.04, 0.04), (0.08, 0.44), (0.12, 0.44), (0.5, 0.5), (0.54, 0.9)]


@pytest.mark.parametrize(("address", "waits"), [("rtsp://h/1", True), ("udp://h:1", False)])
def test_only_what_is_kept_for_us_is_read_in_gulps(address, waits):
    assert waits_for_us(address) is waits


def test_packets_go_to_the_ring(make_clip):
    ring = PacketRing(keep_s=100, max_bytes=10**9)
    source = VideoSource(str(make_clip(seconds=4)), fps=5, keyframes_only=False, ring=ring)

    list(source.frames(started_at=0, stop=lambda: False))

    pieces = ring.cut(start=0, end=100)
    assert len(pieces) == 20
    assert [p.is_key for p in pieces] == [i % 10 == 0 for i in range(20)]


def test_a_source_stops_when_told(make_clip):
    source = VideoSource(str(make_clip(seconds=4)), fps=5, keyframes_only=False, ring=None)

    assert list(source.frames(started_at=0, stop=lambda: True)) == []


@pytest.mark.parametrize("name", ["missing.mp4", "text.mp4"])
def test_what_cannot_be_opened_is_refused(tmp_path, name):
    (tmp_path / "text.mp4").write_text("no video")

    with pytest.raises(SourceFailed, match="打不开"):
        VideoSource(str(tmp_path / name), fps=5, keyframes_only=False, ring=None)


def test_a_password_is_not_shown():
    assert shown("rtsp://admin:secret@10.0.0.1/1") == "rtsp://10.0.0.1/1"


@pytest.mark.parametrize(
    ("address", "live", "snapshot"),
    [
        ("rtsp://h/1", True, False),
        ("http://h/live.flv", True, False),
        ("http://h/snap.jpg?u=1", True, True),
        ("snapshot+http://h/snap", False, True),
        ("clip.mp4", False, False),
    ],
)
def test_kinds_of_address(address, live, snapshot):
    assert (is_live(address), is_snapshot(address)) == (live, snapshot)


def snapshots(answer: httpx.Response) -> SnapshotSource:
    moments = iter(range(100, 200))
    return SnapshotSource(
        "snapshot+http://camera/snap",
        every_s=5,
        clock=lambda: float(next(moments)),
        wait=lambda _s: False,
        transport=httpx.MockTransport(lambda _request: answer),
    )


def test_snapshots_become_frames():
    _, data = cv2.imencode(".jpg", np.full((48, 64, 3), 120, np.uint8))
    source = snapshots(httpx.Response(200, content=data.tobytes()))
    frames = source.frames(started_at=100.0, stop=lambda: False)

    first, second = next(frames), next(frames)

    assert first.image.shape == (48, 64, 3)
    assert (first.pts, second.pts) == (0.0, 2.0)


@pytest.mark.parametrize("answer", [httpx.Response(500), httpx.Response(200, content=b"html")])
def test_a_snapshot_that_is_no_picture_is_a_failure(answer):
    with pytest.raises(SourceFailed):
        next(snapshots(answer).frames(started_at=0, stop=lambda: False))
