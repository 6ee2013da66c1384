#!/bin/sh
# Journeys in a real browser and whole processes killed under load; two at a time, each with a
# platform and a port of its own.
set -eu
command -v chromium >/dev/null 2>&1 || {
    echo "Chromium is needed: apt-get install chromium fonts-noto-cjk" >&2
    exit 1
}
CHENGZHI_MODELS="$PWD/build/models" DJANGO_ALLOW_ASYNC_UNSAFE=1 .venv/bin/pytest tests/e2e -m e2e -q \
    -n 2 --dist loadfile --no-loadscope-reorder "$@"
