# The only door: every task is one word. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: test-shop test-others help up down order site preview test check bench engine format lock types

VENV := .venv
PYTHON := $(VENV)/bin/python
# What `make up` needs is installed first; what only the checks need, when they are asked for.
READY := $(VENV)/.ready
CHECKS := $(VENV)/.checks
NODE := $(PYTHON) -m local.node
NODE_READY := frontend/node_modules/.ready
SITE := frontend/dist/index.html
LOCK := $(VENV)/bin/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --no-annotate

help: ## List the commands
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

up: $(SITE) ## Run the whole system on this machine; again after an edit updates what changed
	@$(PYTHON) -m local up

down: $(READY) ## Stop it and forget its data
	@$(PYTHON) -m local down

order: $(READY) ## Place a demo order and watch it; CARD=pm_card_... and BANK=refuse choose what happens
	@$(PYTHON) -m local order $${CARD:+--card "$$CARD"} $${BANK:+--bank "$$BANK"}

site: $(SITE) ## Build the storefront, for `pulumi up`

preview: $(READY) ## Show what STACK=prod is made of, or with BASE=main what changes; no AWS
	@$(PYTHON) -m local preview --stack "$${STACK:-dev}" $${BASE:+--base "$$BASE"} $(FORMAT:%=--%)

test: $(SITE) $(CHECKS) ## Check and test everything
	@tests/support/browser/chromium.sh >/dev/null
	@$(PYTHON) -m localcloud.engine.build || [ -z "$$CI" ]
	@$(MAKE) --no-print-directory check
	@$(MAKE) --no-print-directory -j2 test-shop test-others

# Two at a time; what the others say is shown when they are done, apart from the shop's progress.
OTHERS := $(VENV)/others.log
test-shop: ; @$(PYTHON) -m pytest tests --ignore=tests/engine --ignore=tests/local
test-others:
	@{ $(PYTHON) -m pytest localcloud/tests tests/engine tests/local && $(NODE) --run test; } \
		>$(OTHERS) 2>&1; ended=$$?; echo; cat $(OTHERS); exit $$ended

check: $(NODE_READY) $(CHECKS) ## Lint and types, in seconds
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check --quiet .
	@$(VENV)/bin/basedpyright
	@$(NODE) --run check

bench: $(SITE) $(CHECKS) ## Measure time, memory, calls and cost; writes docs/performance.md
	@$(PYTHON) -m bench

engine: $(READY) ## Build Pulumi's own CLI with Go, if none is installed; minutes, once
	@$(PYTHON) -m localcloud.engine.build

format: $(CHECKS) ## Format the Python code
	@$(VENV)/bin/ruff check --fix --quiet .
	@$(VENV)/bin/ruff format --quiet .

lock: $(READY) ## Pin all dependencies anew after a change in pyproject.toml
	@$(LOCK) --universal --python-version 3.11 --group checks pyproject.toml -o requirements/checks.txt
	@$(LOCK) --universal --python-version 3.11 --group local pyproject.toml -c requirements/checks.txt \
		-o requirements/local.txt
	@$(LOCK) --universal --python-version 3.11 pyproject.toml -c requirements/checks.txt \
		-o requirements/program.txt
	@for group in base api mail payment receipt; do \
		echo requests | $(LOCK) --excludes - --python-version 3.13 \
		--python-platform aarch64-manylinux_2_28 --group pyproject.toml:lambda-$$group \
		-o handlers/requirements/$$group.txt; done

types: $(NODE_READY) ## Generate the storefront's API types anew after a change of the contract
	@$(NODE) --run types

$(SITE): $(NODE_READY) frontend/index.html frontend/vite.config.ts $(wildcard handlers/domain/*.json) \
		$(shell find frontend/src frontend/public -type f)
	@$(NODE) --run build

$(NODE_READY): frontend/package-lock.json | $(READY)
	@$(NODE) npm ci --no-progress --loglevel=error
	@touch $@

$(CHECKS): requirements/checks.txt | $(READY)
	@./local/bootstrap.sh $(VENV) checks
	@touch $@

$(READY): requirements/local.txt local/bootstrap.sh
	@./local/bootstrap.sh $(VENV) local
	@touch $@
