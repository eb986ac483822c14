# Front Door. `make help` says what there is.
PYTHON ?= python3
STORE ?= sqlite
PACKAGE_ENV ?= manifest/package.env.example
VENV := .venv
PY := $(VENV)/bin/python

.DEFAULT_GOAL := help
.PHONY: help setup run test crash bench fuzz lint format package icons pictures local-file lock clean

help: ## Show this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/.ready: requirements.txt requirements-dev.txt
	$(PYTHON) -c 'import sys; sys.exit("Front Door needs Python 3.11 or newer") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt -r requirements-dev.txt
	@touch $@

node_modules/.ready: package.json package-lock.json
	npm ci --no-audit --no-fund --loglevel=error
	@touch $@

setup: $(VENV)/.ready node_modules/.ready ## Install what the project needs into this folder
	@$(PY) -m compileall -q app.py bot cards # some machines let Python write no bytecode as it runs

run: setup ## Start the bot and the rehearsal desk at http://127.0.0.1:3979 (STORE=azurite for Azurite)
	$(PY) -m tests.tools.run_desk --store $(STORE)

test: setup ## Run every test, Azurite and headless Chromium included
	$(PY) -m tests.tools.browser
	FRONT_DOOR_ALL_TESTS=1 $(PY) -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder

crash: setup ## Kill the bot at every await point of a referral, one run each (about 20 minutes)
	$(PY) -m tests.crash

bench: setup ## Time what is promised about speed and cost, peers included (about half an hour)
	$(PY) -m tests.bench

fuzz: setup ## Every tampered button, and 10,000 broken activities (about 8 minutes)
	$(PY) -m pytest -q -m whole tests/security

lint: setup ## Check style, types, and the locked packages for known vulnerabilities
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(PY) -m tests.tools.audit

format: setup ## Put the code in the house style
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

package: setup ## Build the Teams app packages into dist/ (PACKAGE_ENV=your.env)
	$(PY) -m manifest.build --env $(PACKAGE_ENV) --to dist

icons: setup ## Draw the app icons again
	$(PY) -m manifest.icons

pictures: setup ## Take the pictures in docs/pictures again, on the rehearsal desk
	$(PY) -m tests.tools.browser
	$(PY) -m tests.browser.pictures

local-file: setup ## Make the partnership's file that F5 in Teams starts with
	$(PY) -m tests.tools.local_file

lock: ## Work out requirements.txt and requirements-dev.txt from their .in files (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock" requirements.in -o requirements.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock" requirements-dev.in -o requirements-dev.txt

clean: ## Remove what was installed and made
	rm -rf $(VENV) node_modules var dist artefacts
