# The only door: every task is one word. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help up down order preview test check format lock

VENV := .venv
PYTHON := $(VENV)/bin/python
READY := $(VENV)/.ready
LOCK := $(VENV)/bin/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --no-annotate

help: ## List the commands
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

up: $(READY) ## Run the whole system on this machine; again after an edit updates what changed
	@$(PYTHON) -m local up

down: $(READY) ## Stop it and forget its data
	@$(PYTHON) -m local down

order: $(READY) ## Place a demo order and watch it
	@$(PYTHON) -m local order

preview: $(READY) ## Show what STACK=prod is made of, or with BASE=main what changes; no AWS
	@$(PYTHON) -m local preview --stack "$${STACK:-dev}" $${BASE:+--base "$$BASE"} $(FORMAT:%=--%)

test: $(READY) ## Check and test everything
	@$(MAKE) --no-print-directory check
	@$(PYTHON) -m pytest

check: $(READY) ## Lint and types, in seconds
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check --quiet .
	@$(VENV)/bin/basedpyright

format: $(READY) ## Format the Python code
	@$(VENV)/bin/ruff check --fix --quiet .
	@$(VENV)/bin/ruff format --quiet .

lock: $(READY) ## Pin all dependencies anew after a change in pyproject.toml
	@$(LOCK) --universal --python-version 3.11 --group dev pyproject.toml -o requirements.lock
	@for group in base api payment receipt; do $(LOCK) --python-version 3.13 \
		--python-platform aarch64-manylinux_2_28 --group pyproject.toml:lambda-$$group \
		-o handlers/requirements/$$group.txt; done

$(READY): requirements.lock local/bootstrap.sh
	@./local/bootstrap.sh $(VENV)
	@touch $@
