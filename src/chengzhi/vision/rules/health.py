"""How heartbeats are read."""

from datetime import datetime, timedelta

from chengzhi.kernel.errors import InvalidInput
from chengzhi.vision.types import CameraBeat, CameraState

#: A camera that says nothing for so long is silent; workers speak every 10 to 15 seconds.
SILENT_AFTER = timedelta(seconds=90)
#: A camera that says for so long that it sees nothing has an incident, with a picture or without.
BLIND_AFTER = timedelta(seconds=60)
WORKER_LIMIT = 60
#: The worker's own words; its words for what is wrong with a picture all mean: it cannot judge.
WORDS = {
    "running": CameraState.RUNNING,
    "ok": CameraState.RUNNING,
    "other_view": CameraState.RUNNING,
    "other_shape": CameraState.MISDRAWN,
    "failed": CameraState.FAILED,
    "ended": CameraState.ENDED,
    "refused": CameraState.REFUSED,
    **dict.fromkeys(("blind", "covered", "blurred", "frozen", "moved", "light"), CameraState.BLIND),
}
#: The most that a heartbeat can mean: counters within the database, seconds within years.
MOST = {
    "frames": 2**53,
    "dropped": 2**53,
    "restarts": 2**31 - 1,
    "fps": 10**6,
    "blind_s": 10**9,
    "lag_s": 10**9,
    "cost_ms": 10**6,
}
#: Counters that never fall while the same program runs.
COUNTERS = ("frames", "dropped", "blind_s", "restarts")
NOTE_LIMIT = 300


def read_state(word: str) -> CameraState:
    """Return the state a worker's word stands for; any other word is a source not yet back."""
    return WORDS.get(word, CameraState.RECONNECTING)


def grown(now: float, before: float) -> float:
    """Return how far a counter grew; one that fell was restarted from nought."""
    return now - before if now >= before else now


def goes_on(now: object, before: object) -> bool:
    """Return whether a worker's counters went on; where one fell, it was started again."""
    return all(getattr(now, name) >= getattr(before, name) for name in COUNTERS)


def seconds_within(
    started: datetime, ended: datetime | None, *, since: datetime, until: datetime
) -> float:
    """Return how many seconds of a time, perhaps still open, lie between two moments."""
    begins, ends = max(started, since), min(ended or until, until)
    return max((ends - begins).total_seconds(), 0.0)


def check_beats(worker: str, beats: tuple[CameraBeat, ...]) -> None:
    """Refuse a heartbeat that cannot be meant."""
    if not worker.strip() or len(worker) > WORKER_LIMIT:
        raise InvalidInput(
            f"worker：请填写识别程序的名字，不超过{WORKER_LIMIT}字。", field="worker"
        )
    for index, beat in enumerate(beats):
        for name, most in MOST.items():
            if not 0 <= getattr(beat, name) <= most:
                field = f"cameras[{index}].{name}"
                raise InvalidInput(f"{field}：应在0到{most}之间。", field=field)
        if beat.epoch is not None and not 0 <= beat.epoch < 2**63:
            raise InvalidInput(
                f"cameras[{index}].epoch：超出范围。", field=f"cameras[{index}].epoch"
            )
