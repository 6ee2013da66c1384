"""Open an ONNX model with onnxruntime."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def session(model: Path | bytes, *, threads: int = 1, keeps_room: bool = False) -> Any:
    """Return an inference session that takes so many threads and spins on none.

    One that `keeps_room` never gives back the memory of its largest run: right for who is asked all
    the time. The face net would sit on 280 MB for a picture an hour.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.enable_cpu_mem_arena = keeps_room
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    given = model if isinstance(model, bytes) else str(model)
    return onnxruntime.InferenceSession(given, options, providers=["CPUExecutionProvider"])
