# make serve [PORT=8000]   set up, build the graph if needed, serve it on 127.0.0.1
# make test                set up and run the tests
# make bench [ARGS=--quick]  measure the service beside its peers; see tests/bench/README.md
# make assets              build the query editor and the outlines of the map, with npm or Node.js from PyPI
PORT ?= 8000
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
TESTS ?= tests
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: serve test test-all bench check install build assets try-assets reference lint types contracts wheel browser clients clean

serve: install try-assets
	@$(BIN)/kg build
	@$(BIN)/kg serve --port $(PORT)

test: install browser try-assets
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not slow" $(TESTS)

test-all: install browser clients try-assets
	$(BIN)/python -m pytest -n 2 --dist loadfile $(TESTS)

# What CI runs: everything that must hold before a commit that counts.
check: lint types contracts wheel test

install: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or later is needed; name one with PYTHON=…")'
	@echo "setting up $(VENV) (once; a minute or two)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) install --constraint constraints.txt --editable ".[dev]"
	@touch $(STAMP)

bench: install
	$(PIP) install --constraint constraints.txt --editable ".[bench]"
	PYTHONPATH=$(CURDIR)/tests $(BIN)/python -m bench $(ARGS)

build: install
	$(BIN)/kg build

# The query editor and the outlines of the map. Nothing needs them: a plain field and a grid of tiles stand in.
assets: install
	@scripts/build-assets $(BIN)/python

try-assets: install
	@scripts/build-assets $(BIN)/python --if-possible

# The pages that are generated and checked in, and the catalogues of what pages say.
reference: install
	$(BIN)/python -m kg.reference
	$(BIN)/python -m kg.second_coding
	$(BIN)/python -m api.reference
	$(BIN)/python -m api.messages

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: install
	$(BIN)/mypy

contracts: install
	$(BIN)/lint-imports

# The wheel, installed into an empty environment, must know its contents.
wheel: install
	@scripts/try-wheel $(BIN)/python

# Debian's chromium for the browser tests, where it can be installed; else they skip and say so.
browser:
	@command -v chromium >/dev/null || test -n "$$CHROMIUM" || scripts/install-chromium

# Clients of other makers for tests/end_to_end/test_clients.py, where they can be installed; else those tests skip.
clients:
	@scripts/install-clients build/clients

clean:
	rm -rf build dist $(VENV)
