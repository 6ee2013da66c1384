"""Reading another system's list: the mapping file, and eight kinds of dirt in its rows.

Wrong or missing coordinates, another coordinate system, old or misspelt area names, telephone
numbers in every text, titles and numbers stuck to names, times without a zone, categories and
states in other words (docs/pains.md, 39).
"""

import re
import tomllib
from collections.abc import Mapping
from datetime import datetime
from math import isfinite
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from chengzhi.kernel.errors import InvalidInput
from chengzhi.workorders.rules.words import masked_phone
from chengzhi.workorders.types import Channel
from chengzhi.workorders.types.imports import CleanRow, Crs, Ending, RowMapping

FIELDS = (
    "external_id", "category", "status", "channel", "x", "y", "address", "description",
    "name", "phone", "area", "reported_at", "ended_at",
)  # fmt: skip
NEEDED = ("external_id", "category", "x", "y", "reported_at")
ANY = "*"
PHONE = re.compile(r"(?<!\d)(?:1[3-9]\d[- ]?\d{4}[- ]?\d{4}|0\d{2,3}[- ]?\d{7,8})(?!\d)")
BRACKETS = re.compile(r"[（(\[【].*?[）)\]】]")
BLANK = re.compile(r"\s+")
SOURCE = re.compile(r"[a-z0-9-]{1,30}")


class RowRefused(InvalidInput):
    """A row cannot be imported; the sentence says why and what would mend it."""

    code = "row-refused"


def read_mapping(text: str) -> RowMapping:
    """Return a mapping file as values.

    :raises InvalidInput: the file cannot be read; the sentence names the entry and the cure.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(f"对照文件不是有效的 TOML：{error}。", field="mapping") from None
    columns = {name: _names(value) for name, value in table.get("columns", {}).items()}
    _require_columns(columns)
    place, clean = table.get("place", {}), table.get("clean", {})
    return RowMapping(
        source=_source(table),
        columns=columns,
        categories={str(k): str(v) for k, v in table.get("categories", {}).items()},
        statuses={str(k): _ending(v) for k, v in table.get("statuses", {}).items()},
        channels={str(k): _channel(v) for k, v in table.get("channels", {}).items()},
        channel=_channel(table.get("channel", "hotline")),
        time_zone=_zone(table.get("time_zone", "Asia/Shanghai")),
        time_formats=_names(table.get("time_formats", "%Y-%m-%d %H:%M:%S")),
        crs=_crs(place.get("crs", "wgs84")),
        offset=_offset(place.get("offset", (0.0, 0.0))),
        keeps_outside=_outside(place.get("outside", "refuse")),
        areas={str(k): str(v) for k, v in table.get("areas", {}).items()},
        masks_phones=bool(clean.get("mask_phones", True)),
        name_noise=_names(clean.get("name_noise", ())),
    )


def _names(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(str(part) for part in value)


def _require_columns(columns: Mapping[str, tuple[str, ...]]) -> None:
    if unknown := sorted(set(columns) - set(FIELDS)):
        raise _wrong("columns", f"没有字段 {unknown[0]}，可用：{'、'.join(FIELDS)}")
    if missing := [name for name in NEEDED if name not in columns]:
        raise _wrong("columns", f"没有写 {missing[0]} 取自哪一列")


def _wrong(entry: str, why: str) -> InvalidInput:
    return InvalidInput(f"对照文件的 {entry} 不对：{why}。", field=entry)


def _source(table: Mapping[str, Any]) -> str:
    source = str(table.get("source", ""))
    if not SOURCE.fullmatch(source):
        raise _wrong("source", "应为来源系统的代号，1 至 30 个小写字母、数字或连字符")
    return source


def _ending(value: Any) -> Ending:
    if value not in tuple(Ending):
        raise _wrong("statuses", f"“{value}”只能是 {'、'.join(Ending)}")
    return Ending(value)


def _channel(value: Any) -> Channel:
    if value not in tuple(Channel) or value in (Channel.CAMERA, Channel.COLLECTOR):
        raise _wrong("channel", f"“{value}”不是可以导入的问题来源")
    return Channel(value)


def _zone(value: Any) -> str:
    try:
        return ZoneInfo(str(value)).key
    except (ZoneInfoNotFoundError, ValueError):
        raise _wrong("time_zone", f"没有时区“{value}”，例如 Asia/Shanghai") from None


def _crs(value: Any) -> Crs:
    if value not in tuple(Crs):
        raise _wrong("place.crs", f"“{value}”只能是 {'、'.join(Crs)}")
    return Crs(value)


def _offset(value: Any) -> tuple[float, float]:
    if len(value) != 2:
        raise _wrong("place.offset", "应为东、北两个度数")
    return float(value[0]), float(value[1])


def _outside(value: Any) -> bool:
    if value not in ("refuse", "keep"):
        raise _wrong("place.outside", f"“{value}”只能是 refuse 或 keep")
    return bool(value == "keep")


def external_id(row: Mapping[str, str], mapping: RowMapping) -> str:
    """Return the row's own number in its system; empty where it has none."""
    return _cell(row, mapping, "external_id")[:60]


def cleaned(row: Mapping[str, str], mapping: RowMapping, *, now: datetime) -> CleanRow:
    """Return a row as it is understood.

    :raises RowRefused: something that is needed is missing or cannot be read.
    """
    number = external_id(row, mapping)
    if not number:
        raise RowRefused("没有编号，无法防止重复导入。", field="external_id")
    status = _cell(row, mapping, "status")
    reported_at = _moment(row, mapping, "reported_at", now=now)
    if reported_at is None:
        raise RowRefused("没有上报时间。", field="reported_at")
    x, y = _degrees(row, mapping)
    return CleanRow(
        external_id=number,
        matter_code=_matter(row, mapping),
        channel=mapping.channels.get(_cell(row, mapping, "channel"), mapping.channel),
        ending=_ended(status, mapping),
        status_text=status,
        x=x,
        y=y,
        address=_text(row, mapping, "address")[:256],
        description=_text(row, mapping, "description")[:4000],
        name=_name(_cell(row, mapping, "name"), mapping)[:60],
        phone=_phone(row, mapping),
        area=_area(row, mapping),
        reported_at=reported_at,
        ended_at=_moment(row, mapping, "ended_at", now=now),
    )


def _cell(row: Mapping[str, str], mapping: RowMapping, name: str, joint: str = " / ") -> str:
    parts = [BLANK.sub(" ", row.get(c) or "").strip() for c in mapping.columns.get(name, ())]
    return joint.join(part for part in parts if part)


def _matter(row: Mapping[str, str], mapping: RowMapping) -> str:
    """Return the matter of a category: the whole of it, or its first part, or any."""
    said = _cell(row, mapping, "category")
    first = said.partition(" / ")[0]
    found = mapping.categories
    code = found.get(said) or found.get(first) or found.get(ANY)
    if not code:
        raise RowRefused(
            f"类别“{said}”在对照表中没有对应的事项，请在 [categories] 中补充。", field="category"
        )
    return code


def _ended(status: str, mapping: RowMapping) -> Ending:
    if not mapping.columns.get("status"):
        return Ending.OPEN
    found = mapping.statuses.get(status) or mapping.statuses.get(ANY)
    if found is None:
        raise RowRefused(
            f"状态“{status}”在对照表中没有对应，请在 [statuses] 中补充。", field="status"
        )
    return found


def _degrees(row: Mapping[str, str], mapping: RowMapping) -> tuple[float, float]:
    texts = _cell(row, mapping, "x"), _cell(row, mapping, "y")
    if not all(texts):
        raise RowRefused("没有坐标，无法落到网格。", field="x")
    try:
        x, y = float(texts[0]), float(texts[1])
    except ValueError:
        raise RowRefused(f"坐标“{texts[0]}，{texts[1]}”不是数字。", field="x") from None
    if not (isfinite(x) and isfinite(y)) or (x == 0 and y == 0):
        raise RowRefused(f"坐标“{texts[0]}，{texts[1]}”是空值。", field="x")
    return x, y


def _moment(
    row: Mapping[str, str], mapping: RowMapping, name: str, *, now: datetime
) -> datetime | None:
    text = _cell(row, mapping, name)
    if not text:
        return None
    for form in mapping.time_formats:
        try:
            found = datetime.strptime(text, form)  # noqa: DTZ007  (the list's zone follows)
        except ValueError:
            continue
        return _in_past(found, mapping, text, name, now)
    raise RowRefused(f"时间“{text}”读不懂，请在 time_formats 中补充它的写法。", field=name)


def _in_past(found: datetime, mapping: RowMapping, text: str, name: str, now: datetime) -> datetime:
    at = found if found.tzinfo else found.replace(tzinfo=ZoneInfo(mapping.time_zone))
    if not at.year >= 2000 or at > now:
        raise RowRefused(f"时间“{text}”早于 2000 年或晚于现在。", field=name)
    return at


def _text(row: Mapping[str, str], mapping: RowMapping, name: str) -> str:
    said = _cell(row, mapping, name, joint="；")
    return PHONE.sub(lambda m: _masked(m.group()), said) if mapping.masks_phones else said


def _masked(phone: str) -> str:
    return masked_phone(re.sub(r"\D", "", phone))


def _phone(row: Mapping[str, str], mapping: RowMapping) -> str:
    """Return the first number of the cell; several people write more than one into it."""
    said = _cell(row, mapping, "phone")
    found = PHONE.search(said)
    if found is None:
        return ""
    digits = re.sub(r"\D", "", found.group())
    return masked_phone(digits) if mapping.masks_phones else digits


def _name(said: str, mapping: RowMapping) -> str:
    """Return a name without what is stuck to it: brackets, numbers, titles, blanks."""
    bare = PHONE.sub("", BRACKETS.sub("", said))
    bare = re.sub(r"[\d\s:：,，;；/-]+", "" if not bare.isascii() else " ", bare).strip()
    for noise in mapping.name_noise:
        bare = bare.replace(noise, "")
    return bare.strip()


def _area(row: Mapping[str, str], mapping: RowMapping) -> str:
    said = _cell(row, mapping, "area")
    return mapping.areas.get(said, said)
