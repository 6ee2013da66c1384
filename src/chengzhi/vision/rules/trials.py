"""What a trial may be asked of, and what a worker's answer may be."""

from datetime import datetime, timedelta

from chengzhi.kernel.errors import DomainError, InvalidInput
from chengzhi.vision.types import TrialFacts, TrialResult, ZoneSpec

DAY = timedelta(hours=24)
#: Fewer stills than so many minutes say nothing about a day.
LEAST_COVERED = timedelta(minutes=30)
#: A worker that says nothing for so long has gone; another may take over.
STALE_AFTER = timedelta(minutes=5)
UNHEARD_AFTER = timedelta(minutes=2)
#: Trials kept with their pictures for each camera; older ones lose the pictures.
KEPT = 3
ALARMS_LIMIT = 40  # with pictures; the rest is counted
PICTURES_LIMIT = 3
PICTURE_BYTES = 24 * 1024
WEBP = (b"RIFF", b"WEBP")
JPEG = b"\xff\xd8\xff"


class TrialRunning(DomainError):
    """One trial at a time for each camera."""

    code = "trial-running"


def check_zones(zones: tuple[ZoneSpec, ...]) -> None:
    """Refuse a trial of nothing."""
    if not any(rule.enabled for zone in zones for rule in zone.rules):
        raise InvalidInput("没有启用的规则，试跑不会有结果，请先加一条规则。", field="zones")


def check_result(result: TrialResult) -> None:
    """Refuse an answer that cannot be meant; `field` names the value."""
    if result.last_at < result.first_at:
        raise InvalidInput("last_at：早于 first_at，请核对。", field="last_at")
    if result.covered_s < LEAST_COVERED.total_seconds():
        minutes = LEAST_COVERED.total_seconds() / 60
        raise InvalidInput(
            f"covered_s：存下的画面不足{minutes:g}分钟，应报“不能试跑”。", field="covered_s"
        )
    if len(result.alarms) > ALARMS_LIMIT or result.alarm_count < len(result.alarms):
        raise InvalidInput(
            f"alarms：最多带{ALARMS_LIMIT}件，其余只计数，且 alarm_count 不少于所带。",
            field="alarms",
        )
    for index, alarm in enumerate(result.alarms):
        if alarm.alarm_at < alarm.started_at or len(alarm.pictures) > PICTURES_LIMIT:
            raise InvalidInput(f"alarms[{index}]：时间颠倒或图片多于3张。", field="alarms")
        for picture in alarm.pictures:
            _check_picture(picture, f"alarms[{index}].pictures")


def _check_picture(content: bytes, where: str) -> None:
    if len(content) > PICTURE_BYTES or not media_type(content):
        raise InvalidInput(
            f"{where}：应为不超过{PICTURE_BYTES // 1024} KB 的 WebP 或 JPEG。", field=where
        )


def media_type(content: bytes) -> str:
    """Return what a picture is by its first bytes; nothing when it is none."""
    if content.startswith(JPEG):
        return "image/jpeg"
    return "image/webp" if (content[:4], content[8:12]) == WEBP else ""


def per_day(count: int, *, covered_s: float) -> float | None:
    """Return how many alarms a day are to be expected from those in the covered time."""
    return count * DAY.total_seconds() / covered_s if covered_s > 0 else None


def along(moment: datetime, *, since: datetime, until: datetime) -> float:
    """Return where a moment lies on a line of 1000 from `since` to `until`."""
    share = (moment - since) / (until - since)
    return round(1000 * min(1.0, max(0.0, share)), 1)


# ── guards: the reason why not, or None ────────────────────────────────────────────────


def worker_is_the_same(facts: TrialFacts) -> str | None:
    if facts.worker == facts.asking or facts.is_stale:
        return None
    return f"识别程序“{facts.worker}”正在试跑"


def plan_is_the_same(facts: TrialFacts) -> str | None:
    if facts.base == facts.newest:
        return None
    return f"试跑之后布控方案已改成第{facts.newest}版（试的是第{facts.base}版上的改动），请重新试跑"
