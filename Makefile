# Everything needs only Python 3.11+ and make. `make serve` and `make test` set up what they need.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
DATA := $(if $(LUREWATCH_DATA),$(LUREWATCH_DATA),data)

.PHONY: help install fix check test train model report growth screenshots serve serve-full types audit bench million faults ray bench-api soak golden lock
help:
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

.venv/serve: requirements/serve.txt pyproject.toml
	test -d .venv || $(PYTHON) -m venv .venv
	$(PIP) install --require-hashes -r requirements/serve.txt
	$(PIP) install --no-deps --editable .
	@touch $@

.venv/encoder: requirements/encoder.txt pyproject.toml
	test -d .venv || $(PYTHON) -m venv .venv
	$(PIP) install --require-hashes -r requirements/encoder.txt
	$(PIP) install --no-deps --editable .
	@touch $@ .venv/serve

.venv/dev: requirements/dev.txt pyproject.toml
	test -d .venv || $(PYTHON) -m venv .venv
	$(PIP) install --require-hashes -r requirements/dev.txt
	$(PIP) install --no-deps --editable .
	@touch $@ .venv/serve .venv/encoder

install: .venv/dev ## everything for developing: serving, training, tests

serve: .venv/serve ## the shipped model on http://127.0.0.1:8000
	$(BIN)/lurewatch serve

serve-full: .venv/encoder ## both tiers: the encoder answers where the fast tier is in doubt
	LUREWATCH_TIER=$${LUREWATCH_TIER:-auto} $(BIN)/lurewatch serve

test: .venv/dev ## all tests
	$(BIN)/python -m pytest

fix: .venv/dev ## format and mend what can be mended
	$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

check: .venv/dev ## what must be green before a commit
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/hadolint Dockerfile
	$(BIN)/python -m pytest

train: .venv/dev ## learn from $LUREWATCH_DATA and seeds/ into runs/
	$(BIN)/lurewatch train --data-dir $(DATA)

model: .venv/dev ## train (ENCODER=base for the full tier too), measure, put model, metrics.json, card and README figures in place
	$(BIN)/lurewatch train --data-dir $(DATA) --out runs/report --whole-report $(if $(ENCODER),--encoder $(ENCODER))
	$(BIN)/lurewatch promote runs/report $(if $(ENCODER),,--without-full)

report: .venv/dev ## the benchmark into reports/ (ENCODER=folder of multilingual-e5-small adds the frozen one; QUICK=1 to see that all runs)
	OMP_NUM_THREADS=1 $(BIN)/python -m training.benchmark $(if $(ENCODER),--encoder $(ENCODER)) $(if $(QUICK),--quick)

ROWS ?= 5000,50000,500000

growth: .venv/dev ## what `lurewatch train` costs by rows (ROWS=5000,50000,500000), time and memory, into reports/growth.json
	OMP_NUM_THREADS=1 nice -n 5 $(BIN)/python -m training.growth --rows $(ROWS)

screenshots: .venv/dev ## pictures of every page into docs/pictures (needs Debian's chromium and fonts-noto)
	$(BIN)/python tests/screenshots.py

ADS ?= 10000,100000

bench: .venv/dev ## ads a second, memory, growth (ADS=10000,100000), beside scikit-learn and Ray, into reports/bench.json; on an idle machine
	nice -n 5 $(BIN)/python -m training.bench --ads $(ADS)

million: .venv/dev ## the same runs on a million made-up ads
	nice -n 5 $(BIN)/python -m training.bench --ads 1000000 --only runs

faults: .venv/dev ## kill runs of `lurewatch batch` twenty times, fill a disk, lose workers: nothing lost, nothing twice
	LUREWATCH_FAULTS=1 $(BIN)/python -m pytest tests/test_serve_backlog_faults.py

ray: .venv/dev ## what `--engine ray` needs, for its tests and benchmark
	$(PIP) install --require-hashes -r requirements/ray.txt

types: .venv/dev ## docs/lurewatch.d.ts from the OpenAPI document
	$(BIN)/python -m serve.typescript

bench-api: .venv/dev ## requests a second beside an empty endpoint, batches beside the library (needs Debian's wrk)
	PYTHONPATH=. $(BIN)/python tests/load/ratio.py

soak: .venv/dev ## MINUTES (30) at 80 % of the best rate: errors, p99, memory
	PYTHONPATH=. $(BIN)/python tests/load/soak.py --minutes $(or $(MINUTES),30)

golden: .venv/dev ## write the verdicts that tests/golden holds again, after a new model was promoted
	$(BIN)/lurewatch score --jsonl tests/golden/ads.jsonl --out tests/golden/verdicts.jsonl

lock: .venv/dev ## pin all requirements again (needs uv)
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/python -m training.lock

audit: .venv/dev ## look up every pin of requirements/ among known weaknesses (osv.dev)
	for pins in requirements/*.txt; do $(BIN)/pip-audit --vulnerability-service osv --disable-pip --require-hashes -r $$pins || exit 1; done
