#!/bin/sh
# Make .venv with the hashed requirements of $1 (run or dev) and install the project in place.
set -eu
set_name=${1:-dev}
python=${PYTHON:-python3.11}
command -v "$python" >/dev/null 2>&1 || python=python3
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "Python 3.11 or newer is needed; $("$python" --version) was found. Install python3.11 or set PYTHON." >&2
    exit 1
}
[ -x .venv/bin/python ] || { echo "[setup] creating .venv"; "$python" -m venv .venv; }
echo "[setup] installing requirements/$set_name.lock"
with_uv() {
    .venv/bin/python -m pip install -q --disable-pip-version-check 'uv==0.13.9' 2>/dev/null &&
        .venv/bin/uv pip install -q --python .venv/bin/python --require-hashes -r "requirements/$set_name.lock" &&
        .venv/bin/uv pip install -q --python .venv/bin/python --no-deps -e .
}
with_pip() {
    echo "[setup] uv could not install; pip takes over (slower)"
    .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r "requirements/$set_name.lock"
    .venv/bin/python -m pip install -q --disable-pip-version-check --no-deps -e .
}
with_uv || with_pip
mkdir -p build
echo "[setup] ready"
