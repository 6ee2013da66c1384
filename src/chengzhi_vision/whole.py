"""Write files so that they are whole or absent, whatever happens."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

SECRET = 0o600


def write_whole(
    path: Path, data: bytes | str | Sequence[bytes], *, is_lasting: bool = False, mode: int = 0o666
) -> None:
    """Replace a file as a whole; a lasting one is there even after the power was cut.

    Large texts come in pieces. Its folder is made where it lacks. `mode` is for files that carry passwords (`SECRET`).
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.unlink(missing_ok=True)  # a crash may have left one, with another mode
    data = data.encode() if isinstance(data, str) else data
    pieces = [data] if isinstance(data, bytes) else data
    try:
        _write(part, pieces, is_lasting=is_lasting, mode=mode)
        part.replace(path)
    except OSError:  # a full disk keeps no half of it
        part.unlink(missing_ok=True)
        raise
    if is_lasting:
        _sync_folder(path.parent)


def _write(part: Path, pieces: Sequence[bytes], *, is_lasting: bool, mode: int) -> None:
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.writelines(pieces)
        if is_lasting:
            file.flush()
            os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
