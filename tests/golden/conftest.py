"""Golden files: read from disk and compared; rewritten only when CHENGZHI_GOLDEN is `write`."""

import json
import os
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


def as_json(value: Any) -> Any:
    """Return the value as it looks after a journey through JSON."""
    return json.loads(json.dumps(value))


def assert_golden(name: str, value: Any) -> None:
    """Compare with the golden file, or write it when told to."""
    path = FOLDER / name
    text = json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    if os.environ.get("CHENGZHI_GOLDEN") == "write":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert as_json(value) == json.loads(path.read_text(encoding="utf-8")), (
        f"{path.name} is out of date: run `make golden` and review the difference"
    )
