"""When people are told of dark cameras, and in which words. Pure; the settings are dated data."""

import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files

from chengzhi.vision.types import CAMERA_STATE_LABELS, CameraRow

LOOK = "请到“设备健康”查看，要报修的在那里登记"


@dataclass(frozen=True, kw_only=True)
class OutageSettings:
    """One dated row; nothing in it is law."""

    valid_from: date
    source: str
    tell_after_min: int
    along_after_min: int
    apart_min: int
    well_for_min: int
    many: int
    names: int

    @property
    def tell_after(self) -> timedelta:
        return timedelta(minutes=self.tell_after_min)

    @property
    def along_after(self) -> timedelta:
        return timedelta(minutes=self.along_after_min)

    @property
    def apart(self) -> timedelta:
        return timedelta(minutes=self.apart_min)

    @property
    def well_for(self) -> timedelta:
        return timedelta(minutes=self.well_for_min)


@cache
def _rows() -> tuple[OutageSettings, ...]:
    text = (files("chengzhi.vision") / "data" / "outages.toml").read_text(encoding="utf-8")
    rows = [OutageSettings(**row) for row in tomllib.loads(text)["settings"]]
    return tuple(sorted(rows, key=lambda row: row.valid_from))


def outage_settings(*, on: date) -> OutageSettings:
    """Return the settings that hold on a day."""
    return [row for row in _rows() if row.valid_from <= on][-1]


def is_time(
    since: Iterable[datetime],
    *,
    after: timedelta,
    last: datetime | None,
    apart: timedelta,
    now: datetime,
) -> bool:
    """Return whether one has lasted long enough to be told, and the last notice is long enough ago."""
    is_due = any(now - at >= after for at in since)
    return is_due and (last is None or now - last >= apart)


def named(names: Sequence[str], *, most: int) -> str:
    """Return the first names, and of the others how many there are."""
    shown = "、".join(names[:most])
    return f"{shown}等" if len(names) > most else shown


def kinds_text(kinds: Iterable[str]) -> str:
    """Return what is wrong with how many: "失联 10、看不清 2", the commonest first."""
    counts = Counter(kinds).most_common()
    if len(counts) == 1:
        return CAMERA_STATE_LABELS[counts[0][0]]
    return "、".join(f"{CAMERA_STATE_LABELS[kind]} {count}" for kind, count in counts)


def hint_of(workers: Iterable[str], *, of: int) -> str:
    """Return where to look first: several silent cameras of one worker are the worker's silence.

    `workers` were last heard of the silent ones among `of` cameras.
    """
    name, count = next(iter(Counter(workers).most_common(1)), ("", 0))
    if count < 2 or count * 2 <= of:
        return LOOK
    which = "都" if count == of else f"其中 {count} 路"
    return f"{which}由识别程序“{name}”看守，请先看它是否在运行"


def repair_text(camera: CameraRow) -> str:
    """Return what is wrong with a camera, as the report of its repair says it."""
    why = f"（{camera.note}）" if camera.note else ""
    return f"摄像头{camera.code}“{camera.name}”{camera.state_label}{why}，请检修。"
