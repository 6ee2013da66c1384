#!/bin/sh
# Bring a real surveillance clip (PETS09-S2L1, in Debian's opencv-doc) without root, into footage/.
set -eu
[ -s footage/vtest.avi ] && { echo "footage/vtest.avi is here already"; exit 0; }
command -v apt-get >/dev/null || { echo "apt-get is needed; on other systems put any clip in footage/" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
echo "[footage] downloading opencv-doc (about 95 MB, once)"
(cd "$work" && apt-get download opencv-doc)
echo "[footage] unpacking vtest.avi"
dpkg-deb --fsys-tarfile "$work"/opencv-doc_*.deb | tar -x -C "$work" --wildcards '*vtest.avi*'
mkdir -p footage
clip=$(find "$work" -name 'vtest.avi*' -type f | head -1)
case "$clip" in *.gz) gzip -dc "$clip" >footage/vtest.avi ;; *) cp "$clip" footage/vtest.avi ;; esac
ls -l footage/vtest.avi
