"""No template breaks the content security policy, and every name in one exists."""

import json
import re
from pathlib import Path

import pytest
from django.template.loader import get_template

SOURCE = Path(__file__).parents[2] / "src" / "chengzhi"
TEMPLATES = sorted(SOURCE.glob("*/templates/**/*.html"))
VENDOR = SOURCE / "site" / "static" / "vendor"
PAGES = [pytest.param(path, id=str(path.relative_to(SOURCE))) for path in TEMPLATES]
STYLE = re.compile(r"\sstyle\s*=|<style\b", re.IGNORECASE)
HANDLER = re.compile(r"\son[a-z]+\s*=|javascript:", re.IGNORECASE)
SCRIPT = re.compile(r"<script\b([^>]*)>", re.IGNORECASE)
ICON = re.compile(r"\bti ti-([a-z0-9-]+)(?=[\s\"'])")
FOREIGN = re.compile(r"(?:src|href|action)=[\"']?(?:https?:)?//", re.IGNORECASE)


def test_there_are_templates_to_read():
    assert len(TEMPLATES) > 20


@pytest.mark.parametrize("path", PAGES)
def test_a_template_has_no_inline_style_or_script(path):
    text = path.read_text(encoding="utf-8")

    assert STYLE.findall(text) == []
    assert HANDLER.findall(text) == []
    assert [tag for tag in SCRIPT.findall(text) if "src=" not in tag] == []


@pytest.mark.parametrize("path", PAGES)
def test_a_template_asks_nothing_of_another_server(path):
    assert FOREIGN.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", PAGES)
def test_a_template_compiles(path):
    name = str(path).split("/templates/", 1)[1]

    assert get_template(name).origin.name == str(path)


@pytest.fixture(scope="module")
def icons() -> set[str]:
    sheet = VENDOR / "icons" / "tabler-icons.min.css"
    if not sheet.exists():
        pytest.skip("the front-end libraries are not built: run `make setup`")
    return set(re.findall(r"\.ti-([a-z0-9-]+):before", sheet.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", PAGES)
def test_every_icon_exists(path, icons):
    used = set(ICON.findall(path.read_text(encoding="utf-8")))

    assert used - icons == set()


def test_the_lock_file_names_no_server():
    root = SOURCE.parents[1]
    lock = (root / "package-lock.json").read_text(encoding="utf-8")

    assert "http" not in lock
    assert '"resolved"' not in lock
    assert all(
        "integrity" in package for name, package in json.loads(lock)["packages"].items() if name
    )
