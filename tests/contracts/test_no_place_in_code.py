"""Pain 31: another county installs this without forking a word."""

import re
from pathlib import Path

from seed.county.sketch import TOWNS
from seed.people import COUNTY, UNITS

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src"
READ = {".py", ".html", ".js", ".css", ".txt", ".toml"}
NOT_OURS = {"data", "locale", "vendor", "node_modules", "tabler", "dist"}


def files() -> list[Path]:
    """Every text of the program, apart from its data, catalogues and vendored kits."""
    return [
        path
        for path in sorted(SRC.rglob("*"))
        if path.is_file() and path.suffix in READ and NOT_OURS.isdisjoint(path.parts)
    ]


def demo_names() -> set[str]:
    """What only the demo county has: its code, its mark, its towns, its units."""
    towns = {town.name for town in TOWNS} | {town.name[:-1] for town in TOWNS if len(town.name) > 2}
    return {COUNTY, "象山", "象城", "Xiangshan", *towns, *(unit.name for unit in UNITS)}


def test_pain_31_no_place_unit_or_city_is_named_in_the_program():
    pattern = re.compile("|".join(sorted(map(re.escape, demo_names()))))
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in files()
        for match in pattern.finditer(path.read_text(encoding="utf-8", errors="ignore"))
    ]

    assert len(files()) > 300
    assert found == []
