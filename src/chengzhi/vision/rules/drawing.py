"""How an area was drawn, and how tall a person looks: read from a plan and written again."""

from typing import Any

from chengzhi.kernel.errors import InvalidInput
from chengzhi.vision.rules import reading
from chengzhi.vision.types import Drawn, DrawTool, PersonMark, Perspective

DRAWN_FIELDS = ("tool", "points", "width", "unit", "side")
UNITS = ("px", "m")
#: The two marks must differ by so much, or nothing can be read from them.
LEAST_RISE_PX = 10.0


def read_drawn(value: Any, where: str) -> Drawn | None:
    """Return how an area was drawn; none for a plain polygon."""
    if value is None:
        return None
    table = reading.table(value, where)
    reading.only(table, DRAWN_FIELDS, f"{where}.")
    tool = reading.text(table.get("tool"), f"{where}.tool")
    if tool not in set(DrawTool):
        listed = "、".join(DrawTool)
        raise InvalidInput(
            f"{where}.tool：没有画法 {tool!r}，可以写：{listed}。", field=f"{where}.tool"
        )
    points = tuple(
        reading.point(item, f"{where}.points")
        for item in reading.items(table.get("points"), f"{where}.points")
    )
    least = 1 if tool == DrawTool.SPOT else 2
    if len(points) < least:
        raise InvalidInput(f"{where}.points：至少要{least}个点，请补画。", field=f"{where}.points")
    unit = reading.text(table.get("unit", "px"), f"{where}.unit")
    if unit not in UNITS:
        raise InvalidInput(f"{where}.unit：应为 px 或 m。", field=f"{where}.unit")
    return Drawn(
        tool=DrawTool(tool),
        points=points,
        width=reading.number(table.get("width"), f"{where}.width", 0.1, 1e4),
        unit=unit,
        side=1 if reading.number(table.get("side", 1), f"{where}.side", -1, 1) >= 0 else -1,
    )


def drawn_table(drawn: Drawn) -> dict[str, Any]:
    """Return the drawing as the file holds it."""
    points = [list(point) for point in drawn.points]
    return {**vars(drawn), "tool": str(drawn.tool), "points": points}


def read_perspective(value: Any, where: str = "camera.perspective") -> dict[str, Any]:
    """Return the two person heights as the file holds them, checked.

    :raises InvalidInput: not two marks, or marks from which no horizon follows.
    """
    table = reading.table(value, where)
    reading.only(table, ("person",), f"{where}.")
    field = f"{where}.person"
    marks = [_mark(item, field) for item in reading.items(table.get("person"), field)]
    if len(marks) != 2:
        raise InvalidInput(
            f"{field}：要在近处和远处各标一个人的高度，现在有{len(marks)}个，请标两处。",
            field=field,
        )
    far, near = sorted(marks, key=lambda mark: mark[1])
    if near[1] - far[1] < LEAST_RISE_PX or near[2] - far[2] < 1:
        raise InvalidInput(
            f"{field}：两处的人应一远一近，近处（画面下方）的更高，请重新标。", field=field
        )
    return {"person": [list(far), list(near)]}


def perspective_of(options: dict[str, Any]) -> Perspective | None:
    """Return the perspective that a camera's options hold."""
    if "perspective" not in options:
        return None
    far, near = (tuple(mark) for mark in options["perspective"]["person"])
    return Perspective(person=(far, near))


def _mark(value: Any, where: str) -> PersonMark:
    if not isinstance(value, list | tuple) or len(value) != 3:
        raise InvalidInput(f"{where}：每处应为 [x, 脚底y, 身高像素]，得到 {value!r}。", field=where)
    x, y = reading.point(value[:2], where)
    return x, y, reading.number(value[2], where, 4, 1e5)
