"""Documentation tells today's truth: what it names exists, and what exists is named."""

import re
from pathlib import Path

import pytest

from chengzhi.kernel.events import REGISTRY
from tools.docs import procedures

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


def glossary_identifiers() -> set[str]:
    rows = (DOCS / "glossary.md").read_text(encoding="utf-8").splitlines()
    cells = [row.split("|") for row in rows if row.startswith("| ") and row.count("|") >= 5]
    return {name.strip(" `") for row in cells for name in row[2].split(",")}


def test_decisions_are_numbered_without_a_gap_and_name_their_check():
    records = sorted(DOCS.glob("adr/0*.md"))

    assert [int(path.name[:4]) for path in records] == list(range(1, len(records) + 1))
    assert all("**Check:**" in path.read_text(encoding="utf-8") for path in records)


@pytest.mark.parametrize("page", ["docs/architecture.md", "README.md", "CONTRIBUTING.md"])
def test_every_path_that_a_page_names_exists(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    named = re.findall(r"[`(]((?:src|docs|tests|tools|seed|benchmarks)/[\w./-]+)", text)

    assert named
    assert [path for path in named if not (ROOT / path.rstrip("./")).exists()] == []


def test_every_state_and_step_has_a_glossary_row():
    known = glossary_identifiers()
    wanted = {
        name
        for procedure in procedures()
        for name in [*procedure.states, *(step.name for step in procedure.steps)]
    }

    assert sorted(str(name) for name in wanted - known) == []


def test_every_event_has_a_label_and_a_sentence_whose_fields_exist():
    ours = [e for e in REGISTRY.values() if e.shape.__module__.startswith("chengzhi.")]
    wrong = [
        f"{e.name}: {field}"
        for e in ours
        for field in re.findall(r"{(\w+)", e.say)
        if field not in e.shape.__dataclass_fields__
    ]

    assert len(ours) > 20
    assert wrong == []
    assert all(e.label and e.say for e in ours)
