"""Whether a report is well formed, and who may speak for a channel."""

from collections.abc import Collection
from datetime import datetime
from math import isfinite

from chengzhi.accounts.types import Role
from chengzhi.kernel.errors import InvalidInput
from chengzhi.workorders.types import Channel, Report, Wish

CENTRE = frozenset({Role.ACCEPTANCE_OFFICER, Role.DUTY_MANAGER, Role.SYSTEM})

# Who may report through a channel: it decides whether 核实 is needed, so nobody may claim
# another's. The system speaks for machines and for public doors, never for a collector.
CHANNEL_ROLES: dict[Channel, frozenset[Role]] = {
    Channel.CAMERA: frozenset({Role.REVIEWER, Role.SYSTEM}),
    Channel.COLLECTOR: frozenset({Role.COLLECTOR}),
    Channel.HOTLINE: CENTRE,
    Channel.CITIZEN: CENTRE,
    Channel.MERCHANT: CENTRE,
    Channel.PATROL: frozenset({Role.HANDLER, Role.SQUAD_LEADER, Role.TOWN_OFFICER}) | CENTRE,
    Channel.SUPERIOR: frozenset({Role.LEADER, Role.TOWN_OFFICER}) | CENTRE,
}


def channels_for(roles: Collection[Role]) -> list[Channel]:
    """Return the channels that somebody with these roles may report through, by hand."""
    by_hand = [channel for channel in Channel if channel is not Channel.CAMERA]
    return [channel for channel in by_hand if not CHANNEL_ROLES[channel].isdisjoint(roles)]


LONGEST: dict[str, tuple[str, int]] = {
    "address": ("地址", 256),
    "description": ("描述", 4000),
    "client_ref": ("上报端编号", 100),
    "reporter_name": ("报告人", 60),
    "reporter_phone": ("电话", 30),
}
MOST_PHOTOS = 20
EARLIEST_YEAR = 2000


def require_well_formed(report: Report, *, now: datetime) -> None:
    """Refuse a report that nobody could find or file.

    :raises InvalidInput: the sentence names the field and says what to write.
    """
    _point(report)
    _texts(report)
    if report.component_code and not _is_component(report.component_code):
        raise InvalidInput(
            f"部件标识码“{report.component_code}”应为 17 位数字，请核对后重填。",
            field="component_code",
        )
    _wish(report)
    if len(report.photos) > MOST_PHOTOS:
        raise InvalidInput(f"照片最多 {MOST_PHOTOS} 张，请删去多余的。", field="photos")
    _moment(report.occurred_at, now)


def _point(report: Report) -> None:
    if not (isfinite(report.lon) and -180 <= report.lon <= 180):
        raise InvalidInput("经度应在 −180 至 180 之间，请在地图上重新选点。", field="lon")
    if not (isfinite(report.lat) and -90 <= report.lat <= 90):
        raise InvalidInput("纬度应在 −90 至 90 之间，请在地图上重新选点。", field="lat")


def _texts(report: Report) -> None:
    if not report.address.strip():
        raise InvalidInput("没有写地址，请写明路名、门牌或参照物。", field="address")
    for name, (label, most) in LONGEST.items():
        if len(getattr(report, name)) > most:
            raise InvalidInput(f"{label}最多 {most} 字，请删减。", field=name)


def _wish(report: Report) -> None:
    if report.reporter_wish not in set(Wish):
        raise InvalidInput("答复意愿请填 answer、anonymous 或留空。", field="reporter_wish")
    if report.reporter_wish == Wish.ANSWER and not report.reporter_phone.strip():
        raise InvalidInput("要求答复须留电话，请补填或改选。", field="reporter_phone")


def _moment(at: datetime | None, now: datetime) -> None:
    if at is None:
        return
    if at.tzinfo is None:
        raise InvalidInput("发生时间没有时区，请写明，例如 +08:00。", field="occurred_at")
    if at.year < EARLIEST_YEAR:
        raise InvalidInput("发生时间早于 2000 年，请填实际发生时间。", field="occurred_at")
    if at > now:
        raise InvalidInput("发生时间晚于现在，请填实际发生时间。", field="occurred_at")


def _is_component(code: str) -> bool:
    return len(code) == 17 and code.isdecimal()
