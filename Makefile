# `make repro` and `make test` set up all they need; `make help` lists the rest.

PYTHON ?= python3
BASE ?= main
BIN := .venv/bin
DO := $(PYTHON) make.py
INSTALL := $(PYTHON) install.py
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --upgrade
export PATH := $(CURDIR)/$(BIN):$(PATH)
export UV_CUSTOM_COMPILE_COMMAND := make lock

.PHONY: help repro test lint check experiments classify show report reproduce bench bench-loop methods scale \
  check-expected expected arm64 x86 faults clean lock wheels packages packages-dev packages-bench

help:  ## list what there is to make
	@grep -hE '^[a-z0-9-]+:.*  ## ' $(MAKEFILE_LIST) | sed -E 's/:.*  ## /\t/' | expand -t 16

repro:  ## install what the pipeline needs, and run it; MNIST_FILE=... takes the images from there
	@$(DO) repro

test:  ## install what the tests need, and pass lint, types and tests
	@$(DO) test

lint:  ## check style, and types for Linux, macOS and Windows, alone
	@$(DO) lint

check: lint  ## check style and types, and that dvc.lock is not stale
	.ci/check-lock

experiments: packages  ## list the experiments in a table that fits a terminal
	@COLUMNS=110 $(BIN)/dvc exp show --no-pager --sort-by accuracy --sort-order desc \
	  --drop '.*' --keep 'Experiment|^accuracy$$|train.(method|alpha|max_iter|momentum)'
	@$(BIN)/python -m report.answer --noise

classify: packages  ## say which digits pictures show: make classify IMAGE=photo.jpg SHOW=answer.png
	@$(BIN)/python -m classify $(IMAGE) $(if $(SHOW),--show $(SHOW))

show:  ## write one page to draw on, with how the models learnt and where they err; make show BASE=main compares
	@$(DO) show

report: packages  ## print as Markdown what changed since a commit: make report BASE=main
	@.ci/report $(BASE)

reproduce: packages  ## make all results anew in a clean clone, on the full data; metrics and plots are removed first
	.ci/reproduce

bench: packages-bench  ## measure the descent against what a user would pick instead; minutes
	$(BIN)/python -m benchmarks.descent

bench-loop: packages  ## measure how long an experiment takes, and where the time goes; minutes
	$(BIN)/python -m benchmarks.loop

methods: packages-dev  ## draw how the four methods come down, in benchmarks/methods.png; seconds
	$(BIN)/python -m benchmarks.methods

scale: packages-dev  ## measure training on up to 8.1 million images, on threads and on Dask; minutes, 13 GB
	$(BIN)/python -m benchmarks.scale

check-expected:  ## check that a short run on the sample gives the same bytes here as everywhere
	@$(DO) check-expected

expected: packages  ## make the digests of that run anew, after a change that changes outputs
	$(BIN)/python -m tests.expected --write

arm64: packages-dev  ## the same check on an emulated arm64 (qemu-user-static, debootstrap); minutes
	$(BIN)/python -m tests.emulated arm64

x86: packages-dev  ## and on emulated x86 processors of 2008 and 2013
	$(BIN)/python -m tests.emulated nehalem
	$(BIN)/python -m tests.emulated haswell

faults: packages-dev  ## try 5,000 faults on the stages, SEED=1 those of another campaign again; minutes
	$(BIN)/python -m tests.faults $(if $(SEED),--seed $(SEED))

clean:  ## remove what the stages wrote and DVC kept, and the virtual environment
	rm -rf .venv show/node_modules .dvc/cache .dvc/tmp data/mnist data/train data/test data/models

lock: packages-dev  ## resolve requirements*.in anew, for all systems
	$(LOCK) requirements-uv.in --output-file requirements-uv.txt
	$(LOCK) requirements.in --output-file requirements.txt
	$(LOCK) requirements-dask.in --output-file requirements-dask.txt
	$(LOCK) requirements-dev.in --output-file requirements-dev.txt

wheels: packages-dev  ## check that no locked package has to be compiled, on any system; asks the package index
	.ci/check-wheels

packages:
	@$(INSTALL) requirements.txt

packages-dev:
	@$(INSTALL) requirements-dev.txt

packages-bench:
	@$(INSTALL) benchmarks/requirements.txt
