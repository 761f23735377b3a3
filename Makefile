# Two commands for a fresh clone on a machine with Python, make and git: `make demo` and `make test`.
# Both set up what they need; what is there already is found, and takes seconds.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help demo test test-all test-fast lint lessons setup environment benchmark machine
help:
	@echo "make demo       set everything up, grade six submissions in sandboxes, show the table"
	@echo "make test       set everything up and run the tests (make test-fast: those without sandboxes)"
	@echo "make test-all   those too that take minutes each: every lesson twice on a crowded Engine"
	@echo "make lint       style, types, declared dependencies, notebooks in step with lessons, lock file in step"
	@echo "make lessons    build the notebooks from lessons/"
	@echo "make machine    the sandbox's and the attacks' tests in a virtual machine: SYSTEM=debian-13 or ubuntu-24.04"
	@echo "make benchmark  measure the command line's and a sandbox's start, the gateway's cost, the engine of Part 4, a hostile class"

demo: setup
	$(BIN)/docker-course demo

test: setup
	$(BIN)/pytest --numprocesses 2 --dist loadgroup -m "not long"

# The class of hostile submissions comes by itself: its test compares times.
test-all: setup
	$(BIN)/pytest --numprocesses 2 --dist loadgroup --ignore=tests/security/test_hostile_batch.py
	$(BIN)/pytest tests/security/test_hostile_batch.py

test-fast: environment
	$(BIN)/pytest --numprocesses 2 --dist loadgroup -m "not sandbox and not engine"

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
	$(BIN)/python -m benchmarks.gateway
	$(BIN)/python -m benchmarks.rag
	$(BIN)/python -m benchmarks.hostile_batch

SYSTEM ?= debian-13
machine: setup
	$(BIN)/python -m tools.machine --system $(SYSTEM) $(TESTS)

setup: environment
	$(BIN)/docker-course setup

environment:
	@$(PYTHON) tools/bootstrap.py
