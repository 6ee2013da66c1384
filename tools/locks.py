"""Refuse lock files and sources that carry an address, a machine path or a key."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCKS = ("requirements/*.lock", "package-lock.json", "tools/scene/package-lock.json")
ADDRESS = re.compile(r'"resolved":|--(extra-)?index-url|https?://\S+\.(whl|tgz|tar\.gz)')
TEXTS = (".py", ".md", ".sh", ".toml", ".html", ".js", ".yml")
MACHINE = re.compile(r"(?<![\w.])/(work|farm|root|home)/[a-z]")


def main() -> int:
    """Print every fault and return their number, at most 1."""
    faults = [*_in_locks(), *_in_sources()]
    for fault in faults:
        print(fault)
    return min(1, len(faults))


def _in_locks() -> list[str]:
    files = [path for pattern in LOCKS for path in ROOT.glob(pattern)]
    return [f"{p.name}: holds an address" for p in files if ADDRESS.search(p.read_text("utf-8"))]


def _in_sources() -> list[str]:
    asked = ["git", "ls-files", *(f"*{ending}" for ending in TEXTS)]
    listed = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    paths = [ROOT / name for name in listed.split() if ROOT / name != Path(__file__)]
    guilty = [p for p in paths if p.exists() and MACHINE.search(p.read_text("utf-8"))]
    return [f"{path.relative_to(ROOT)}: names a machine path" for path in guilty]


if __name__ == "__main__":
    raise SystemExit(main())
