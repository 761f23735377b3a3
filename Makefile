# Two commands for a fresh clone on a machine with Python, make and git: `make demo` and `make test`.
# Both set up what they need; what is there already is found, and takes seconds.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help demo test test-all test-fast test-sample lint lessons graph setup offline environment benchmark machine verdicts verdicts-sample
help:
	@echo "make demo       set everything up, grade six submissions in sandboxes, show the table"
	@echo "make test       set everything up and run the tests, with one right and one wrong case of each part"
	@echo "make test-all   all tests: every case, every exercise alone, every lesson twice on a crowded Engine"
	@echo "make test-fast  the tests that need no Engine, in less than a minute"
	@echo "make test-sample  a sample of what only test-all runs, other tests for each commit"
	@echo "make lint       style, types, declared dependencies, notebooks in step with lessons, lock file in step"
	@echo "make offline    put all that a machine without a network needs into build/"
	@echo "make lessons    build the notebooks from lessons/"
	@echo "make graph      which package imports which, in layers"
	@echo "make machine    the sandbox's and the attacks' tests in a virtual machine: SYSTEM=debian-13 or ubuntu-24.04"
	@echo "make verdicts   grade wrong answers made from right ones, and write docs/verdicts.md; what is known is not graded again"
	@echo "make benchmark  measure the command line's and a sandbox's start, the gateway's cost, the engine of Part 4, a hostile class"

demo: setup
	$(BIN)/docker-course demo

# In the order of tests/conftest.py: by itself, xdist leaves what is alone in its group to the end.
PYTEST := $(BIN)/pytest --numprocesses 2 --dist loadgroup --no-loadscope-reorder

test: setup
	$(PYTEST) -m "not full"

# The class of hostile submissions comes by itself: its test compares times.
test-all: setup
	$(PYTEST) --ignore=$(HOSTILE_CLASS)
	$(BIN)/pytest $(HOSTILE_CLASS)

test-fast: environment
	$(PYTEST) -m "not sandbox and not engine and not slow"

# What `make test` leaves out, as much as takes some minutes: other tests for each commit.
test-sample: setup
	$(PYTEST) -m full --ignore=$(HOSTILE_CLASS) --sample "$$(git rev-parse HEAD)"

HOSTILE_CLASS := tests/security/test_hostile_batch.py

graph: environment
	@$(BIN)/python -m tools.layers

lint: environment
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/deptry --no-ansi .
	$(BIN)/docker-course lessons check
	build/uv/bin/uv lock --check

lessons: environment
	$(BIN)/docker-course lessons build

benchmark: setup
	$(BIN)/python -m benchmarks.start_up
	$(BIN)/python -m benchmarks.sandbox_start
	$(BIN)/python -m benchmarks.grading
	$(BIN)/python -m benchmarks.gateway
	$(BIN)/python -m benchmarks.rag
	$(BIN)/python -m benchmarks.hostile_batch

# Each part, also after one in which something was found.
verdicts: setup
	@status=0; for part in $(PARTS); do $(BIN)/docker-course lessons mutate $$part || status=1; done; exit $$status

PARTS ?= $(basename $(notdir $(wildcard lessons/part*.md)))

# What continuous integration tries: other mutants for each commit.
verdicts-sample: setup
	$(BIN)/docker-course lessons mutate $(PART) --limit 24 --per-case 1 --sample "$$(git rev-parse HEAD)"

PART ?= $(word $(shell expr $$(git rev-list --count HEAD) % 8 + 1),$(sort $(PARTS)))

SYSTEM ?= debian-13
machine: setup
	$(BIN)/python -m tools.machine --system $(SYSTEM) $(TESTS)

setup: environment
	$(BIN)/docker-course setup

# All that a machine without a network needs: copy the project's folder there, without .venv.
offline: setup
	mkdir -p build/uv-cache
	@$(PYTHON) tools/bootstrap.py --reinstall
	$(BIN)/docker-course images save build/images.tar

environment:
	@$(PYTHON) tools/bootstrap.py
