#!/bin/sh
# Run tools/training/$1.py (garbage, groups or plates.train) on the photographs of folder $2, in an environment of its own.
# TORCH names the release to install ("torch" unless said); further arguments go to the program.
set -eu
program=$1
photos=$2
shift 2
[ -d "$photos/images" ] && [ -d "$photos/labels" ] || {
    echo "No photographs: $photos has no images/ and labels/. Name the folder: PHOTOS=..." >&2
    exit 1
}
room=build/train
if [ ! -f "$room/ready" ]; then
    echo "[train] installing torch into $room"
    .venv/bin/python -m venv "$room"
    "$room/bin/python" -m pip install -q --disable-pip-version-check \
        "${TORCH:-torch}" numpy opencv-python-headless onnx onnxruntime
    touch "$room/ready"
fi
PYTHONPATH=src:. exec "$room/bin/python" -m "tools.training.$program" --data "$photos" "$@"
