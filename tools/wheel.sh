#!/bin/sh
# Build a wheel that carries the built assets and the models.
set -eu
rm -rf build/wheel && mkdir -p build/wheel dist
git archive HEAD | tar -x -C build/wheel
cp -r src/chengzhi/site/static/vendor build/wheel/src/chengzhi/site/static/
cp src/chengzhi/site/locale/en/LC_MESSAGES/django.mo build/wheel/src/chengzhi/site/locale/en/LC_MESSAGES/
mkdir -p build/wheel/src/chengzhi_vision/models
cp build/models/centerface.* build/wheel/src/chengzhi_vision/models/ 2>/dev/null || echo "no face model to carry"
cp build/models/ssdlite.* build/wheel/src/chengzhi_vision/models/ 2>/dev/null || echo "no model to carry"
.venv/bin/python -m build --wheel --outdir dist build/wheel >build/wheel.log 2>&1 || { tail -20 build/wheel.log; exit 1; }
ls -l dist/*.whl
