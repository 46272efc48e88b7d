# `make` alone lists the commands. Each sets up what it needs first.
SHELL := /bin/sh
PYTHON := .venv/bin/python
NPM := cd frontend && PATH="$(CURDIR)/.venv/bin:$$PATH" npm
T ?= tests
TEST_PROCESSES ?= 2
export PYTHONDONTWRITEBYTECODE ?=

.DEFAULT_GOAL := help
.PHONY: help setup dev demo test fuzz check audit fix ci bench seed messages openapi pictures clean

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# ---------- Set-up: each step is done again only when what it is made of has changed ----------
.venv/.installed: pyproject.toml uv.lock
	@python=$$(bin/find-python) && { test -x $(PYTHON) || "$$python" -m venv .venv; }
	@test -x .venv/bin/uv || .venv/bin/pip install --quiet --disable-pip-version-check uv
	@.venv/bin/uv sync --frozen --quiet --python $(PYTHON)
	@touch $@

frontend/node_modules/.installed: .venv/.installed frontend/package.json frontend/package-lock.json
	@$(NPM) ci --no-audit --no-fund --no-update-notifier --loglevel=error
	@touch $@

FRONTEND_SOURCES := $(shell find frontend templates core crm api tenants compliance billing \
	-type f \( -name '*.css' -o -name '*.js' -o -name '*.mjs' -o -name '*.html' -o -name '*.py' \) -not -path '*/node_modules/*' 2>/dev/null)
static/.built: frontend/node_modules/.installed $(FRONTEND_SOURCES)
	@$(NPM) run --silent build
	@touch $@

locale/.compiled: .venv/.installed $(wildcard locale/*/LC_MESSAGES/*.po)
	@for po in locale/*/LC_MESSAGES/*.po; do .venv/bin/pybabel --quiet compile -i $$po -o $${po%.po}.mo; done
	@touch $@

setup: .venv/.installed static/.built locale/.compiled ## Install and build everything that is missing

# ---------- Run ----------
demo: setup ## Run the product with two demo workspaces on http://localhost:$PORT (8000)
	@ATRIUM_ENV=demo $(PYTHON) manage.py demo

dev: setup ## The same with code reloading
	@ATRIUM_ENV=development $(PYTHON) manage.py demo --reload

seed: setup ## Fill a workspace with made-up customers: make seed WORKSPACE=acme COMPANIES=1000
	@$(PYTHON) manage.py seed $(or $(WORKSPACE),acme) --companies $(or $(COMPANIES),1000)

# ---------- Prove ----------
test: setup ## Run the tests, or a part: make test T=tests/crm
	@CHROMIUM=$$(bin/ensure-chromium) PGBOUNCER=$$(bin/ensure-pgbouncer) \
		$(PYTHON) -m pytest -q -n $(TEST_PROCESSES) --dist loadgroup $(T)

fuzz: setup ## Send the API thousands of requests of every kind: make fuzz CASES=10000
	@FUZZ_CASES=$(or $(CASES),10000) $(PYTHON) -m pytest -q -n $(TEST_PROCESSES) tests/api/test_fuzzing.py

pictures: setup ## Take the README's pictures anew
	@PICTURES=1 CHROMIUM=$$(bin/ensure-chromium) $(PYTHON) -m pytest -q tests/browser/test_pictures.py

check: setup ## Style, types, imports, migrations, deployment settings, API snapshot, texts
	@bin/check

audit: setup ## Known holes in components, and their age: needs a network, run before a release
	@bin/audit

fix: setup ## Put right what tools can put right
	@.venv/bin/ruff check --fix --quiet . ; .venv/bin/ruff format --quiet . ; .venv/bin/djade $$(git ls-files 'templates/*.html') || true

ci: check test ## What continuous integration runs

bench: setup ## Measure beside the bare database: make bench BENCH="--write"
	@$(PYTHON) -m benchmarks $(BENCH)

messages: setup ## Bring the translation files up to date with the texts
	@$(PYTHON) manage.py messages

openapi: setup ## Write the API's description anew
	@$(PYTHON) manage.py spectacular --file api/openapi.yaml

clean: ## Remove what set-up made; data in var/ stays
	@rm -rf .venv frontend/node_modules static locale/.compiled
