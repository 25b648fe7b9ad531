# Sets Haat up, runs it, tests it. Every target does the set-up that it needs; `make help` lists them.
MAKEFLAGS += --no-builtin-rules
.SUFFIXES:
.DELETE_ON_ERROR:
VENV = .venv
RUN = $(VENV)/bin
# They measure time.
ALONE = tests/devstack/test_second_start.py $(patsubst %,tests/loadtests/test_%.py, \
	hammer quiet smoke suites swarm timing)
# Twice as many as cores: with three a fifth of both was idle, and each more costs 12 s of CPU to start.
PROCESSES = 4
BUILD = web/static/build
SWAGGER = node_modules/swagger-ui-dist
STYLES = $(shell find web/styles web/templates web/static/js -type f 2>/dev/null)
LOCK = uv pip compile pyproject.toml --python-version 3.11 --universal --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --quiet

.PHONY: help setup up test check relevance load bench bench-scale prove fuzz authorisation clean lock

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' Makefile | awk -F'|' '{ printf "make %-11s %s\n", $$1, $$2 }'

setup: node_modules/haat.locked $(VENV)/haat.installed node_modules/haat.prepared $(BUILD)/haat.built ## install what the locks name and build the styles

up: setup ## start the whole stack and serve the shop
	@exec $(RUN)/haat up $(ARGS)

ifdef ARGS
test: setup ## run the tests on real servers; ARGS="tests/models -k stock" for a part
	$(RUN)/pytest $(ARGS)
else
test: setup
	$(RUN)/pytest --numprocesses $(PROCESSES) --dist worksteal $(ALONE:%=--ignore %)
	$(RUN)/pytest $(ALONE)
endif

check: setup ## format, lint, types, architecture, secrets in files, and whether what is installed is what was locked
	$(RUN)/ruff format --check
	$(RUN)/ruff check
	$(RUN)/mypy
	$(RUN)/pytest tests/architecture

relevance: setup ## how well both engines rank: known items, judged searches, real shoppers' searches
	HAAT_RELEVANCE_WHOLE=1 $(RUN)/pytest -o faulthandler_timeout=0 tests/relevance -s $(ARGS)

load: setup ## run every load suite for three minutes against a fresh stack; the report is in reports/
	@exec $(RUN)/haat load all --fresh $(ARGS)

bench: setup ## tell the speed of reads as ratios to what this machine can do, on a fresh stack with 100,000 products
	@exec $(RUN)/haat bench --fresh $(ARGS)

bench-scale: setup ## tell how cost grows with the catalogue (10,000, 100,000 and 1,000,000 products) and the web processes
	@exec $(RUN)/haat bench-scale $(ARGS)

prove: setup ## prove on fresh servers that nothing is oversold, lost or doubled; writes docs/reliability.md
	@exec $(RUN)/haat prove all --write docs/reliability.md $(ARGS)

fuzz: setup ## send odd requests to every endpoint as everybody until CASES (20,000) were made
	HAAT_FUZZ_CASES=$(or $(CASES),20000) $(RUN)/pytest -o faulthandler_timeout=0 tests/fuzz -s $(ARGS)

authorisation: setup ## call every route as everybody and write docs/authorisation.md
	HAAT_WRITE_MATRIX=1 $(RUN)/pytest tests/authorisation $(ARGS)

clean: ## remove everything that setup made (the data folder stays)
	rm -rf $(VENV) node_modules $(BUILD) *.egg-info

lock: ## update the lock files, after a change of dependencies
	$(LOCK) --group dev --output-file requirements/dev.lock
	$(LOCK) --output-file requirements/prod.lock
	npm install --package-lock-only --ignore-scripts
	npm run --silent lock:clean

$(VENV)/pyvenv.cfg: | devstack/find-python.sh
	@python=$$(sh devstack/find-python.sh) || exit 2; "$$python" -m venv $(VENV) || { \
		echo "Python cannot make $(VENV): install its venv module (Debian: apt install python3-venv)." >&2; exit 2; }

$(VENV)/haat.locked: requirements/dev.lock | $(VENV)/pyvenv.cfg
	$(RUN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/dev.lock
	@touch $@

$(VENV)/haat.installed: pyproject.toml $(VENV)/haat.locked
	$(RUN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

node_modules/haat.locked: package-lock.json
	@command -v npm >/dev/null || { echo "npm is missing: install Node.js with npm, then run make again." >&2; exit 2; }
	npm ci --ignore-scripts --no-fund --no-audit --loglevel=error
	@touch $@

node_modules/haat.prepared: node_modules/haat.locked $(VENV)/haat.installed
	@$(RUN)/python -m devstack.prepare
	@touch $@

$(BUILD)/haat.built: package.json node_modules/haat.locked $(STYLES)
	@mkdir -p $(BUILD)
	npm run --silent styles
	@cp $(SWAGGER)/swagger-ui.css $(SWAGGER)/swagger-ui-bundle.js $(BUILD)/
	@touch $@
