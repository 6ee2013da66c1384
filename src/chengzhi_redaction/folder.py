"""Where the model files lie, for both programs."""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path


def models_folder(environment: Mapping[str, str] | None = None) -> Path:
    """Return CHENGZHI_MODELS, the models that the wheel carries, or build/models of the tree."""
    known = os.environ if environment is None else environment
    if known.get("CHENGZHI_MODELS"):
        return Path(known["CHENGZHI_MODELS"])
    worker = find_spec("chengzhi_vision")  # located, not imported: the wheel carries models there
    if worker is not None and worker.origin:
        carried = Path(worker.origin).parent / "models"
        if carried.is_dir():
            return carried
    root = Path(__file__).parents[2]
    return (root if (root / "pyproject.toml").is_file() else Path()) / "build" / "models"
