"""What breaks in the field, done to a clip on purpose: do the alarms stay the same?

Each fault is done to frames (what a camera and a network do), to the detector, or to the
worker itself (killed in the middle of a stay; it goes on from what the worker writes down).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import av
import numpy as np

from chengzhi_vision.bench.match import boxes_touch
from chengzhi_vision.bench.run import MakePipeline, alarm_of
from chengzhi_vision.bench.types import AlarmRow
from chengzhi_vision.config import Camera
from chengzhi_vision.detectors.protocol import Detector
from chengzhi_vision.pipeline import Pipeline
from chengzhi_vision.pipeline.snapshot import load_memory, save_memory
from chengzhi_vision.sources.sampling import StreamClock
from chengzhi_vision.tracking.tracker import Tracker
from chengzhi_vision.types import Box, Detection, Frame, ModelRef, Picture

TOLERANCE_S = 2.0
SNAPSHOT_S = 5.0
LIVE_JUMP_S = 60.0
SHADES = np.array([88, 121, 70, 140, 104], np.uint8)
THING_PX, PASS_PX = 40, 23  # how wide they are, how far they come from one frame to the next
OCCLUSION_S = 30.0
SPOILT = 0.05
SWITCH_S = 3.0


class Fault(StrEnum):
    """What is done to a run."""

    LOST_DETECTIONS = "lost_detections"
    ID_SWITCHES = "id_switches"
    OCCLUSION = "occlusion"
    RESTART = "restart"
    PTS_JUMPS = "pts_jumps"
    VARIABLE_RATE = "variable_rate"
    BROKEN_PACKETS = "broken_packets"


@dataclass(frozen=True, kw_only=True)
class Same:
    """How a run with a fault compares with the clean one."""

    fault: Fault
    missing: tuple[AlarmRow, ...]
    extra: tuple[AlarmRow, ...]
    worst_s: float

    @property
    def is_same(self) -> bool:
        return not self.missing and not self.extra and self.worst_s <= TOLERANCE_S


def compare(fault: Fault, clean: Sequence[AlarmRow], rows: Sequence[AlarmRow]) -> Same:
    """Pair the alarms of two runs: same kind and zone, boxes that touch, nearest in time."""
    left = list(rows)
    missing, worst = [], 0.0
    for alarm in clean:
        near = [row for row in left if _is_like(alarm, row)]
        if not near:
            missing.append(alarm)
            continue
        best = min(near, key=lambda row, at=alarm.alarm_s: abs(row.alarm_s - at))  # type: ignore[misc]
        worst = max(worst, abs(best.alarm_s - alarm.alarm_s))
        left.remove(best)
    return Same(fault=fault, missing=tuple(missing), extra=tuple(left), worst_s=worst)


def _is_like(one: AlarmRow, other: AlarmRow) -> bool:
    return (one.kind, one.zone) == (other.kind, other.zone) and boxes_touch(one.box, other.box)


@dataclass
class Forgetful:
    """A detector that overlooks a share of what it sees."""

    detector: Detector
    share: float = 0.5
    seed: int = 4

    def __post_init__(self) -> None:
        self._rng = np.random.default_rng(self.seed)

    @property
    def model(self) -> ModelRef:
        return self.detector.model

    def load(self) -> None:
        self.detector.load()

    def detect(self, image: Picture) -> list[Detection]:
        return [d for d in self.detector.detect(image) if self._rng.random() >= self.share]


def occluded(frames: Iterable[Frame], *, over: Box, start: float) -> Iterator[Frame]:
    """Let grey things pass before a box, one after the other, for half a minute.

    One that stood there for so long would be a finding of its own.
    """
    for frame in frames:
        if start <= frame.pts < start + OCCLUSION_S:
            image = frame.image.copy()
            rows = slice(max(int(over.y), 0), int(over.bottom))
            columns = np.arange(max(int(over.x), 0), min(int(over.right), image.shape[1]))
            passing = (columns + PASS_PX * frame.index) // THING_PX % len(SHADES)
            image[rows, columns] = SHADES[passing][None, :, None]
            frame = Frame(index=frame.index, pts=frame.pts, at=frame.at, image=image)
        yield frame


def with_jumps(frames: Iterable[Frame], *, at: Sequence[float]) -> Iterator[Frame]:
    """Let the stream's clock leap by an hour, back and forth, as cameras do; ours goes on."""
    clock = StreamClock(default_step=0.2, jump_s=LIVE_JUMP_S)
    for frame in frames:
        leaps = sum(frame.pts >= moment for moment in at)
        pts = clock.seconds(1000.0 + frame.pts + (3600.0 if leaps % 2 else 0.0))
        yield Frame(index=frame.index, pts=pts, at=pts, image=frame.image)


def thinned(frames: Iterable[Frame], *, seed: int = 8) -> Iterator[Frame]:
    """Drop frames at random, in bursts of up to two seconds."""
    rng = np.random.default_rng(seed)
    silent_until = 0.0
    for frame in frames:
        if frame.pts < silent_until:
            continue
        if rng.random() < 0.04:
            silent_until = frame.pts + float(rng.uniform(0.5, 2.0))
        elif rng.random() < 0.7:
            yield frame


def spoilt_copy(clip: Path, out: Path, *, seed: int = 3) -> None:
    """Copy a clip and overwrite some bytes in one packet of twenty."""
    rng = np.random.default_rng(seed)
    with av.open(str(clip)) as source, av.open(str(out), "w", format="matroska") as target:
        stream = source.streams.video[0]
        copy: Any = target.add_stream_from_template(stream)
        for number, packet in enumerate(source.demux(stream)):
            if packet.dts is None:
                continue
            target.mux(_spoilt(packet, copy, rng) if number and rng.random() < SPOILT else
                       _moved(packet, copy))  # fmt: skip


def _spoilt(packet: Any, stream: Any, rng: np.random.Generator) -> Any:
    data = bytearray(bytes(packet))
    for place in rng.integers(min(8, len(data) - 1), len(data), 12).tolist():
        data[place] = int(rng.integers(256))
    broken: Any = av.Packet(bytes(data))
    broken.pts, broken.dts, broken.time_base = packet.pts, packet.dts, packet.time_base
    broken.is_keyframe = packet.is_keyframe
    return _moved(broken, stream)


def _moved(packet: Any, stream: Any) -> Any:
    packet.stream = stream
    return packet


@dataclass
class Trial:
    """One run of a chain over frames, perhaps killed and started again on the way."""

    camera: Camera
    make: MakePipeline
    name: str
    folder: Path
    kill_at: float | None = None
    switches: bool = False

    def run(self, frames: Iterable[Frame]) -> list[AlarmRow]:
        """Return the alarms of the run."""
        self._rows: list[AlarmRow] = []
        self._pipeline = self.make(self.camera)
        saved_at, switched_at, now = 0.0, 0.0, 0.0
        for frame in frames:
            now = frame.pts
            if self.kill_at is not None and now >= self.kill_at:
                self._restart(frame)
            if self.switches and now - switched_at >= SWITCH_S:
                self._pipeline.tracker, switched_at = Tracker(self.camera.limits.track), now
            self._keep(self._pipeline.feed(frame), now)
            if now - saved_at >= SNAPSHOT_S:
                save_memory(self._pipeline, self._state)
                saved_at = now
        self._keep(self._pipeline.finish(), now)
        return self._rows

    @property
    def _state(self) -> Path:
        return self.folder / f"{self.name}.json"

    def _restart(self, frame: Frame) -> None:
        """Be killed: what was not in the last snapshot is lost, as after kill -9."""
        self.kill_at = None
        self._pipeline = self.make(self.camera)
        load_memory(self._pipeline, self._state, at=frame.at)

    def _keep(self, alarms: Sequence[Any], now: float) -> None:
        for alarm in alarms:
            self._rows.append(alarm_of(alarm, clip=self.name, emitted_s=now))
            self._pipeline.mark_reported(alarm)
        if alarms:
            save_memory(self._pipeline, self._state)


Frames = Callable[[], Iterable[Frame]]


@dataclass(frozen=True, kw_only=True)
class Bed:
    """A clip on which faults are tried: its frames, its camera, and when its stay began."""

    name: str
    camera: Camera
    frames: Frames
    detector: Detector | None
    start_s: float
    dwell_s: float
    box: Box
    folder: Path
    spoilt: Frames | None = None

    def _make(self, detector: Detector | None) -> MakePipeline:
        return lambda camera: Pipeline(camera, detector=detector)

    def trial(self, **how: Any) -> Trial:
        detector = how.pop("detector", self.detector)
        make = self._make(detector)
        return Trial(camera=self.camera, make=make, name=self.name, folder=self.folder, **how)

    def clean(self) -> list[AlarmRow]:
        """Return the alarms of the undisturbed run."""
        return self.trial().run(self.frames())

    def run(self, fault: Fault) -> list[AlarmRow]:
        """Return the alarms of the run with a fault."""
        middle = self.start_s + self.dwell_s / 2
        match fault:
            case Fault.LOST_DETECTIONS:
                lame = None if self.detector is None else Forgetful(self.detector)
                return self.trial(detector=lame).run(self.frames())
            case Fault.ID_SWITCHES:
                return self.trial(switches=True).run(self.frames())
            case Fault.OCCLUSION:
                start = self.start_s + 6
                return self.trial().run(occluded(self.frames(), over=self.box, start=start))
            case Fault.RESTART:
                return self.trial(kill_at=middle).run(self.frames())
            case Fault.PTS_JUMPS:
                jumps = (self.start_s + 4, middle, middle + 5)
                return self.trial().run(with_jumps(self.frames(), at=jumps))
            case Fault.VARIABLE_RATE:
                return self.trial().run(thinned(self.frames()))
            case Fault.BROKEN_PACKETS:
                return self.trial().run((self.spoilt or self.frames)())


def try_all(bed: Bed) -> list[Same]:
    """Run the clean clip and every fault."""
    clean = bed.clean()
    faults = [f for f in Fault if f is not Fault.BROKEN_PACKETS or bed.spoilt is not None]
    return [compare(fault, clean, bed.run(fault)) for fault in faults]
