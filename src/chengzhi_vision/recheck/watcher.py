"""One camera's second looks: it watches what it reported and answers what it is asked.

`ask` may be called from another thread; everything else belongs to the thread that judges.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock

from chengzhi_vision.dwell.place import Place
from chengzhi_vision.fitting import resized
from chengzhi_vision.geometry import iou, moved
from chengzhi_vision.recheck.answers import Answer, Question, Told
from chengzhi_vision.recheck.mark import (
    SAME_PLACE,
    Mark,
    Scene,
    Sighting,
    look_again,
    make_mark,
)
from chengzhi_vision.scene.health import Trouble
from chengzhi_vision.thresholds import DwellLimits
from chengzhi_vision.types import Box, Detection, ObjectClass, Still

EVERY_S = 2.0  # between two looks at the same place
SETTLED_S = 60.0  # after the alarm: the thing itself is still being judged
WAIT_S = 20.0  # fit frames for so long before "unknown"
LATE_S = 60.0  # no fit frame at all
AGREE = 2
KEEP_S = 14 * 86_400.0
KEEP_GONE_S = 86_400.0
MOST = 60
OTHER_VIEW = str(Trouble.OTHER_VIEW)


class Watcher:
    """Looks again at the places of one camera."""

    def __init__(self, limits: DwellLimits, marks: Sequence[Mark] = ()) -> None:
        self.limits = limits
        self.marks = {mark.finding_id: mark for mark in marks}
        self.told_gone = {m.finding_id for m in marks if m.is_gone(limits)}
        self._asked: dict[int, Question] = {}
        self._agreed: dict[int, int] = {}
        self._lock = Lock()

    def ask(self, question: Question) -> None:
        """Take a question; the same one twice is one."""
        with self._lock:
            self._asked.setdefault(question.number, question)

    @property
    def is_asked(self) -> bool:
        """Whether there is anything to look at, now or later."""
        return bool(self._asked or self.marks)

    def is_due(self, at: float, view: str = "") -> bool:
        """Whether there is anything to look at now; without, a frame costs nothing."""
        marks = (mark for mark in self.marks.values() if mark.view == view)
        return bool(self._asked) or any(_is_time(mark, at) for mark in marks)

    def reported(self, finding_id: str, place: Place, scene: Scene) -> None:
        """Remember a place that was just reported."""
        mark = make_mark(
            finding_id, kind=place.kind, box=place.box, before=place.before, scene=scene
        )
        if mark is None:
            return
        self.marks[finding_id] = mark
        for old in sorted(self.marks.values(), key=lambda m: m.reported_at)[:-MOST]:
            self._forget(old.finding_id)

    def moved_by(self, dx: float, dy: float) -> None:
        """Look for the places where the picture has them now: it has shifted for good."""
        for mark in self.marks.values():
            mark.box = moved(mark.box, dx, dy)

    def saw(self, scene: Scene, still: Callable[[], Still]) -> list[Told]:
        """Look again on a fit frame; return what there is to tell."""
        for mark in self.marks.values():
            mark.fit(scene.size)
        told = [
            self._gone(mark, still) for mark in list(self.marks.values()) if self._look(mark, scene)
        ]
        told += [answer for q in self._open() if (answer := self._answer(q, scene, still))]
        self._tidy(scene.at)
        return told

    def unfit(self, reason: str, *, at: float, still: Callable[[], Still] | None) -> list[Told]:
        """Answer what is asked of a picture that cannot be judged: unknown, and why."""
        jpeg = still().jpeg if still is not None and self._asked else b""
        return [
            self._close(q, Answer.UNKNOWN, at=at, reason=reason, jpeg=jpeg) for q in self._open()
        ]

    def late(self, *, at: float) -> list[Told]:
        """Answer what waited for a picture that never came."""
        overdue = [q for q in self._open() if at - q.asked_at >= LATE_S]
        return [self._close(q, Answer.UNKNOWN, at=at, reason="no_picture") for q in overdue]

    def _open(self) -> list[Question]:
        with self._lock:
            return list(self._asked.values())

    def _look(self, mark: Mark, scene: Scene) -> bool:
        """Look at a place if it is time; return whether the thing is gone and nobody knows."""
        if mark.view != scene.view or not _is_time(mark, scene.at):
            return False
        look_again(mark, scene, self.limits)
        if mark.last in (Sighting.PRESENT, Sighting.ANOTHER):
            self.told_gone.discard(mark.finding_id)
        return mark.is_gone(self.limits) and mark.finding_id not in self.told_gone

    def _gone(self, mark: Mark, still: Callable[[], Still]) -> Told:
        self.told_gone.add(mark.finding_id)
        return Told(
            finding_id=mark.finding_id,
            answer=Answer.ABSENT,
            looked_at=mark.checked_at if mark.gone_at is None else mark.gone_at,
            jpeg=still().jpeg,
        )

    def _answer(self, question: Question, scene: Scene, still: Callable[[], Still]) -> Told | None:
        mark = self.marks.get(question.finding_id)
        said = self._by_mark(question, mark, scene) if mark else self._by_eye(question, scene)
        if said is None and scene.at - question.asked_at < WAIT_S:
            return None
        answer, reason = said or (Answer.UNKNOWN, _why(mark, scene))
        return self._close(question, answer, at=scene.at, reason=reason, jpeg=still().jpeg)

    def _by_mark(self, question: Question, mark: Mark, scene: Scene) -> tuple[Answer, str] | None:
        """Answer from what is remembered: two looks since the question must agree."""
        if mark.view != scene.view:
            return None
        if mark.checked_at < scene.at:
            look_again(mark, scene, self.limits)
        if mark.streak < AGREE or mark.checked_at < question.asked_at:
            return None
        if mark.last is Sighting.PRESENT:
            return Answer.PRESENT, ""
        if mark.last is Sighting.ANOTHER:
            return Answer.PRESENT, "another"
        return (Answer.ABSENT, "") if mark.is_gone(self.limits) else None

    def _by_eye(self, question: Question, scene: Scene) -> tuple[Answer, str] | None:
        """Without a memory a detector may say that it is there, and nobody that it is not.

        Of a turning camera nobody knows at which preset the box was drawn.
        """
        box = resized(question.box, question.frame or scene.size, scene.size)
        if scene.view or not any(_is_it(d, question.kind, box) for d in scene.seen):
            return None
        self._agreed[question.number] = self._agreed.get(question.number, 0) + 1
        return (Answer.PRESENT, "") if self._agreed[question.number] >= AGREE else None

    def _close(
        self, question: Question, answer: Answer, *, at: float, reason: str, jpeg: bytes = b""
    ) -> Told:
        with self._lock:
            self._asked.pop(question.number, None)
        self._agreed.pop(question.number, None)
        return Told(
            finding_id=question.finding_id,
            answer=answer,
            looked_at=at,
            number=question.number,
            reason=reason,
            jpeg=jpeg,
        )

    def _tidy(self, at: float) -> None:
        for mark in list(self.marks.values()):
            is_old = at - mark.reported_at > KEEP_S
            is_done = mark.finding_id in self.told_gone and at - mark.present_at > KEEP_GONE_S
            if is_old or is_done:
                self._forget(mark.finding_id)

    def _forget(self, finding_id: str) -> None:
        self.marks.pop(finding_id, None)
        self.told_gone.discard(finding_id)


def _is_time(mark: Mark, at: float) -> bool:
    return at - mark.reported_at >= SETTLED_S and at - mark.checked_at >= EVERY_S


def _is_it(seen: Detection, kind: ObjectClass | None, box: Box) -> bool:
    return seen.kind is kind and iou(seen.box, box) >= SAME_PLACE


def _why(mark: Mark | None, scene: Scene) -> str:
    if mark is None:
        return "no_memory"
    if mark.view != scene.view:
        return OTHER_VIEW
    return "hidden" if mark.last is Sighting.HIDDEN else "late"
