"""A table of cameras, one row a camera: its columns, and each row as what an administrator writes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from chengzhi.kernel.errors import InvalidInput
from chengzhi.standards.importing import Column, Fault, Grammar, Line
from chengzhi.vision.rules.camera_file import read_code
from chengzhi.vision.rules.cost import LABELS, cost_of_new, fitting, read_cost, with_cost
from chengzhi.vision.rules.draft import FIELD_LABELS, check_draft
from chengzhi.vision.types import CameraDraft

HEADS = {"snapshot_s": ("截图间隔（秒）",)}
GRAMMAR = Grammar(
    columns=(
        Column(key="code", heads=("编号", "摄像头编号", "设备编号", "code"), is_needed=True),
        Column(key="name", heads=("名称", "摄像头名称", "name"), is_needed=True),
        Column(key="lon", heads=("经度", "lon", "longitude"), is_needed=True),
        Column(key="lat", heads=("纬度", "lat", "latitude"), is_needed=True),
        Column(key="address", heads=("地点", "安装地点", "地址", "address")),
        Column(key="heading", heads=("朝向", "heading")),
        Column(key="source", heads=("视频地址", "source")),
        Column(key="worker", heads=("所属识别程序", "worker")),
        Column(key="enabled", heads=("启用", "enabled")),
        *(
            Column(key=key, heads=(label, *HEADS.get(key, ()), key))
            for key, label in LABELS.items()
        ),
    ),
    own=("code",),
)
YES = frozenset({"是", "启用", "1", "true", "yes", "y"})
EXAMPLES = {"priority": "5", "sample_fps": "2", "snapshot_s": "10"}
NO = frozenset({"否", "停用", "0", "false", "no", "n"})


@dataclass(frozen=True, kw_only=True)
class CameraLine:
    """One camera of a table: its code, and the fields that the table tells, by name."""

    row: int
    code: str
    told: Mapping[str, Any]
    cost: Mapping[str, Any]

    def over(self, known: CameraDraft | None) -> CameraDraft:
        """Return the camera with what the table tells laid over what is known of it."""
        draft = CameraDraft(**{**(vars(known) if known else {}), **self.told})
        cost = self.cost if known else {**cost_of_new(draft.source), **self.cost}
        return replace(draft, options=with_cost(draft.options, fitting(cost, draft.source)))


def read_cameras(lines: list[Line]) -> tuple[list[CameraLine], list[Fault]]:
    """Return the cameras of a table, and a fault for every row that cannot be read."""
    read: list[CameraLine] = []
    faults: list[Fault] = []
    seen: dict[str, int] = {}
    for line in lines:
        try:
            camera = _camera(line)
            if camera.code in seen:
                where = f"编号：与第 {seen[camera.code]} 行重复，请只留一行。"
                raise InvalidInput(where, field="code")
        except InvalidInput as refusal:
            faults.append(fault_of(line, refusal))
            continue
        seen[camera.code] = line.row
        read.append(camera)
    return read, faults


def fault_of(line: Line | CameraLine, refusal: InvalidInput) -> Fault:
    """Return a refusal as a line of the report."""
    field = refusal.field or ""
    text = line.value(field) if isinstance(line, Line) else str(line.told.get(field, ""))
    sheet = line.sheet if isinstance(line, Line) else ""
    label = {**FIELD_LABELS, **LABELS, "code": "编号"}.get(field, "")
    return Fault(sheet=sheet, row=line.row, column=label, text=text, reason=refusal.sentence)


def _camera(line: Line) -> CameraLine:
    code = read_code(line.value("code"), "编号", field="code")
    told: dict[str, Any] = {
        "name": line.value("name"),
        "lon": _number(line, "lon"),
        "lat": _number(line, "lat"),
    }
    for key in ("address", "source", "worker"):
        if key in line.values:
            told[key] = line.value(key)
    if "heading" in line.values:
        told["heading"] = _number(line, "heading") if line.value("heading") else None
    if line.value("enabled"):
        told["enabled"] = _yes(line, "enabled")
    check_draft(CameraDraft(**told))
    return CameraLine(row=line.row, code=code, told=told, cost=_cost(line))


def _cost(line: Line) -> dict[str, Any]:
    """Return the settings of cost that a row tells; an empty cell leaves what is there."""
    return read_cost(
        {
            key: _yes(line, key) if key == "keyframes_only" else _number(line, key, EXAMPLES[key])
            for key in LABELS
            if line.value(key)
        }
    )


def _number(line: Line, key: str, example: str = "121.8697") -> float:
    try:
        return float(line.value(key))
    except ValueError as error:
        label = GRAMMAR.label(key)
        raise InvalidInput(f"{label}：应为数字，例如 {example}。", field=key) from error


def _yes(line: Line, key: str) -> bool:
    word = line.value(key).strip().lower()
    if word not in YES | NO:
        raise InvalidInput(f"{GRAMMAR.label(key)}：请写“是”或“否”。", field=key)
    return word in YES
