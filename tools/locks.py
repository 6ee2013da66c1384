"""Refuse lock files and sources that carry an address, a machine path or a key."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCKS = ("requirements/*.lock", "package-lock.json", "tools/scene/package-lock.json")
ADDRESS = re.compile(r'"resolved":|--(extra-)?index-url|https?://\S+\.(whl|tgz|tar\.gz)')
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
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True).stdout
    texts = [ROOT / name for name in listed.split() if name.endswith((".py", ".md", ".sh", ".toml", ".html", ".js", ".yml"))]
    return [f"{p.relative_to(ROOT)}: names a machine path" for p in texts if p.exists() and p != Path(__file__) and MACHINE.search(p.read_text("utf-8"))]


if __name__ == "__main__":
    raise SystemExit(main())
