"""One camera at work: a thread that reads, a thread that judges."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event, Thread

from chengzhi_vision.alarms import Alarm, blind_finding, make_blind_alarm
from chengzhi_vision.analyse import make_ring
from chengzhi_vision.config import Camera
from chengzhi_vision.detectors.given import GivenDetector
from chengzhi_vision.detectors.protocol import Detector
from chengzhi_vision.errors import SourceFailed
from chengzhi_vision.evidence.files import Footage
from chengzhi_vision.fleet import preroll
from chengzhi_vision.fleet.cost import Stopwatch
from chengzhi_vision.fleet.detector import SharedDetector
from chengzhi_vision.fleet.turns import Turns
from chengzhi_vision.frame_queue import FrameQueue, Item
from chengzhi_vision.keeping import Keeper
from chengzhi_vision.pipeline import Paced, Pipeline
from chengzhi_vision.recheck.looking import Rechecks, SecondLooks
from chengzhi_vision.remembering import CameraMemory
from chengzhi_vision.scene.health import Trouble
from chengzhi_vision.sources.detections import DetectionsSource, is_detections, is_pushed
from chengzhi_vision.sources.snapshot import SnapshotSource, is_snapshot
from chengzhi_vision.sources.video import VideoSource, is_live
from chengzhi_vision.sources.wvp import Gateway, is_wvp
from chengzhi_vision.spool.backoff import wait_s
from chengzhi_vision.spool.store import Spool
from chengzhi_vision.stills import StillMaker
from chengzhi_vision.tally import Tally
from chengzhi_vision.trial.ring import StillRing
from chengzhi_vision.types import Frame, Picture

QUEUE_SIZE = 8
POLL_S = 0.5
NEXT_S = 5.0  # so long the next picture is waited for
SEEING = ("ok", "no_source", "starting", Trouble.OTHER_VIEW)
STEADY_S = 60.0
FIRST_S = 60.0  # a source may be slow to give its first picture
log = logging.getLogger("chengzhi_vision")


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What a camera worker gets from outside: time, chance, disk and the detector."""

    clock: Callable[[], float]
    chance: Callable[[], float]
    spool: Spool
    state_folder: Path
    detector: Detector | None
    slow: tuple[Paced, ...] = ()
    ring: StillRing | None = None  # stills of the last day, on which drafts are tried
    rechecks: Rechecks | None = None
    turns: Turns | None = None  # pictures are opened and judged a few at a time
    open_video: Callable[..., VideoSource] = VideoSource


class CameraWorker:
    """Runs one camera until stopped; the supervisor watches `tally.frames`."""

    def __init__(self, camera: Camera, *, around: Surroundings, tally: Tally | None = None) -> None:
        self.camera, self.around = camera, around
        self.tally = tally or Tally()
        self.queue = FrameQueue(1 if camera.keyframes_only else QUEUE_SIZE)
        self.stopping = Event()
        self.failure = ""
        self._ended, self._shown = Event(), Event()
        self._is_wanted = False  # somebody waits for a whole picture
        self._given = GivenDetector() if is_detections(camera.source) else None
        detector = self._given or self._own(around.detector)
        self._pipeline = Pipeline(camera, detector=detector, slow=self._slow())
        self._looks = None if around.rechecks is None else self._second_looks(around.rechecks)
        self._disk = around.spool.disk
        self._keeper = Keeper(
            camera,
            spool=around.spool,
            ring=around.ring,
            folder=around.state_folder,
            detector=around.detector,
            clock=around.clock,
            tally=self.tally,
        )
        self._memory = CameraMemory(
            self._pipeline,
            folder=around.state_folder,
            disk=self._disk,
            clock=around.clock,
            forgets=not self.keeps_places,
        )
        self._threads = [
            Thread(target=self._guard, args=(deed,), name=f"{camera.code}-{name}", daemon=True)
            for name, deed in (("read", self._read), ("judge", self._judge))
        ]
        self._epoch = 0
        self._item: Item | None = None
        self._no_picture_reported = self._is_resting = False
        self._checked_at = self._began_at = around.clock()

    def _own(self, detector: Detector | None) -> Detector | None:
        """Return a shared detector so that this camera pays for its looks."""
        if not isinstance(detector, SharedDetector):
            return detector
        return detector.on_behalf_of(self.tally, priority=self.camera.priority)

    def _slow(self) -> tuple[Paced, ...]:
        return tuple(
            replace(paced, detector=own)
            for paced in self.around.slow
            if (own := self._own(paced.detector)) is not None
        )

    @property
    def is_endless(self) -> bool:
        """Tell whether the source goes on for ever: a stream, snapshots, a looped clip."""
        source = self.camera.source
        return self.camera.loop or is_live(source) or is_snapshot(source) or is_pushed(source)

    @property
    def keeps_places(self) -> bool:
        """Tell whether places outlive a restart: a clip begins again, a street goes on."""
        return self.is_endless and not self.camera.loop

    def newest(self) -> Picture | None:
        """Return the picture judged last; where only a small one is left, the next, if it comes."""
        if self._item is not None and self._item.frame.is_small:
            self._shown.clear()
            self._is_wanted = True
            self._shown.wait(NEXT_S)
        item = self._item
        image = None if item is None or item.frame.is_small else item.frame.image
        self._is_wanted = False
        return image

    def start(self) -> None:
        self._memory.load()
        for thread in self._threads:
            thread.start()

    def stop(self, *, timeout_s: float = 10.0) -> None:
        """Ask both threads to end and wait for them."""
        self.stopping.set()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(timeout_s)

    @property
    def is_alive(self) -> bool:
        read, judge = self._threads
        return judge.is_alive() and (read.is_alive() or self._ended.is_set())

    @property
    def is_running(self) -> bool:
        """Tell whether a thread still runs, perhaps in a stream that hangs."""
        return any(thread.is_alive() for thread in self._threads)

    @property
    def is_done(self) -> bool:
        """Tell whether a clip that is played once has been judged to its end."""
        return self._ended.is_set() and not self._threads[1].is_alive()

    def _guard(self, deed: Callable[[], None]) -> None:
        try:
            deed()
        except Exception as error:  # the supervisor restarts the camera and shows the reason
            self.failure = f"{type(error).__name__}: {error}"
            log.exception("camera %s failed", self.camera.code)

    def _read(self) -> None:
        attempts = 0
        while not self.stopping.is_set():
            opened = self.around.clock()
            try:
                self._read_once()
            except SourceFailed as failure:
                self.tally.state = "no_source"
                log.warning("camera %s: %s", self.camera.code, failure.sentence)
                attempts = 0 if self.around.clock() - opened > STEADY_S else attempts + 1
                self.stopping.wait(wait_s(attempts, chance=self.around.chance))
                continue
            if not self.is_endless:
                self._ended.set()
                return
            self.stopping.wait(self.camera.loop_pause_s if self.camera.loop else POLL_S)

    def _read_once(self) -> None:
        started = self.around.clock()
        frames, footage = self._open(started)
        self._epoch += 1
        watch = Stopwatch()
        for frame in frames:
            self.tally.read_s += watch.lap()
            if self.camera.loop:
                self.stopping.wait(max(frame.at - self.around.clock(), 0.0))
            if self.stopping.is_set():
                return
            self._put(Item(epoch=self._epoch, frame=frame, footage=footage))

    def _put(self, item: Item) -> None:
        if self.is_endless:
            self.queue.put(item)
            return
        while not self.stopping.is_set():
            if self.queue.put_waiting(item, timeout_s=POLL_S):
                return

    def _open(self, started: float) -> tuple[Iterator[Frame], Footage | None]:
        camera = self.camera
        if is_snapshot(camera.source):
            pictures = SnapshotSource(
                camera.source,
                every_s=camera.snapshot_s,
                clock=self.around.clock,
                wait=self.stopping.wait,
            )
            return pictures.frames(started_at=started, stop=self.stopping.is_set), None
        if self._given is not None:
            told = DetectionsSource(camera.source, given=self._given)
            return told.frames(started_at=started, stop=self.stopping.is_set), None
        if is_wvp(camera.source):
            gateway = Gateway(camera.source, self.stopping.wait)
            return gateway.read(lambda address: self._open_video(address, started))
        return self._open_video(camera.source, started)

    def _open_video(self, address: str, started: float) -> tuple[Iterator[Frame], Footage]:
        camera, ring = self.camera, make_ring(self.camera)
        ring.rest(is_resting=self._is_resting)  # as before the break, until a frame is judged
        video = self.around.open_video(
            address,
            fps=camera.sample_fps,
            keyframes_only=camera.keyframes_only,
            ring=ring,
            clock=self.around.clock if is_live(address) else None,
        )
        frames = video.frames(started_at=started, stop=self.stopping.is_set)
        return frames, Footage(ring=ring, template=video.template)

    def _judge(self) -> None:
        watch = Stopwatch()
        while not self.stopping.is_set():
            item = self.queue.get(timeout_s=POLL_S)
            if item is not None:
                now = self._take(item)
            elif self._ended.is_set():
                break
            else:
                now = self.around.clock()
            self._note_blind(now)
            self._note_kept(self._keeper.again())
            if self._looks is not None:
                self._looks.tick(now)
            self.tally.judge_s += watch.lap()
        if not self.is_endless:
            self._report(self._pipeline.finish())
        self._memory.save()

    def _take(self, item: Item) -> float:
        """Judge a picture and report what it shows; return when its turn came, which may be late."""
        with self._turn():
            now = self.around.clock()
            alarms = self._judged(item)
        if alarms is None:
            return now
        self._report(alarms)
        if self._looks is not None:
            self._looks.saw(item.frame)
        item.frame.release()
        if self._is_wanted:
            self._shown.set()
        elif self.keeps_places:
            item.frame.shrink()
        self._rest(item)
        self.tally.looks = self._pipeline.eyes.looks
        self.tally.looks_spared = self._pipeline.eyes.reused
        lag = now - item.frame.at if self.is_endless else 0.0
        self.tally.note_frame(now, lag_s=max(lag, 0.0))
        if self._memory.is_due(now):
            self._memory.save()
        return now

    def _turn(self) -> AbstractContextManager[None]:
        """Wait until few others are at it: an open picture takes twenty times what its packet does."""
        turns = self.around.turns
        return nullcontext() if turns is None else turns.turn(priority=self.camera.priority)

    def _judged(self, item: Item) -> list[Alarm] | None:
        """Open a picture and judge it; return its alarms, None where it cannot be opened."""
        if not item.frame.open():
            return None
        if self._item is not None and item.epoch != self._item.epoch:
            self._begin_again(item)
        self._item, self._no_picture_reported = item, False
        if self.around.ring is not None:
            with self._disk.spare("stills"):
                if self.around.ring.offer(self.camera.code, item.frame):
                    self._disk.worked("stills")
        return self._pipeline.feed(item.frame)

    def _rest(self, item: Item) -> None:
        """Let the ring rest while no alarm can be near."""
        if item.footage is None or not self.is_endless:
            return
        self._is_resting = not preroll.is_near(self._pipeline, at=item.frame.at)
        item.footage.ring.rest(is_resting=self._is_resting)

    def _begin_again(self, item: Item) -> None:
        """The source was opened anew: a loop is a new story, a stream goes on."""
        if self.camera.loop:
            self._report(self._pipeline.finish())
            self._pipeline.reset()
        else:
            self._pipeline.resume(at=item.frame.at)

    def _note_blind(self, now: float) -> None:
        elapsed, self._checked_at = now - self._checked_at, now
        last = self.tally.last_frame_at
        silent_s = now - (self._began_at if last is None else last)
        trouble = self._pipeline.trouble
        here = self._pipeline.presets.current
        self.tally.preset = "" if here is None else here.name
        is_pause = self.camera.loop and self.camera.loop_pause_s > 0
        is_silent = (last is None or silent_s > 5.0) and not is_pause
        self.tally.misfit = self._pipeline.drawing.misfit
        if trouble is not None and trouble is not Trouble.LIGHT:
            self.tally.state = str(trouble)
        elif not is_silent:
            self.tally.state = "ok"
        if is_silent:
            self.tally.fps = 0.0
        if is_silent and self.tally.state not in ("no_source", *Trouble):
            self.tally.state = str(Trouble.NO_PICTURE)
        if is_silent or self.tally.state not in SEEING:
            self.tally.blind_s += elapsed
        patience = max(self.camera.limits.health.blind_after_s, FIRST_S if last is None else 0.0)
        if silent_s >= patience and not is_pause:
            self._report_no_picture(now - silent_s, now)

    def _report_no_picture(self, since: float, now: float) -> None:
        if self._no_picture_reported or not self.is_endless:
            return
        camera, item, why = self.camera, self._item, str(Trouble.NO_PICTURE)
        if item is None:  # a bad address, a dead line, a dead camera: there is nothing to show
            found = blind_finding(camera=camera, since=since, at=now, reason=why, offset=since)
            self._no_picture_reported = self._keeper.tell(found)
            self.tally.findings += self._no_picture_reported
            return
        self._no_picture_reported = True
        still = StillMaker(item.frame, quality=int(camera.limits.evidence.jpeg_quality))()
        alarm = make_blind_alarm(
            camera=camera, since=since, at=now, reason=why, still=still, frame=item.frame
        )
        self._report([alarm])

    def _report(self, alarms: list[Alarm]) -> None:
        footage = self._item.footage if self._item else None
        self._note_kept([alarm for alarm in alarms if self._keeper.keep(alarm, footage)])

    def _note_kept(self, alarms: list[Alarm]) -> None:
        """Remember that alarms lie in the spool: a place whose alarm does not is still to be told."""
        for alarm in alarms:
            self.tally.findings += 1
            place = self._pipeline.emitted.get(alarm.finding.finding_id)
            self._pipeline.mark_reported(alarm)
            if self._looks is not None and self._item is not None:
                self._looks.reported(alarm, place, self._item.frame)
        if alarms:
            self._memory.save()

    def _second_looks(self, rechecks: Rechecks) -> SecondLooks:
        around = self.around
        return SecondLooks(
            self._pipeline,
            rechecks=rechecks,
            state_folder=around.state_folder,
            disk=around.spool.disk,
        )
