"""Single values of a camera file or a drawn plan, each refused by the name of its field."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from chengzhi.kernel.errors import InvalidInput

HOURS = '时段应写成 "07:00-22:00"，只管周末写成 "67/09:00-18:00"'


def table(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise InvalidInput(f"{where}：缺少这一节或写法不对，应为一组“名称 = 值”。", field=where)
    return value


def items(value: Any, where: str) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise InvalidInput(f"{where}：应为列表，请用方括号。", field=where)
    return list(value)


def listed(table: Mapping[str, Any], name: str, where: str) -> list[Any]:
    return items(table.get(name, []), f"{where}.{name}")


def only(table: Mapping[str, Any], known: tuple[str, ...], prefix: str) -> None:
    for key in table:
        if key not in known:
            names = "、".join(known)
            raise InvalidInput(
                f"{prefix}{key}：没有这个字段，请删去；可用的有：{names}。", field=f"{prefix}{key}"
            )


def text(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise InvalidInput(f"{where}：应为文字，请加引号。", field=where)
    return value


def flag(value: Any, where: str) -> bool:
    if not isinstance(value, bool):
        raise InvalidInput(f"{where}：应为 true 或 false。", field=where)
    return value


def number(value: Any, where: str, low: float, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise InvalidInput(f"{where}：应为{low:g}到{high:g}之间的数，得到 {value!r}。", field=where)
    return float(value)


def optional(value: Any, where: str, low: float, high: float) -> float | None:
    return None if value is None else number(value, where, low, high)


def point(value: Any, where: str) -> tuple[float, float]:
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise InvalidInput(
            f"{where}：每个点应为 [x, y] 两个像素坐标，得到 {value!r}。", field=where
        )
    return number(value[0], where, -1e5, 1e5), number(value[1], where, -1e5, 1e5)


def size(value: Any, where: str) -> tuple[float, float] | None:
    if value is None:
        return None
    return point(value if isinstance(value, list | tuple) else [value, value], where)


def picture(value: Any) -> tuple[int, int] | None:
    if value is None:
        return None
    width, height = point(value, "camera.picture")
    if min(width, height) < 1:
        raise InvalidInput(
            f"camera.picture：应为画区域的画面 [宽, 高]，得到 {value!r}。", field="camera.picture"
        )
    return round(width), round(height)


def weekdays(days: list[Any], where: str) -> tuple[int, ...]:
    if any(isinstance(day, bool) or day not in range(1, 8) for day in days):
        raise InvalidInput(f"{where}：应为1（周一）到7（周日）的列表，得到 {days!r}。", field=where)
    return tuple(sorted(set(days)))


def span(value: Any, where: str) -> str:
    """Return a span of hours, "07:00-22:00", or of some weekdays only, "67/09:00-18:00"."""
    days, slash, hours = value.rpartition("/") if isinstance(value, str) else ("", "", "")
    start, _, end = hours.partition("-")
    try:
        return f"{_days(days)}{slash}{_clock(start)}-{_clock(end)}"
    except ValueError as error:
        raise InvalidInput(f"{where}：{HOURS}，得到 {value!r}。", field=where) from error


def _days(text: str) -> str:
    if set(text) - set("1234567") or len(set(text)) != len(text):
        raise ValueError(text)
    return "".join(sorted(text))


def _clock(text: str) -> str:
    plain = text.strip()
    return plain if plain == "24:00" else f"{time.fromisoformat(plain):%H:%M}"


def day(value: Any, where: str) -> str:
    try:
        return (value if isinstance(value, date) else date.fromisoformat(value)).isoformat()
    except (TypeError, ValueError) as error:
        raise InvalidInput(
            f'{where}：日期应写成 "2026-10-01"，得到 {value!r}。', field=where
        ) from error


def sentence(text: str, *, name: str, most: int, field: str, missing: str = "") -> str:
    """Return what somebody wrote, without blanks around it.

    :raises InvalidInput: it is too long, or empty where `missing` says that it must not be.
    """
    said = text.strip()
    if missing and not said:
        raise InvalidInput(missing, field=field)
    if len(said) > most:
        raise InvalidInput(f"{name}共{len(said)}字，请缩短到{most}字以内。", field=field)
    return said
