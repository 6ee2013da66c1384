"""Build the database of a million work orders once: `python -m benchmarks.million --help`."""

import argparse
import sys

from benchmarks.million.store import postgres_built, sqlite_built


def main() -> int:
    """Build what is missing and say where it lies."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    options = parser.parse_args()
    if options.database != "postgresql":
        with sqlite_built(options.rows, seed=options.seed) as address:
            print(f"SQLite: {address}")
    if options.database != "sqlite":
        with postgres_built(options.rows, seed=options.seed) as address:
            print(f"PostgreSQL: {address}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
