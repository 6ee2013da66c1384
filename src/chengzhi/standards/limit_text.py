"""Limits as handling standards write them: “2紧急工作时”, “4小时”, “2天” [V:SCG parser]."""

import re

from chengzhi.kernel.clock import Duration, Unit
from chengzhi.standards.types import StandardBroken

UNITS = {
    "紧急工作时": Unit.URGENT_HOUR,
    "紧急工作日": Unit.URGENT_DAY,
    "紧急分钟": Unit.URGENT_MINUTE,
    "工作分钟": Unit.WORK_MINUTE,
    "工作时": Unit.WORK_HOUR,
    "小时": Unit.WORK_HOUR,
    "工作日": Unit.WORK_DAY,
    "天": Unit.WORK_DAY,
    "自然日": Unit.NATURAL_DAY,
}
_LIMIT = re.compile(rf"(\d+)\s*({'|'.join(UNITS)})")


def parse_limit(text: str) -> Duration:
    """Return the limit; an hour without “紧急” is a working hour, a day a working day."""
    found = _LIMIT.fullmatch(text.strip())
    if found is None:
        raise StandardBroken(
            f"时限“{text}”无法识别，请写成“2紧急工作时”“4小时”或“2天”。", field="limit"
        )
    return Duration(int(found[1]), UNITS[found[2]])
