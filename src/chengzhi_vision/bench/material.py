"""Where the material of the benchmark lies: shared data, rendered things, the garbage split."""

from __future__ import annotations

import os
from pathlib import Path

from chengzhi_vision.bench.cutouts.bank import Sources
from chengzhi_vision.bench.cutouts.mine import read_parts
from chengzhi_vision.errors import BenchInvalid


def sources(*, data: Path | None, rendered: Path | None, parts: Path | None = None) -> Sources:
    """Return the sources that are there; `parts` tells which photographs training never saw."""
    return Sources(
        data=data if data is not None and data.is_dir() else None,
        rendered=rendered if rendered is not None and rendered.is_dir() else None,
        parts=read_parts(parts) if parts is not None and parts.is_file() else None,
    )


def shared_data(root: Path) -> Path | None:
    """Return the folder of shared data beside a checkout, or where the environment says."""
    folder = Path(os.environ.get("CHENGZHI_SHARED_DATA", root.parent / "shared" / "data"))
    return folder if folder.is_dir() else None


def checked(path: Path, what: str) -> Path:
    """Return a path that must exist."""
    if not path.exists():
        raise BenchInvalid(f"{what} {path} 不存在，请检查路径。")
    return path
