#!/usr/bin/env bash
# Everything a machine can check: style, types, borders, stale pages, migrations, core coverage.
set -euo pipefail
export CHENGZHI_DEMO=1
bin=.venv/bin
say() { printf '== %s\n' "$1"; }
say "ruff";              $bin/ruff check -q . && $bin/ruff format --check -q src tests tools seed benchmarks
say "djlint";            $bin/djlint --lint --quiet src/chengzhi
say "import contracts";  PYTHONPATH=. $bin/lint-imports --no-cache | tail -3
say "mypy";              $bin/mypy --no-error-summary
say "deptry";            $bin/deptry src --no-ansi 2>&1 | tail -1
say "missing migrations"; $bin/chengzhi makemigrations --check --dry-run -v0
say "messages";          $bin/python -m tools.messages check
say "generated pages";   $bin/python -m tools.docs --check
say "standards";         $bin/chengzhi standards check
say "locks";             $bin/python -m tools.locks
say "known weaknesses";  sh tools/audit-deps.sh
say "coverage of kernel, rules, procedure, commands (branches)"
if [ ! -f .coverage ]; then
    $bin/pytest -q -n 2 --dist loadfile -m "not e2e" --cov --cov-report= >build/coverage.log 2>&1 ||
        { tail -30 build/coverage.log; exit 1; }
fi
$bin/coverage report --skip-covered --fail-under=90 --include='*/kernel/*,*/rules.py,*/rules/*,*/procedure.py,*/procedure/*,*/commands.py,*/commands/*'
echo "check: all clean"
