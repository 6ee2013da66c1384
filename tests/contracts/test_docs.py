"""Documentation tells today's truth: what it names exists, and what exists is named."""

import re
from pathlib import Path

import pytest

from chengzhi.kernel.events import REGISTRY
from tools.docs import procedures

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
SRC = ROOT / "src" / "chengzhi"


def glossary_identifiers() -> set[str]:
    rows = (DOCS / "glossary.md").read_text(encoding="utf-8").splitlines()
    cells = [row.split("|") for row in rows if row.startswith("| ") and row.count("|") >= 5]
    return {name.strip(" `") for row in cells for name in row[2].split(",")}


def test_decisions_are_numbered_without_a_gap_and_name_their_check():
    records = sorted(DOCS.glob("adr/0*.md"))

    assert [int(path.name[:4]) for path in records] == list(range(1, len(records) + 1))
    assert all("**Check:**" in path.read_text(encoding="utf-8") for path in records)


PAGES = ["docs/architecture.md", "docs/lives.md", "README.md", "CONTRIBUTING.md", "SECURITY.md"]


@pytest.mark.parametrize("page", [*PAGES, "docs/howto/new-event.md", "docs/howto/new-step.md"])
def test_every_path_that_a_page_names_exists(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    named = re.findall(r"[`(]((?:src|docs|tests|tools|seed|benchmarks)/[\w./-]+)", text)

    assert named
    assert [path for path in named if not (ROOT / path.rstrip("./")).exists()] == []


@pytest.mark.parametrize(("context", "least"), [("workorders", 20), ("vision", 12)])
def test_every_path_of_the_areas_of_a_context_exists(context, least):
    text = (DOCS / "architecture.md").read_text(encoding="utf-8")
    areas = text.split(f"## Inside `{context}`")[1].split("\n## ")[0]
    named = re.findall(r"`([a-z_]+/[\w/]+\.py)`", areas)

    assert len(named) > least
    assert [path for path in named if not (SRC / context / path).exists()] == []


def test_every_setting_of_the_environment_has_a_row_and_every_row_a_setting():
    read = [
        SRC / "site" / "settings.py",
        SRC / "site" / "environment.py",
        ROOT / "seed" / "demo.py",
    ]
    code = [*read, *(ROOT / "src" / "chengzhi_vision").rglob("*.py")]
    quoted = {
        name
        for path in code
        for name in re.findall(r'"(CHENGZHI_[A-Z0-9_]+)"', path.read_text(encoding="utf-8"))
    }
    page = (DOCS / "settings.md").read_text(encoding="utf-8")
    cells = [row.split("|")[1] for row in page.splitlines() if row.startswith("| `")]

    assert {name for cell in cells for name in re.findall(r"`(\w+)`", cell)} == quoted


def test_every_command_stands_in_the_readme():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = {path.stem for path in SRC.glob("*/management/commands/[a-z]*.py")}

    assert len(commands) > 7
    assert sorted(name for name in commands if f"`chengzhi {name}" not in text) == []


def test_every_how_to_is_in_the_index():
    index = (DOCS / "howto" / "README.md").read_text(encoding="utf-8")
    pages = {path.name for path in DOCS.glob("howto/*.md")} - {"README.md"}

    assert set(re.findall(r"\]\(([\w-]+\.md)\)", index)) == pages


def test_every_news_fragment_names_its_issue_and_kind():
    shape = re.compile(r"\d+\.(new|changed|fixed|law|upgrading)(\.\d+\.\w+)?\.md")
    names = [path.name for path in ROOT.glob("changelog.d/*.md")]

    assert [name for name in names if not shape.fullmatch(name)] == []


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
