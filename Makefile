# One command each: `make run` starts the service, `make test` checks everything. Both set up what they need first, into
# .venv, from the lock files, with every hash verified. Needs make, Python 3.11 or newer, and a package index.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --require-virtualenv --no-compile
RUN_READY := $(VENV)/.ready
DEV_READY := $(VENV)/.ready-dev
PYTHONS := python3.11 python3.12 python3.13 python3.14 python3

# Who decides (pure functions) is held to 100 %; stores over the network and pipelines to the rest's 90 %.
DECIDERS := digests/*,subscriptions/*
# Sources and the search index talk to files, sites, children and an engine: adapters, not deciders.
ADAPTERS := digests/search*.py,*/archive.py,*/epaper*.py,*/feed.py,*/feed_*.py,*/html.py,*/http*.py,*/opening.py,*/pdf*.py
NO_DECIDERS := *_redis.py,*/pipeline.py,*/compose.py,$(ADAPTERS)

.PHONY: run test lint unit bench proof oracle soak faults texts lock clean help

run: $(RUN_READY)  ## set up, then run the service; without a token it opens the sandbox
	@$(BIN)/kanbao run

test: lint unit  ## set up, then style, types, all tests, coverage

lint: $(DEV_READY)  ## style and types only
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy --no-error-summary

unit: $(DEV_READY)
	@$(BIN)/coverage erase
	@$(BIN)/python -m pytest -q -n 3 --dist worksteal --cov --cov-report= --ignore=tests/soak/test_soak.py $(TESTS)
	@$(BIN)/coverage report --include='$(DECIDERS)' --omit='$(NO_DECIDERS)' --fail-under=100
	@$(BIN)/coverage report --fail-under=90

bench: $(DEV_READY)  ## the benchmarks of tests/bench
	@for bench in tests/bench/[a-z]*.py; do \
	  [ -e "$$bench" ] || continue; echo "== $$bench"; $(BIN)/python "$$bench" || exit 1; done

texts: $(RUN_READY)  ## the traditional Chinese texts anew from the simplified ones
	@$(BIN)/python -m bot.texts.traditional

soak: $(DEV_READY)  ## the fault bench: an hour and more; `make soak SOAK=--short` takes three to four minutes
	@$(BIN)/python tests/soak/soak.py $(SOAK)

faults: $(DEV_READY)  ## the fault bench in small, over one server and over a cluster at once: a minute or two
	@$(BIN)/python -m pytest -q -n 2 tests/soak/test_soak.py

proof: $(DEV_READY)  ## 500 readers over simulated months against a plain model; `make proof PROOF="--seeds 9"` draws others
	@$(BIN)/python tests/proof/proof.py $(PROOF)

oracle: $(DEV_READY)  ## the matcher against brute force on 100,000 random documents; `make oracle CASES=5000` takes fewer
	@ORACLE_CASES=$(CASES) $(BIN)/python -m pytest -q -n 2 --timeout=0 tests/subscriptions/test_matcher_oracle.py

CASES := 100000

lock: $(DEV_READY)  ## resolve the lock files anew (for maintainers; needs uv)
	@command -v uv >/dev/null || { echo "make lock 需要 uv / needs uv: https://docs.astral.sh/uv/"; exit 1; }
	@uv pip compile requirements-dev.in $(LOCK) -o requirements-dev.txt
	@uv pip compile requirements-otel.in -c requirements-dev.txt $(LOCK) -o requirements-otel.txt
	@uv pip compile requirements.in -c requirements-dev.txt $(LOCK) -o requirements.txt

LOCK := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --quiet

clean:  ## remove what the set-up and the tests made; data stay
	@rm -rf $(VENV) build dist *.egg-info .coverage* htmlcov .mypy_cache .pytest_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*##  */make \1\t/p' Makefile | expand -t 12

# A stamp is written last, so that an interrupted set-up is taken up again.
$(RUN_READY): requirements.txt pyproject.toml | $(VENV)/.made
	@echo "安装依赖 / Installing the dependencies …"
	@$(PIP) --require-hashes -r requirements.txt
	@$(PIP) --no-deps -e .
	@touch $@

$(DEV_READY): requirements-dev.txt pyproject.toml | $(VENV)/.made
	@echo "安装依赖（含开发工具）/ Installing the dependencies and tools …"
	@$(PIP) --require-hashes -r requirements-dev.txt
	@$(PIP) --no-deps -e .
	@touch $@ $(RUN_READY)

$(VENV)/.made:
	@for name in $(PYTHONS); do \
	  "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && python="$$name" && break; done; \
	[ -n "$$python" ] || { echo "没有找到 Python 3.11 或更新版本；请先安装 / Found no Python 3.11 or newer; please install one"; exit 1; }; \
	"$$python" -c 'import ensurepip, venv' >/dev/null 2>&1 || { \
	  echo "$$python 缺少 venv；在 Debian、Ubuntu 上请运行 apt install python3-venv"; \
	  echo "$$python lacks venv; on Debian and Ubuntu run: apt install python3-venv"; exit 1; }; \
	echo "建立虚拟环境 / Making the virtual environment with $$python …"; \
	"$$python" -m venv $(VENV) && touch $@
