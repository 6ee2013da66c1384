"""Reading the tables: the package's own files, then a city's overlay merged by key."""

import csv
import io
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from chengzhi.standards.types import StandardBroken

DATA = Path(__file__).parent / "data"
Row = Mapping[str, Any]
Choice = TypeVar("Choice", bound=StrEnum)


def read_csv(path: Path) -> list[Row]:
    """Return the rows of a CSV file; each knows where it stands, for error sentences."""
    reader = csv.DictReader(io.StringIO(_content(path), newline=""))
    return [{**row, "_at": f"{path.name} 第 {reader.line_num} 行"} for row in reader]


def read_toml(path: Path) -> list[Row]:
    """Return the tables of a TOML file as rows; `key` is the table's name or its own `key`."""
    tables = parse_toml(path)
    return [{"key": key, "_at": f"{path.name} [{key}]", **row} for key, row in tables.items()]


def parse_toml(path: Path) -> dict[str, Any]:
    """Return a TOML file's content, or raise a sentence that names the file."""
    try:
        return tomllib.loads(_content(path))
    except tomllib.TOMLDecodeError as error:
        raise StandardBroken(f"{path.name} 不是有效的 TOML：{error}。请改正后重试。") from error


def rows(name: str, keys: tuple[str, ...], overlay: Path | None) -> list[Row]:
    """Return the rows of a table; an overlay's rows replace all rows of the same key."""
    own = _read(DATA / name)
    local = _read(overlay / name) if overlay and (overlay / name).is_file() else []
    replaced = {_key(row, keys) for row in local}
    return [row for row in own if _key(row, keys) not in replaced] + local


def text(row: Row, column: str, default: str | None = None) -> str:
    """Return a cell as text; raise if it is missing and there is no default."""
    value = row.get(column)
    if value in (None, "") and default is None:
        raise StandardBroken(f"{row['_at']}缺少“{column}”，请补上。", field=column)
    return str(value).strip() if value not in (None, "") else str(default)


def number(row: Row, column: str) -> int:
    """Return a cell as a whole number."""
    cell = text(row, column)
    if not cell.lstrip("-").isdigit():
        raise StandardBroken(f"{row['_at']}的“{column}”须是整数，现为“{cell}”。", field=column)
    return int(cell)


def flag(row: Row, column: str) -> bool:
    """Return a cell as yes or no."""
    cell = text(row, column)
    if cell not in ("yes", "no"):
        raise StandardBroken(f"{row['_at']}的“{column}”须写 yes 或 no。", field=column)
    return cell == "yes"


def choice(row: Row, column: str, options: type[Choice], default: str | None = None) -> Choice:
    """Return a cell as a member of an enumeration."""
    cell = text(row, column, default)
    if cell in set(options):
        return options(cell)
    allowed = "、".join(options)
    raise StandardBroken(f"{row['_at']}的“{column}”现为“{cell}”，只能是：{allowed}。", field=column)


def day(row: Row, column: str) -> date | None:
    """Return a cell as a date; empty is nothing."""
    value = row.get(column)
    if value in (None, ""):
        return None
    if isinstance(value, date):
        return value
    return _iso_date(row, column, str(value))


def period(row: Row) -> dict[str, Any]:
    """Return `source`, `valid_from` and `valid_to` of a row that carries its own dates."""
    starts = day(row, "valid_from")
    if starts is None:
        raise StandardBroken(f"{row['_at']}缺少“valid_from”，请写生效日期。", field="valid_from")
    return {"source": text(row, "source"), "valid_from": starts, "valid_to": day(row, "valid_to")}


def _read(path: Path) -> list[Row]:
    return read_csv(path) if path.suffix == ".csv" else read_toml(path)


def _content(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise StandardBroken(f"{path.name} 不是 UTF-8 编码，请另存为 UTF-8 后重试。") from error


def _key(row: Row, keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(str(row.get(key, "")) for key in keys)


def _iso_date(row: Row, column: str, cell: str) -> date:
    try:
        return date.fromisoformat(cell)
    except ValueError as error:
        raise StandardBroken(
            f"{row['_at']}的“{column}”须是 2026-07-01 这样的日期，现为“{cell}”。", field=column
        ) from error
