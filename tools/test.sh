#!/bin/sh
# The whole suite on SQLite (its coverage is what `make check` reads), then everything that touches a database on PostgreSQL.
set -eu
echo "== suite on SQLite"
.venv/bin/pytest -q -n 2 --dist loadfile --no-loadscope-reorder -m "not e2e" --cov --cov-report= "$@"
echo "== suite on PostgreSQL"
.venv/bin/python -m tools.postgres .venv/bin/pytest -q -n 2 --dist loadfile --no-loadscope-reorder --only-database \
    -m "not e2e and not slow" --ignore=tests/vision_worker --ignore=tests/kernel \
    --ignore=tests/standards --ignore=tests/scene --ignore=tests/supervisor "$@"
