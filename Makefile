# Everything a person runs by hand. Needs only Python 3.11+ and make; the rest is installed into .venv.
PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed
SETUP := .venv/.setup-done
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# A dot for each package, so that a slow network is seen to go on; what pip says is shown only where it fails.
progress = @printf '  %s ' '$(1)'; out=$$(mktemp); \
	if { $(BIN)/python -m pip install --disable-pip-version-check --no-color --require-hashes -r $(2) 2>&1; echo "status $$?"; } | \
		tee "$$out" | awk '/^Collecting|^Installing/ { printf "."; fflush() } /^status / { status = $$2 } END { exit status }'; \
	then echo ' done'; rm -f "$$out"; else echo ' failed'; cat "$$out"; rm -f "$$out"; exit 1; fi
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --custom-compile-command "make lock" pyproject.toml

.PHONY: help install setup demo test explore check format bench soak bench-data mutants forms lock release clean
help:            ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1  — /p' Makefile

install: $(INSTALLED)  ## what running needs, into .venv
$(INSTALLED): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Thôn Báo needs Python 3.11 or newer; set PYTHON=/path/to/python3.11") if sys.version_info < (3, 11) else None'
	@echo "Installing into .venv, once: a minute or two, depending on the network."
	@$(PYTHON) -m venv .venv
	$(call progress,what the bot needs,requirements.lock)
	@$(PIP) --no-deps -e .
	@touch $(INSTALLED)

setup: $(SETUP)  ## and what working on it needs
$(SETUP): $(INSTALLED) requirements-dev.lock
	$(call progress,what its tests need,requirements-dev.lock)
	@touch $(SETUP)

demo: install     ## the bot in this terminal, on SQLite, with a demo district
	@$(BIN)/thonbao demo

# Tests start the program many times: it is compiled once, by both processors, whatever the shell says of bytecode.
test: export PYTHONDONTWRITEBYTECODE :=
test: setup      ## all tests
	@$(BIN)/python -m compileall -q -j 0 bot figures handlers plans queries questionnaires reports storage
	$(BIN)/pytest

explore: setup   ## the tests that draw their examples, with examples that nobody has tried
	$(BIN)/pytest -m hypothesis --hypothesis-profile drawn

check: setup     ## lint, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup    ## let ruff tidy the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup     ## measure speed beside a baseline; writes build/bench.md
	$(BIN)/python -m tests.bench

soak: setup      ## half an hour of a nation's rate with faults; writes build/soak.md and its curve (MINUTES=30)
	$(BIN)/python -m tests.bench.soak --minutes $(or $(MINUTES),30)

bench-data: setup  ## a country's reports in build/bench-data (WEEKS=104: three quarters of an hour and 26 GB; fewer is quicker)
	$(BIN)/python -m tests.bench.data --weeks $(or $(WEEKS),104)

mutants: setup   ## change the code in small ways (COUNT=40) and see whether tests notice; ONLY=figures/small for one file
	$(BIN)/python -m tests.mutation --count $(or $(COUNT),40) --seed $(or $(SEED),1) --only "$(ONLY)"

forms: install   ## the bundled questionnaires and plans as pages to read, in docs
	@mkdir -p docs/forms && rm -f docs/forms/*.md
	@$(BIN)/thonbao form page --lang vi questionnaires/forms/*.md --into docs/forms
	@mkdir -p docs/plans && rm -f docs/plans/*.md
	@$(BIN)/thonbao plan page --into docs/plans

lock: setup      ## renew both locks from pyproject.toml
	$(COMPILE) --upgrade -o requirements.lock
	$(COMPILE) --upgrade --group dev -c requirements.lock -o requirements-dev.lock

release: setup   ## note the release that bot/version.py names: its revisions and a small database of it
	$(BIN)/python -m tests.storage.released

clean:           ## remove what setup and tests leave behind
	rm -rf .venv build .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info
