"""A list of deeds as a file: number, deed, reason; what could not be read is said line by line."""

import csv
from collections.abc import Iterator, Mapping
from io import StringIO

from chengzhi.kernel.errors import InvalidInput
from chengzhi.workorders.rules.words import serial_in
from chengzhi.workorders.types import BulkTask, Details

MOST_LINES = 500
HEADS: dict[str, tuple[str, ...]] = {
    "code": ("编号", "案件编号", "code"),
    "deed": ("操作", "办理", "deed"),
    "reason": ("原因", "说明", "reason"),
    "unit": ("处置单位", "单位代码", "unit"),
}
ENCODINGS = ("utf-8-sig", "gb18030")


def read_tasks(content: bytes, *, deeds: Mapping[str, str]) -> list[BulkTask]:
    """Return the deeds that a csv file lists; `deeds` are names and labels of what is known.

    A task keeps the words of a deed that is not known, and the key 0 of a number that is no
    number: the preview says so line by line.

    :raises InvalidInput: it is no such file, has no head, no line or too many.
    """
    rows = list(csv.reader(StringIO(_text(content))))
    columns = _columns(rows[0] if rows else [])
    tasks = list(_tasks(rows[1:], columns, {label: name for name, label in deeds.items()}))
    if not tasks:
        raise InvalidInput("文件里没有一行案件，请在表头下面每行写一件。", field="file")
    if len(tasks) > MOST_LINES:
        raise InvalidInput(
            f"文件有 {len(tasks)} 行，一次最多 {MOST_LINES} 行，请分成几个文件。", field="file"
        )
    return tasks


def _text(content: bytes) -> str:
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InvalidInput("文件不是 UTF-8 或 GB18030 编码的 csv，请另存为 csv 再传。", field="file")


def _columns(head: list[str]) -> dict[str, int]:
    names = [cell.strip().lower() for cell in head]
    found = {
        key: names.index(word) for key, words in HEADS.items() for word in words if word in names
    }
    if "code" not in found or "deed" not in found:
        raise InvalidInput("第一行应是表头：编号、操作、原因（可加 处置单位）。", field="file")
    return found


def _tasks(
    rows: list[list[str]], columns: Mapping[str, int], names: Mapping[str, str]
) -> Iterator[BulkTask]:
    for row in rows:
        cells = {key: row[at].strip() if at < len(row) else "" for key, at in columns.items()}
        if not any(cells.values()):
            continue
        yield BulkTask(
            pk=serial_in(cells["code"]) or 0,
            code=cells["code"],
            deed=names.get(cells["deed"], cells["deed"]),
            details=Details(reason=cells.get("reason", ""), unit=cells.get("unit", "")),
        )
