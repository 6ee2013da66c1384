"""The table of docs/open311.md names a test for every method, field and error, and each exists."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "open311.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`(test_\w+\.py)::(test_\w+)`", PAGE)


def test_every_named_test_exists():
    missing = [
        f"{file}::{name}"
        for file, name in NAMED
        if f"def {name}(" not in (ROOT / "tests" / "api" / file).read_text(encoding="utf-8")
    ]

    assert len(NAMED) > 40
    assert missing == []


def test_every_row_of_the_tables_names_its_test():
    rows = [line for line in PAGE.splitlines() if line.startswith("| ") and "---" not in line]
    tables = [row for row in rows if "CHENGZHI_" not in row and "| test |" not in row]

    assert [row for row in tables if "::test_" not in row and "| default |" not in row] == []
