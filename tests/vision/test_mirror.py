"""Worker and platform are two programs: what both must know is the same on both sides."""

from datetime import date
from pathlib import Path

from chengzhi.standards import current
from chengzhi.vision.types import ZONE_FINDINGS, FindingKind, ZoneKind
from chengzhi_vision import types as worker
from chengzhi_vision.findings import kind_table

HOWTO = Path(__file__).parents[2] / "docs" / "howto" / "camera-file.md"


def test_both_sides_know_the_same_kinds_of_finding_and_zone():
    assert list(FindingKind) == list(worker.FindingKind)
    assert list(ZoneKind) == list(worker.ZoneKind)


def test_both_sides_allow_the_same_findings_in_a_zone():
    allowed = {
        str(zone): {str(row.kind) for row in kind_table().values() if zone in row.zone_kinds}
        for zone in worker.ZoneKind
    }

    assert {str(zone): set(map(str, kinds)) for zone, kinds in ZONE_FINDINGS.items()} == allowed


def test_a_finding_is_filed_under_the_matter_the_worker_names():
    filed = {
        kind.code: (kind.matter_code, kind.is_active)
        for kind in current().finding_kinds(on=date(2026, 11, 26))
    }

    assert filed == {row.kind: (row.matter_code, row.is_ready) for row in kind_table().values()}


def test_the_how_to_lists_every_kind_as_the_table_has_it():
    text = HOWTO.read_text(encoding="utf-8")

    assert [line for line in map(_line, kind_table().values()) if line not in text] == []


def _line(row) -> str:
    zones = ", ".join(sorted(row.zone_kinds)) or "the whole picture, no rule needed"
    people = {"near": "beside it", "away": "nobody near"}.get(row.person or "", "")
    seen = ", ".join(sorted(row.classes)) + (f" (proof: {row.proof})" if row.proof else "")
    return (
        f"| `{row.kind}` | {row.matter_code} {row.name} | {zones} | {seen} | {people} |"
        f" {row.dwell_s:g} |"
    )
