"""How every benchmark ends: a row appended to its CSV and one JSON object on the last line."""

import csv
import json
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path

RESULTS = Path(__file__).parent / "results"


def tell(
    name: str, figures: dict[str, float | int | str], *, bar: str, ok: bool, seed: int = 0
) -> int:
    """Append the figures to `results/<name>.csv`, print the JSON line, and return the exit status."""
    row = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _commit(),
        "machine": f"{platform.machine()} {platform.python_version()}",
        "seed": seed,
        **figures,
        "ok": ok,
    }
    _append(RESULTS / f"{name}.csv", row)
    print(json.dumps({"name": name, "figures": figures, "bar": bar, "ok": ok}, ensure_ascii=False))
    return 0 if ok else 1


def _commit() -> str:
    asked = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    )
    return asked.stdout.strip() or "unknown"


def _append(path: Path, row: dict[str, object]) -> None:
    """Add a row; a column that the file does not have yet is empty in the rows before."""
    path.parent.mkdir(exist_ok=True)
    before: list[dict[str, str]] = []
    if path.exists():
        with path.open(newline="", encoding="utf-8") as file:
            before = list(csv.DictReader(file))
    known = list(before[0]) if before else []
    columns = [*known, *(name for name in row if name not in known)]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=columns, restval="")
        writer.writeheader()
        writer.writerows([*before, row])
