#!/usr/bin/env bash
# Everything a machine can check: style, types, borders, stale pages, migrations, core coverage.
# mypy and the advisory database take the longest: they run beside the others.
set -uo pipefail
export CHENGZHI_DEMO=1
bin=.venv/bin
logs=build/check
rm -rf "$logs" && mkdir -p "$logs"

# step NAME COMMAND...: run it, then say its seconds and what it said
step() {
    local name=$1 begun=$SECONDS log="$logs/${1// /-}" ok=passed
    shift
    "$@" >"$log" 2>&1 || { ok=FAILED; touch "$logs/failed"; }
    { printf '== %s: %s (%d s)\n' "$name" "$ok" $((SECONDS - begun)); cat "$log"; } >"$log.said"
    cat "$log.said"
}
style() { $bin/ruff check -q . && $bin/ruff format --check -q src tests tools seed benchmarks; }
borders() { PYTHONPATH=. $bin/lint-imports --no-cache; }
count() {
    if [ ! -f .coverage ]; then
        $bin/pytest -q -n 2 --dist loadfile -m "not e2e" --cov --cov-report= || return 1
    fi
    $bin/coverage report --skip-covered --fail-under=90 --include='*/kernel/*,*/rules.py,*/rules/*,*/procedure.py,*/procedure/*,*/commands.py,*/commands/*'
}

step "mypy" $bin/mypy --no-error-summary &
step "known weaknesses" sh tools/audit-deps.sh &
step "ruff" style
step "djlint" $bin/djlint --lint --quiet src/chengzhi
step "import contracts" borders
step "deptry" $bin/deptry src --no-ansi
step "missing migrations" $bin/chengzhi makemigrations --check --dry-run -v0
step "messages" $bin/python -m tools.messages check
step "generated pages" $bin/python -m tools.docs --check
step "standards" $bin/chengzhi standards check
step "locks" $bin/python -m tools.locks
step "coverage of kernel, rules, procedure, commands (branches)" count
wait
if [ -f "$logs/failed" ]; then
    grep -hE '^== .*: FAILED' "$logs"/*.said
    exit 1
fi
echo "check: all clean"
