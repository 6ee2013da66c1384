"""The import of a component register from CSV: all of the file, or nothing."""

import csv
import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from django.db import transaction
from django.utils import timezone

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Permission
from chengzhi.audit import interface as audit
from chengzhi.kernel.errors import DomainError, InvalidInput
from chengzhi.places.commands.components import (
    check_form,
    last_sequence,
    new_row,
    record_registered,
)
from chengzhi.places.commands.import_shapes import county_of, datum_of, lock_version
from chengzhi.places.events import ComponentsImported
from chengzhi.places.models import Component
from chengzhi.places.queries.components import type_name
from chengzhi.places.queries.index import current
from chengzhi.places.rules.codes import read_component_code
from chengzhi.places.rules.coordinates import convert
from chengzhi.places.types import (
    COMPONENT_STATUS_LABELS,
    DATA_SOURCE_LABELS,
    DATUM_LABELS,
    ComponentForm,
    ComponentStatus,
    DataSource,
    Datum,
    ImportLine,
    ImportReport,
    Located,
    Point,
    Verdict,
)

KIND = "component"
CLEARLY = 0.05  # so much larger a share of the rows must fall into cells to doubt the system
# English name, abbreviation of GB/T 47678.5 table 2, Chinese name
COLUMNS: tuple[tuple[str, ...], ...] = (
    ("code", "GLBJBSM", "管理部件标识码"),
    ("type_code", "BJLBDM", "部件类别代码"),
    ("name", "GLBJMC", "管理部件名称"),
    ("lon", "JD", "经度"),
    ("lat", "WD", "纬度"),
    ("authority_code", "ZGBMDM", "主管部门代码"),
    ("authority_name", "ZGBMMC", "主管部门名称"),
    ("owner_code", "QSDWDM", "权属单位代码"),
    ("owner_name", "QSDWMC", "权属单位名称"),
    ("maintainer_code", "YHDWDM", "养护单位代码"),
    ("maintainer_name", "YHDWMC", "养护单位名称"),
    ("status", "GLBJZT", "状态"),
    ("initial_on", "CSRQ", "初始日期"),
    ("source", "SJLY", "数据来源"),
    ("remark", "BZ", "备注"),
)
NEEDED = ("lon", "lat", "authority_code", "authority_name")
ALIASES = {alias: names[0] for names in COLUMNS for alias in names}


@dataclass(frozen=True, kw_only=True)
class _Row:
    number: int
    code: str
    type_code: str
    form: ComponentForm | None
    name: str = ""
    refused: str = ""


def import_components(
    content: bytes | str,
    *,
    actor: Actor,
    now: datetime,
    dry_run: bool = False,
    crs: Datum | str | None = None,
) -> ImportReport:
    """Judge every row of a CSV and, unless something stands against it, register them all.

    Column names may be English, the standard's abbreviations, or Chinese. A row with a code keeps
    it (a register that moves here); a row without gets the next number of its type.

    :raises NotPermitted: the actor may not change the register.
    :raises InvalidInput: the file is no CSV with the columns needed.
    """
    accounts.permit(actor, Permission.MANAGE_PLACES)
    raw = content.encode() if isinstance(content, str) else content
    county, stated = county_of(actor), datum_of(crs)
    rows = [_read(number, values, county) for number, values in enumerate(_table(raw), start=1)]
    with transaction.atomic():
        lock_version(county)
        question = "" if stated else _question(rows, county, now)
        datum = stated or Datum.WGS84
        rows, places = _located(_coded(rows, county), datum, county, now)
        report = _report(rows, datum, question)
        if dry_run or not report.acceptable:
            return report
        _write(rows, places, actor=actor, now=now, digest=hashlib.sha256(raw).hexdigest())
    return _report(rows, datum, "", written=True)


def _table(raw: bytes) -> list[dict[str, str]]:
    reader = csv.DictReader(io.StringIO(_text(raw)))
    header = {ALIASES.get(name.strip(), name.strip()): name for name in reader.fieldnames or []}
    missing = [name for name in NEEDED if name not in header]
    if "type_code" not in header and "code" not in header:
        missing.append("type_code")
    if missing:
        raise InvalidInput(f"表头缺少列：{'、'.join(missing)}。", field="file")
    table = [
        {name: (row.get(column) or "").strip() for name, column in header.items()} for row in reader
    ]
    if not table:
        raise InvalidInput("文件中没有部件。", field="file")
    return table


def _text(raw: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InvalidInput("文件不是UTF-8或GB18030编码的CSV。请另存后再导入。", field="file")


def _read(number: int, values: Mapping[str, str], county: str) -> _Row:
    code = values.get("code", "")
    type_code = values.get("type_code", "") or code[6:11]
    row = _Row(number=number, code=code, type_code=type_code, form=None)
    try:
        _check_code(code, type_code, county)
        form = _form(values, type_code)
        check_form(form)
    except DomainError as error:
        return _refused(row, error.sentence)
    return _Row(number=number, code=code, type_code=type_code, form=form, name=form.name)


def _check_code(code: str, type_code: str, county: str) -> None:
    if not code:
        return
    parts = read_component_code(code)
    if parts.county != county:
        raise InvalidInput(f"标识码{code}不属于本县（{county}）。", field="code")
    if parts.type_code != type_code:
        raise InvalidInput(f"标识码{code}与类别代码{type_code}不符。", field="code")


def _form(values: Mapping[str, str], type_code: str) -> ComponentForm:
    return ComponentForm(
        type_code=type_code,
        point=Point(lon=_degrees(values, "lon"), lat=_degrees(values, "lat")),
        name=values.get("name", "") or type_name(type_code),
        status=_status(values.get("status", "")),
        source=_source(values.get("source", "")),
        initial_on=_day(values.get("initial_on", "")),
        **{field: values.get(field, "") for field in TEXTS},
    )


TEXTS = (
    "authority_code",
    "authority_name",
    "owner_code",
    "owner_name",
    "maintainer_code",
    "maintainer_name",
    "remark",
)


def _degrees(values: Mapping[str, str], field: str) -> float:
    try:
        found = float(values[field])
    except ValueError:
        raise InvalidInput(f"{field}“{values[field]}”不是数字，应为度，如121.869339。") from None
    low, high = (73.0, 136.0) if field == "lon" else (3.0, 54.0)
    if not low <= found <= high:
        raise InvalidInput(f"{field}为{found:g}，不在中国境内。请检查经纬度是否颠倒。")
    return found


def _status(text: str) -> ComponentStatus:
    known = {label: status for status, label in COMPONENT_STATUS_LABELS.items()}
    known |= {status.value: status for status in ComponentStatus}
    if text and text not in known:
        raise InvalidInput(
            f"状态“{text}”不对，可选：{'、'.join(COMPONENT_STATUS_LABELS.values())}。"
        )
    return known[text] if text else ComponentStatus.INTACT


def _source(text: str) -> DataSource:
    known = {label: source for source, label in DATA_SOURCE_LABELS.items()}
    known |= {source.value: source for source in DataSource}
    if text and text not in known:
        raise InvalidInput(
            f"数据来源“{text}”不对，可选：{'、'.join(DATA_SOURCE_LABELS.values())}。"
        )
    return known[text] if text else DataSource.OTHER


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)  # takes yyyymmdd and yyyy-mm-dd
    except ValueError:
        raise InvalidInput(f"初始日期“{text}”不对，应为yyyymmdd，如20260701。") from None


def _refused(row: _Row, sentence: str) -> _Row:
    return _Row(
        number=row.number, code=row.code, type_code=row.type_code, form=None, refused=sentence
    )


def _question(rows: list[_Row], county: str, now: datetime) -> str:
    """Ask for the system when far more rows fall into unit grids in another one than WGS-84."""
    shares = {datum: _share(rows, datum, county, now) for datum in Datum}
    best = max(shares, key=shares.__getitem__)
    if shares[best] <= shares[Datum.WGS84] + CLEARLY:
        return ""
    return (
        f"坐标系可疑：按WGS-84只有{shares[Datum.WGS84]:.0%}的部件落在单元网格内，"
        f"按{DATUM_LABELS[best]}有{shares[best]:.0%}。请确认后选择crs={best.value}。"
    )


def _share(rows: list[_Row], datum: Datum, county: str, now: datetime) -> float:
    lon, lat = _points(rows, datum)
    if not len(lon):
        return 0.0
    cells = current(now=now).locate_many(lon, lat).cell
    return float(np.mean([cell.startswith(county) for cell in cells]))


def _points(rows: list[_Row], datum: Datum) -> tuple[np.ndarray, np.ndarray]:
    points = [row.form.point for row in rows if row.form]
    lon, lat = [p.lon for p in points], [p.lat for p in points]
    return convert(lon, lat, source=datum, target=Datum.WGS84)


def _coded(rows: list[_Row], county: str) -> list[_Row]:
    """Refuse codes given before or twice, and number the rows without one."""
    given = [row.code for row in rows if row.code]
    taken = set(Component.objects.filter(code__in=given).values_list("code", flat=True))
    seen: set[str] = set()
    coded = []
    for row in rows:
        if row.code and (row.code in taken or row.code in seen):
            where = "已登记" if row.code in taken else "在文件中重复"
            row = _refused(row, f"标识码{row.code}{where}，号码不重复使用。")
        seen.add(row.code)
        coded.append(row)
    return coded


def _located(
    rows: list[_Row], datum: Datum, county: str, now: datetime
) -> tuple[list[_Row], dict[int, tuple[Point, Located]]]:
    lon, lat = _points(rows, datum)
    found = current(now=now).locate_many(lon, lat)
    places: dict[int, tuple[Point, Located]] = {}
    judged = []
    at = 0
    for row in rows:
        if row.form is None:
            judged.append(row)
            continue
        cell = found.cell[at]
        point = Point(lon=float(lon[at]), lat=float(lat[at]))
        places[row.number] = point, Located(cell=cell, town=cell[:9], community=cell[:12])
        inside = bool(cell) and cell.startswith(county)
        judged.append(row if inside else _refused(row, "位置不在本县任何单元网格内。请核对坐标。"))
        at += 1
    return judged, places


def _report(rows: list[_Row], datum: Datum, refusal: str, *, written: bool = False) -> ImportReport:
    lines = tuple(
        ImportLine(
            number=row.number,
            code=row.code,
            name=row.name,
            verdict=Verdict.REFUSED if row.refused else Verdict.OK,
            sentence=row.refused,
        )
        for row in rows
    )
    return ImportReport(kind=KIND, datum=datum, lines=lines, refusal=refusal, written=written)


def _write(
    rows: list[_Row],
    places: dict[int, tuple[Point, Located]],
    *,
    actor: Actor,
    now: datetime,
    digest: str,
) -> None:
    components = _components(rows, places, actor.county, timezone.localdate(now))
    Component.objects.bulk_create(components, batch_size=500)
    event = ComponentsImported(
        county=actor.county,
        digest=digest,
        added_count=len(components),
        type_count=len({row.type_code for row in components}),
    )
    audit.record(event, subject=f"places:{actor.county}", actor=actor.ref, at=now)
    for component in components:
        record_registered(component, actor=actor, now=now)


def _components(
    rows: list[_Row], places: dict[int, tuple[Point, Located]], county: str, on: date
) -> list[Component]:
    last = _last_sequences(rows, county)
    components = []
    for row in sorted(rows, key=lambda row: (not row.code, row.number)):
        assert row.form is not None
        point, place = places[row.number]
        sequence = int(row.code[11:]) if row.code else last[row.type_code] + 1
        last[row.type_code] = max(last[row.type_code], sequence)
        component = new_row(
            row.form, place, county=county, sequence=sequence, on=on, name=row.form.name
        )
        component.lon, component.lat = round(point.lon, 7), round(point.lat, 7)
        components.append(component)
    return components


def _last_sequences(rows: list[_Row], county: str) -> dict[str, int]:
    return {code: last_sequence(county, code) for code in {row.type_code for row in rows}}
