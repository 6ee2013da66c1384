"""Which tests a page names, and which of them are not there."""

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]


def named_tests(page: str) -> list[tuple[str, str]]:
    """Return the file and the name of every test that a page names between backticks."""
    return re.findall(r"`([\w/]*test_\w+\.py)::(test_\w+)`", page)


def missing_tests(named: list[tuple[str, str]], *, under: Path) -> list[str]:
    """Return the named tests that no file below `under` defines."""
    return [
        f"{file}::{name}"
        for file, name in named
        if not (under / file).exists()
        or f"def {name}(" not in (under / file).read_text(encoding="utf-8")
    ]
