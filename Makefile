# The two commands of the README are `make demo` and `make test`; `make help` lists the rest.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8080
SEEDS ?= 1000000

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: set PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv module is missing: install it (on Debian: apt-get install python3-venv)"; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.local: $(VENV)/.made requirements-local.txt pyproject.toml
	@echo "Installing the Python packages (first time only)"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-local.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.local requirements-dev.txt
	@echo "Installing what the tests need (first time only)"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

setup: $(VENV)/.local ## make .venv with the `provisioning` command in it

demo: $(VENV)/.local ## one store goes live on the embedded runtime (PORT=8080, DEMO=once to exit afterwards)
	@$(BIN)/provisioning demo --port $(PORT) $(if $(filter once,$(DEMO)),--once)

demo-emulators: $(VENV)/.dev ## the same on Google's emulators
	@$(BIN)/provisioning demo --emulators --port $(PORT) $(if $(filter once,$(DEMO)),--once)

test: $(VENV)/.dev ## lint, types and every test but the long ones (under 8 minutes)
	@$(MAKE) --no-print-directory --jobs=2 --output-sync lint portal-test
	@$(BIN)/python -m pytest -n 2 -m "not slow and not browser"

lint: $(VENV)/.dev ## style, types, and the direction of imports
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/pyright && $(BIN)/lint-imports

# Long suites that measure no time, so that two of them may share the machine. The longest file comes first.
SIDE_BY_SIDE := tests/simulation tests/packaging tests/rules tests/sites tests/themes tests/e2e/test_killed.py \
  $(addprefix tests/portal/test_,soundness.py soundness_embedded.py sorrows.py roles.py trials.py on_firestore.py)
check: $(VENV)/.dev quality/node_modules/.made ## the long suites: browser, end to end on both runtimes, crashes
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "slow or browser" $(SIDE_BY_SIDE)
	@$(BIN)/python -m pytest -m "slow or browser" $(addprefix --ignore=,$(SIDE_BY_SIDE))

quality/node_modules/.made: quality/package-lock.json
	@command -v npm >/dev/null || { echo "Node 18.16 or newer with npm is needed (on Debian: apt-get install nodejs npm)"; exit 1; }
	@cd quality && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

NODE_IS_THERE = command -v npm >/dev/null && node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'

portal-test: ## the portal's own: types, style, tests, build and weight; wants Node 20.19 or newer
	@if $(NODE_IS_THERE); then $(MAKE) --no-print-directory portal/node_modules/.made && cd portal && npm test --silent; \
	elif [ "$(REQUIRE_ALL)" = 1 ]; then echo "The portal's tests need Node 20.19 or newer with npm"; exit 1; \
	else echo "SKIPPED: the portal's tests need Node 20.19 or newer with npm"; fi

portal: portal/node_modules/.made ## build the portal into portal/dist
	@cd portal && npm run build --silent

portal/node_modules/.made: portal/package-lock.json
	@$(NODE_IS_THERE) || { echo "Node 20.19 or newer with npm is needed (on Debian: apt-get install nodejs npm)"; exit 1; }
	@cd portal && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

RUNS ?= 3
quality: $(VENV)/.dev quality/node_modules/.made ## Lighthouse, axe, valid HTML and page weight of a store in each theme (RUNS=3 of each page)
	@$(BIN)/python -m quality --runs $(RUNS)

bench: $(VENV)/.dev ## print measured times; commits nothing
	@$(BIN)/python -m benchmarks

load: $(VENV)/.dev ## a thousand requests at once on both runtimes, and one merchant's flood beside another's request (long)
	@$(BIN)/python -m benchmarks load

SECONDS ?= 600
soak: $(VENV)/.dev ## activations on the emulators while function processes are killed (SECONDS=600)
	@$(BIN)/python -m benchmarks.soak --seconds $(SECONDS)

package: $(VENV)/.dev ## what is deployed, in dist/: the zip of all functions, named by its content, and the list of its components (CycloneDX)
	@$(BIN)/python tools/pack_functions.py --out dist
	@$(BIN)/python -W ignore -m cyclonedx_py requirements --pyproject pyproject.toml --output-reproducible --output-file dist/components.cdx.json requirements.txt

docs: $(VENV)/.local ## write what is made from the code: .env.example, docs/api.md, the tables of docs/firestore.md, of the checker's rules, of what is logged and of costs
	@$(BIN)/python -m provisioning.settings > .env.example.new && mv .env.example.new .env.example
	@$(BIN)/python -m provisioning.api.reference > docs/api.md.new && mv docs/api.md.new docs/api.md
	@$(BIN)/python tools/document_firestore.py
	@$(BIN)/python tools/document_rules.py
	@$(BIN)/python tools/document_events.py
	@$(BIN)/python tools/document_costs.py

simulate: $(VENV)/.dev ## faults in virtual time, summed over runs in .cache/ (SEEDS=1000000, resumable)
	@$(BIN)/python -m simulation --seeds $(SEEDS) --sums .cache/simulation.json

lock: ## make the four locks from pyproject.toml (needs uv)
	uv pip compile --generate-hashes --python-version 3.11 --universal -q --no-annotate --no-emit-index-url --custom-compile-command "make lock" pyproject.toml -o requirements.txt
	uv pip compile --generate-hashes --python-version 3.11 --universal -q --no-annotate --no-emit-index-url --custom-compile-command "make lock" pyproject.toml --group local -o requirements-local.txt
	uv pip compile --generate-hashes --python-version 3.11 --universal -q --no-annotate --no-emit-index-url --custom-compile-command "make lock" pyproject.toml --group dev -o requirements-dev.txt
	uv pip compile --generate-hashes --python-version 3.11 --universal -q --no-annotate --no-emit-index-url --custom-compile-command "make lock" --group portal -o requirements-portal.txt

clean: ## remove the local runtime's data
	rm -rf .provisioning

.PHONY: help setup demo demo-emulators test lint portal portal-test check quality bench load simulate soak package docs lock clean
