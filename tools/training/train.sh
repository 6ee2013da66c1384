#!/bin/sh
# Train the garbage detector on the photographs of folder $1 in an environment of its own.
# TORCH names the release to install ("torch" unless said); further arguments go to the training.
set -eu
photos=$1
shift
[ -d "$photos/images" ] && [ -d "$photos/labels" ] || {
    echo "No photographs: $photos has no images/ and labels/. Name the folder: make train-garbage PHOTOS=..." >&2
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
PYTHONPATH=src:. "$room/bin/python" -m tools.training.garbage --data "$photos" "$@"
