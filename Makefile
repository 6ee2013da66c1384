# Chengzhi: the commands of daily work. `make` prints them.
PY := .venv/bin/python
BIN := .venv/bin
MODELS ?= build/models
FOOTAGE ?=
PHOTOS ?= ../shared/data/street_photos
DEMO_ENV := CHENGZHI_DEMO=1 CHENGZHI_STATE=$(CURDIR)/var CHENGZHI_MODELS=$(CURDIR)/$(MODELS)
SETUP_RUN := build/setup-run.stamp
SETUP_DEV := build/setup-dev.stamp
ASSETS := build/assets.stamp
MODEL := build/models.stamp
MESSAGES := src/chengzhi/site/locale/en/LC_MESSAGES/django.mo

.DEFAULT_GOAL := help
.PHONY: help setup demo run worker test fast check fix docs golden e2e wheel footage bench \
	bench-clock bench-places bench-intake bench-redaction bench-tracking bench-million bench-lists bench-export \
	bench-chain bench-garbage bench-plates train-garbage train-plates training-scenes split-photos bench-events bench-faults bench-streams bench-leases clean

help: ## print this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

$(SETUP_RUN): requirements/run.lock pyproject.toml tools/setup.sh
	@sh tools/setup.sh run && touch $@

$(SETUP_DEV): requirements/dev.lock pyproject.toml tools/setup.sh
	@sh tools/setup.sh dev && touch $@ $(SETUP_RUN)

$(ASSETS): package-lock.json package.json tools/assets.mjs
	@echo "[assets] building the interface kit (npm ci)"
	@npm ci --silent --no-audit --no-fund && node tools/assets.mjs && mkdir -p build && touch $@

$(MODEL): src/chengzhi_vision/detectors src/chengzhi_redaction | $(SETUP_RUN)
	@CHENGZHI_MODELS=$(MODELS) $(BIN)/chengzhi-vision models && mkdir -p build && touch $@

$(MESSAGES): $(MESSAGES:.mo=.po) tools/messages.py | $(SETUP_RUN)
	@$(PY) -m tools.messages compile

setup: $(SETUP_DEV) $(ASSETS) $(MESSAGES) $(MODEL) ## everything that work on the code needs

demo: $(SETUP_RUN) ## the demo county at http://127.0.0.1:8000 (FOOTAGE=clip.avi adds your own camera)
	@$(MAKE) -s $(ASSETS) $(MODEL) $(MESSAGES) & \
	$(DEMO_ENV) FOOTAGE="$(FOOTAGE)" $(PY) -m seed.demo $(ASSETS) $(MODEL) $(MESSAGES)

run: $(SETUP_RUN) $(ASSETS) $(MESSAGES) ## the platform with the settings of the environment
	@$(BIN)/chengzhi serve

worker: $(SETUP_RUN) ## one worker: reactions and deadlines
	@$(BIN)/chengzhi worker

footage: ## bring a real surveillance clip (95 MB once) for the demo
	@sh tools/footage.sh

test: setup ## the whole suite on SQLite and on PostgreSQL
	@CHENGZHI_MODELS=$(CURDIR)/$(MODELS) sh tools/test.sh

fast: $(SETUP_DEV) ## rules, procedures, contracts; no database
	@$(BIN)/pytest -q tests/kernel tests/standards tests/contracts -m "not slow and not e2e"

check: setup ## style, types, borders, stale pages, missing migrations, coverage of the core
	@bash tools/check.sh

fix: $(SETUP_DEV) ## format and mend what can be mended
	@$(BIN)/ruff check -q --fix src tests tools seed benchmarks; $(BIN)/ruff format -q src tests tools seed benchmarks
	@$(BIN)/djlint --reformat --quiet src/chengzhi || true

docs: $(SETUP_DEV) ## write the generated pages
	@CHENGZHI_DEMO=1 $(PY) -m tools.docs

golden: $(SETUP_DEV) ## rewrite the golden files (review the difference)
	@CHENGZHI_DEMO=1 CHENGZHI_GOLDEN=write $(BIN)/pytest -q tests/golden

e2e: setup ## journeys in a real browser, and processes killed under load
	@sh tools/e2e.sh

BENCHES := clock places intake lists export tracking streams leases chain garbage redaction events faults
bench: $(BENCHES:%=bench-%) ## all benchmarks (make -k bench goes on past a bar that is not reached)

bench-clock: $(SETUP_DEV) ## deadlines a second, differences from the reference clock
	@$(PY) -m benchmarks.clock

bench-places: $(SETUP_DEV) ## points a second to a grid
	@CHENGZHI_DEMO=1 $(PY) -m benchmarks.places

bench-intake: $(SETUP_DEV) ## reports a second over HTTP on PostgreSQL (ROWS=1000000: with so many present)
	@CHENGZHI_DEMO=1 $(PY) -m benchmarks.intake --rows $(or $(ROWS),0)

bench-million: $(SETUP_DEV) ## build the databases of a million work orders (once; the benches below reuse them)
	@CHENGZHI_DEMO=1 $(PY) -m benchmarks.million

bench-lists: setup ## pages of lists at a million work orders, both databases
	@CHENGZHI_DEMO=1 $(PY) -m benchmarks.lists

bench-export: setup ## 100,000 rows as a file in the background, and what others feel of it
	@CHENGZHI_DEMO=1 $(PY) -m benchmarks.export

bench-streams: setup ## cameras a core: many paced streams with the whole rule chain (MINUTES=20, KIND=keys720)
	@CHENGZHI_MODELS=$(MODELS) OMP_NUM_THREADS=1 $(PY) -m benchmarks.streams --minutes $(or $(MINUTES),3) --kind $(or $(KIND),all)

bench-leases: setup ## 200 leases over 4 workers, one killed every 10 s
	@CHENGZHI_DEMO=1 $(PY) -m benchmarks.leases

bench-redaction: setup ## heads that a published copy hides, and what a still costs
	@CHENGZHI_MODELS=$(MODELS) $(PY) -m benchmarks.redaction

bench-plates: setup ## number plates that a published copy hides (PICTURES=folder of EasyPR's general_test)
	@CHENGZHI_MODELS=$(MODELS) $(PY) -m benchmarks.plates --pictures "$(PICTURES)" $(if $(PART),--part $(PART))

bench-tracking: setup ## HOTA, MOTA, IDF1 on real ground truth
	@.venv/bin/uv pip install -q --python $(PY) --no-deps "trackeval==1.3.0" || echo "TrackEval is not to be had: HOTA stays blank"
	@CHENGZHI_MODELS=$(MODELS) $(PY) -m benchmarks.tracking

bench-chain: setup ## what the camera chain costs a picture, with and without detectors
	@CHENGZHI_MODELS=$(MODELS) OMP_NUM_THREADS=1 $(PY) -m benchmarks.chain

bench-garbage: setup ## AP50 of the garbage detector on photographs kept apart, and its speed
	@$(PY) -m benchmarks.garbage

train-garbage: setup ## train the garbage detector (PHOTOS=folder of images/ and labels/)
	@sh tools/training/train.sh garbage "$(PHOTOS)" $(TRAIN)

train-plates: setup ## train the plate finder on plates drawn into PHOTOS (folder of images/ and labels/)
	@$(PY) -m tools.training.plates.glyphs
	@sh tools/training/train.sh plates.train "$(PHOTOS)" $(TRAIN)

training-scenes: setup ## cut-outs and streets to stage training pictures with (SHARED=folder of street_photos/, video/)
	@$(PY) -m tools.training.scenes --shared "$(SHARED)"
	@$(PY) -m tools.training.named --shared "$(SHARED)"

split-photos: setup ## draw PHOTOS into train, val and test by groups of near-duplicates
	@sh tools/training/train.sh groups "$(PHOTOS)" $(TRAIN)

bench-events: setup ## events found and reported on rendered, staged and real clips (SPLIT=tune|test, ONLY=kind, SEED=of the first clip, RENDERED=1)
	@CHENGZHI_MODELS=$(MODELS) OMP_NUM_THREADS=1 $(PY) -m benchmarks.events $(if $(SPLIT),--split $(SPLIT)) $(if $(ONLY),--only $(ONLY)) $(if $(SEED),--seed $(SEED)) $(if $(RENDERED),--rendered)

bench-faults: setup ## the same alarms with lost detections, id switches, occlusion, restarts and broken streams
	@CHENGZHI_MODELS=$(MODELS) OMP_NUM_THREADS=1 $(PY) -m benchmarks.faults

wheel: setup ## a wheel that carries the built assets and the models
	@sh tools/wheel.sh

clean: ## remove what was built; keeps the demo's state
	@rm -rf build dist .venv node_modules src/chengzhi/site/static/vendor
