"""The built libraries are the pinned ones, whole, with their licences."""

import hashlib
import json
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
VENDOR = ROOT / "src" / "chengzhi" / "site" / "static" / "vendor"


@pytest.fixture(scope="module")
def index() -> dict[str, str]:
    if not (VENDOR / "index.json").exists():
        pytest.skip("the front-end libraries are not built: run `make setup`")
    return json.loads((VENDOR / "index.json").read_text(encoding="utf-8"))["files"]


def test_every_built_file_has_the_hash_that_the_index_gives(index):
    found = {name: hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() for name in index}

    assert found == index


def test_the_index_leaves_nothing_out(index):
    built = {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.is_file()}

    assert built - {"index.json"} == set(index)


def test_every_library_comes_with_its_licence(index):
    licences = {name for name in index if name.startswith("licences/")}

    assert len(licences) >= 30
    assert all(len((VENDOR / name).read_text(encoding="utf-8")) > 600 for name in licences)


def test_a_second_build_does_nothing(index):
    before = {name: (VENDOR / name).stat().st_mtime_ns for name in index}

    answer = subprocess.run(
        ["node", "tools/assets.mjs"], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert answer.stdout.strip() == "[assets] up to date"
    assert {name: (VENDOR / name).stat().st_mtime_ns for name in index} == before
