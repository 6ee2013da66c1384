"""Writing an import into a city's overlay folder: whole files, renamed into place, or nothing."""

import csv
import io
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from chengzhi.standards.check import check
from chengzhi.standards.importing.plan import Deed, Plan, closed
from chengzhi.standards.store import Standards
from chengzhi.standards.tables import DATA, read_csv
from chengzhi.standards.types import HandlingRow, Problem, StandardBroken

HANDLING = "handling_47678.csv"
HANDLING_HEAD = (
    "scheme", "kind", "code", "name", "condition_no", "filing_condition", "closing_condition",
    "limit", "handler", "origin", "source", "valid_from", "valid_to", "start", "roll", "day_end",
    "handler_text", "authority", "basis", "guide",
)  # fmt: skip
Record = Mapping[str, str]
Files = dict[str, str]


@contextmanager
def prepared(plan: Plan, overlay: Path, standards: Standards) -> Iterator[Callable[[], None]]:
    """Prepare the new files beside the old ones, and give the deed that puts them in force.

    The files are complete, checked and on the disk before this yields; those that were not put in
    force are gone afterwards. Each is then renamed into
    place in an order in which every step leaves a folder that can be read: schemes, local matters,
    their maps, and last the conditions, which bring the import into force.

    :raises StandardBroken: the tables would have a problem that they do not have now.
    """
    files = new_files(plan, overlay, standards)
    _refuse_broken(files, overlay, plan)
    written = {name: _beside(overlay / name, text) for name, text in files.items()}

    def put_in_force() -> None:
        for name, path in written.items():
            os.replace(path, overlay / name)

    try:
        yield put_in_force
    finally:
        for path in written.values():
            path.unlink(missing_ok=True)


def apply_plan(plan: Plan, overlay: Path, standards: Standards) -> None:
    """Put an import in force at once."""
    with prepared(plan, overlay, standards) as put_in_force:
        put_in_force()


def new_files(plan: Plan, overlay: Path, standards: Standards) -> Files:
    """Return the overlay's files as they will be, in the order of writing."""
    files: Files = {}
    day = plan.asked.valid_from.isoformat()
    if plan.scheme is not None:
        row = {
            "code": plan.scheme.code,
            "name": plan.scheme.name,
            "source": plan.scheme.source,
            "valid_from": day,
        }
        files["schemes.csv"] = _appended(overlay, "schemes.csv", [row])
    if plan.matters:
        rows = [
            {
                "scheme": m.scheme, "kind": m.kind, "code": m.code, "name": m.name,
                "major": m.major, "major_name": m.major_name, "source": m.source, "valid_from": day,
            }
            for m in plan.matters
        ]  # fmt: skip
        files["local_codes.csv"] = _appended(overlay, "local_codes.csv", rows)
        maps = [
            {
                "kind": m.kind, "code": m.code, "name": m.name, "matter_code": m.matter_code,
                "source": m.source, "valid_from": day,
            }
            for m in plan.maps
        ]  # fmt: skip
        files["category_maps.csv"] = _appended(overlay, "category_maps.csv", maps)
    if plan.touched:
        files[HANDLING] = _handling(plan, overlay, standards)
    return files


def _handling(plan: Plan, overlay: Path, standards: Standards) -> str:
    """Return the conditions: other matters as they stand, touched ones with their whole history."""
    path = overlay / HANDLING
    kept = read_csv(path) if path.is_file() else []
    rows: list[Record] = [row for row in kept if row["code"] not in plan.touched]
    ended = {
        _version(change.before)
        for change in plan.changes
        if change.deed in (Deed.CHANGED, Deed.CLOSED) and change.before
    }
    for code in sorted(plan.touched):
        for row in standards.handling_versions(code):
            rows.append(
                _record(closed(row, plan.asked.valid_from) if _version(row) in ended else row)
            )
        rows += [
            _record(change.after)
            for change in plan.changes
            if change.after is not None
            and change.deed in (Deed.NEW, Deed.CHANGED)
            and change.after.category_code == code
        ]
    return _csv(HANDLING_HEAD, rows)


def _version(row: HandlingRow) -> tuple[str, int, date]:
    return row.category_code, row.condition_no, row.valid_from


def _record(row: HandlingRow) -> Record:
    return {
        "scheme": row.scheme,
        "kind": row.kind,
        "code": row.category_code,
        "name": row.category_name,
        "condition_no": str(row.condition_no),
        "filing_condition": row.filing_condition,
        "closing_condition": row.closing_condition,
        "limit": row.limit_text,
        "handler": row.handler,
        "origin": row.origin,
        "source": row.source,
        "valid_from": row.valid_from.isoformat(),
        "valid_to": row.valid_to.isoformat() if row.valid_to else "",
        "start": row.rules.start,
        "roll": row.rules.roll,
        "day_end": row.rules.day_end,
        "handler_text": row.handler_text,
        "authority": row.authority,
        "basis": row.basis,
        "guide": row.guide,
    }


def _appended(overlay: Path, name: str, rows: Iterable[Record]) -> str:
    """Return a table of the overlay with rows added; the head is that of the table we ship."""
    head = _head(DATA / name)
    path = overlay / name
    before = read_csv(path) if path.is_file() else []
    return _csv(head, [*before, *rows])


def _head(path: Path) -> tuple[str, ...]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return tuple(next(csv.reader(file)))


def _csv(head: tuple[str, ...], rows: Iterable[Record]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, head, extrasaction="ignore", restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _refuse_broken(files: Files, overlay: Path, plan: Plan) -> None:
    """Load the folder as it would be, and refuse it if the check finds something new."""
    on = plan.asked.valid_from
    before = {_said(problem) for problem in check(Standards.load(overlay), on=on)}
    with tempfile.TemporaryDirectory() as folder:
        trial = Path(folder) / "trial"
        shutil.copytree(overlay, trial, ignore=shutil.ignore_patterns("imports", "*.tmp"))
        for name, text in files.items():
            (trial / name).write_text(text, encoding="utf-8")
        found = [p for p in check(Standards.load(trial), on=on) if not p.is_warning]
    fresh = [_said(problem) for problem in found if _said(problem) not in before]
    if fresh:
        raise StandardBroken(f"导入后标准表会有 {len(fresh)} 个问题，没有写入：{fresh[0]}")


def _said(problem: Problem) -> str:
    return f"{problem.table} {problem.key}：{problem.sentence}"


def _beside(path: Path, text: str) -> Path:
    """Write a complete file next to the one that it will replace, and flush it to the disk."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}.", suffix=".tmp")
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.chmod(name, 0o644)
    return Path(name)
