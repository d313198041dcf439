# Everything runs in .venv, which is made from the hash-locked requirements on first use.
PYTHON ?= python3
VENV   ?= .venv
SITE   ?= .site
AUDIT  ?= .audit
BENCH  ?= .bench
CHECK  ?= .release
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# The official SDKs for Python: two of them in every run of the tests, all of them in the proofs.
SDKS   := 7.10.0 9.7.0
PROVEN := 5.3.0 5.5.0 6.0.0 7.5.0 $(SDKS) 8.0.1 9.0.0 9.4.0

.DEFAULT_GOAL := help
.PHONY: help demo test browser editor check lint types bench proof docs site actions lock sbom dist release clean sdks

help:            ## this list
	@grep -E '^[a-z]+: .*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## */  \1\t/' | expand -t 16

$(VENV)/locked: requirements/dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "commetctl needs Python 3.11 or newer: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@echo "Setting up $(VENV) (once) ..."
	@$(PYTHON) -m venv --clear $(VENV)
	@$(PIP) --require-hashes -r requirements/dev.txt
	@touch $@

$(VENV)/ready: $(VENV)/locked pyproject.toml
	@$(PIP) --no-build-isolation --no-deps --editable .
	@touch $@

# The official SDKs, which keep the emulator honest, each in a folder of its own: they cannot share one.
.sdk/%/ready: requirements/sdk-%.txt $(VENV)/ready
	@echo "Fetching the official Commet SDK $* (once) ..."
	@rm -rf .sdk/$*
	@$(PIP) --require-hashes --no-deps --target .sdk/$* -r requirements/sdk-$*.txt
	@touch $@

sdks: $(SDKS:%=.sdk/%/ready)

# The official SDKs for Node; the proofs skip them where npm is missing.
.sdk/node/ready: requirements/sdk-node/package-lock.json
	@rm -rf .sdk/node && mkdir -p .sdk/node && cp requirements/sdk-node/package*.json .sdk/node
	@cd .sdk/node && npm ci --ignore-scripts --legacy-peer-deps --silent --no-audit --no-fund && touch ready

# What people install commetctl with, and whatever that needs to do so without the network.
.sdk/install/ready: requirements/tools.txt requirements/runtime.txt $(VENV)/ready
	@echo "Fetching what the proofs install commetctl with (once) ..."
	@rm -rf .sdk/install && $(PYTHON) -m venv .sdk/install/tools
	@.sdk/install/tools/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/tools.txt
	@$(BIN)/python -m pip download --quiet --disable-pip-version-check --require-hashes --only-binary :all: --no-deps \
	  --dest .sdk/install/wheels -r requirements/runtime.txt
	@$(BIN)/python -m pip download --quiet --disable-pip-version-check --require-hashes --only-binary :all: --no-deps \
	  --dest .sdk/install/wheels -r requirements/tools.txt
	@touch $@

demo: $(VENV)/ready  ## plan, apply and plan again a real catalog on the embedded Commet
	@PATH="$(CURDIR)/$(BIN):$$PATH" sh examples/demo.sh

# pytest keeps the modules that it compiled, whatever the environment says: the next run begins seven seconds earlier.
test: $(VENV)/ready sdks  ## the test suite
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -q -n auto --dist worksteal --durations 10 --durations-min 1 \
	  -m "not proof and not browser and not editor"

browser: $(VENV)/ready site  ## the page of `preview` and the site in a real Chromium, which has to be installed
	@$(BIN)/python -m pytest -q -n auto -m browser

lint: $(VENV)/ready
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/vulture

types: $(VENV)/ready
	@$(BIN)/mypy

# The server that editors run, pinned as the rest; it runs nothing while it is installed.
.sdk/editor/ready: requirements/editor/package-lock.json
	@command -v npm >/dev/null || { echo "make editor needs node and npm"; exit 1; }
	@rm -rf .sdk/editor && mkdir -p .sdk/editor && cp requirements/editor/package*.json .sdk/editor
	@cd .sdk/editor && npm ci --ignore-scripts --silent --no-audit --no-fund && touch ready

editor: $(VENV)/ready .sdk/editor/ready  ## the schema in a real YAML language server, which needs node
	@$(BIN)/python -m pytest -q -m editor

check: lint types test  ## lint, types, architecture and tests: what CI runs

# octoDNS, in an environment of its own: plans are measured against it.
$(BENCH)/ready: requirements/bench.txt
	@echo "Setting up $(BENCH) (once) ..."
	@$(PYTHON) -m venv --clear $(BENCH)
	@$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

# Groups and options: make bench RUN="start parsing --quick". Compiled modules are kept, as they are where it is installed.
bench: $(VENV)/ready $(BENCH)/ready $(if $(shell command -v npm),.sdk/node/ready)  ## benchmarks: ratios, measured side by side
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m bench $(RUN)

proof: $(VENV)/ready $(PROVEN:%=.sdk/%/ready) .sdk/install/ready $(if $(shell command -v npm),.sdk/node/ready)  ## the slow proofs: drawn catalogs, faults, kills, races, fuzzing; writes docs/reliability.md
	@rm -rf .proof
	@$(BIN)/python -m pytest -q -n auto -m proof
	@$(BIN)/python tests/reliability.py

docs: $(VENV)/ready  ## the pages that are made of the code
	@$(BIN)/python tests/pages/pages.py

# In an environment of its own: what runs commetctl and its tests needs none of it.
$(SITE)/ready: requirements/site.txt
	@echo "Setting up $(SITE) (once) ..."
	@$(PYTHON) -m venv --clear $(SITE)
	@$(SITE)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

site: $(SITE)/ready  ## the documentation as a site in build/site; a dead link, an anchor or a lost page is an error
	@rm -rf build/site
	@$(SITE)/bin/python -m sphinx -q -W --keep-going -c docs -d build/site-pages . build/site
	@echo "Built: build/site/index.html"

$(AUDIT)/ready: requirements/actions.txt
	@echo "Setting up $(AUDIT) (once) ..."
	@$(PYTHON) -m venv --clear $(AUDIT)
	@$(AUDIT)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

# The workflow that `init` writes is the one of examples/ci. It is named here: zizmor looks for workflows in .github alone.
actions: $(AUDIT)/ready  ## the action and all workflows, ours and those to copy, audited by zizmor
	@$(AUDIT)/bin/zizmor --offline --quiet --no-progress --strict-collection action.yml .github/workflows examples/ci/github/*.yml

lock: $(VENV)/ready  ## renew requirements/ from pyproject.toml
	@sh requirements/lock.sh
	@$(MAKE) --no-print-directory sbom

sbom: $(VENV)/ready  ## renew the bill of materials that goes into the wheel, from requirements/runtime.txt
	@$(BIN)/python ci/release.py sbom

dist: $(VENV)/ready  ## build the wheel and the source archive into dist/, check them, and run the demo with the wheel
	@rm -rf dist
	@$(BIN)/python ci/release.py build dist $(if $(TAG),--tag "$(TAG)" --repository "$(REPOSITORY)")
	@$(BIN)/python ci/release.py try dist >/dev/null
	@echo "The demo ran with the wheel."

$(CHECK)/ready: requirements/release.txt
	@echo "Setting up $(CHECK) (once) ..."
	@$(PYTHON) -m venv --clear $(CHECK)
	@$(CHECK)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

# What .github/workflows/release.yml builds: TAG=v0.1.0 REPOSITORY=https://github.com/owner/name
release: dist $(CHECK)/ready
	@$(CHECK)/bin/twine check --strict dist/*

clean:           ## remove what make created
	rm -rf $(VENV) $(SITE) $(AUDIT) $(CHECK) $(BENCH) .sdk .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist
