# Rabta's few commands. The environment lies in .venv and comes from the lock files.
PYTHON ?= python3
UV_VERSION := 0.13.9
UV := .bootstrap/bin/uv
export UV_PYTHON_DOWNLOADS := never
export UV_LINK_MODE := copy
export UV_SYSTEM_CERTS := 1
# One more than there are processors: a test that waits leaves its own to another.
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2) + 1)

.PHONY: run test check setup bench train faults desk ocr fuzz mutants lock clean
.SILENT:

run: .venv/.runs          ## set up what is missing, then talk to Rabta
	exec .venv/bin/rabta run

test: .venv/.tests        ## set up what is missing, then the whole gate
	$(MAKE) --no-print-directory check

check:                    ## the whole gate, without installing
	.venv/bin/ruff check . && .venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/python -m pytest -n $(WORKERS) --dist worksteal

setup: .venv/.runs        ## only the environment

bench: .venv/.tests       ## the benchmarks
	for file in benchmarks/[a-z]*.py; do .venv/bin/python $$file || exit 1; done

train: .venv/.runs        ## the weights of guesses anew, from the labelled messages
	.venv/bin/python -m language.learning language/weights.txt \
		$(addprefix tests/language/,$(addsuffix .jsonl,sentences heard idle said_en said_ur said_roman))

faults: .venv/.tests      ## kill -9 under load: make faults KILLS=300 [SEED=] [DOORS=] [DATABASES=]
	.venv/bin/python -m tests.faults.kills --kills $(or $(KILLS),300) $(if $(SEED),--seed $(SEED)) \
		$(if $(DOORS),--doors $(DOORS)) $(if $(DATABASES),--databases $(DATABASES)) \
		$(if $(JOBS),--jobs $(JOBS)) $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(BROKEN),--broken $(BROKEN))

desk: .venv/.tests        ## the whole desk as a machine, at random: make desk STEPS=1000 [SEED=]
	RABTA_TEST_STEPS=$(or $(STEPS),1000) .venv/bin/python -m pytest -q -s \
		tests/faults/test_desk_machine.py $(if $(SEED),--hypothesis-seed=$(SEED))

ocr: .venv/.runs          ## what reads photos of business cards, some 300 MB
	$(UV) pip install -q --python .venv -c requirements.lock -e '.[ocr]'

fuzz: .venv/.tests        ## the parsers under atheris: make fuzz SECONDS=60 [TARGETS=language,slack]
	$(UV) pip install -q --python .venv -c requirements-dev.lock -e '.[fuzz]'
	.venv/bin/python -m tests.faults.fuzz --seconds $(or $(SECONDS),60) \
		$(if $(TARGETS),--targets $(TARGETS)) $(if $(SEED),--seed $(SEED))

mutants: .venv/.tests     ## would a test tell? make mutants COUNT=100 [SEED=1] [FILES=] or GUARDS=1
	$(UV) pip install -q --python .venv -c requirements-dev.lock -e '.[mutants]'
	nice .venv/bin/python -m tests.faults.mutants --count $(or $(COUNT),100) \
		$(if $(SEED),--seed $(SEED)) $(if $(FILES),--files $(FILES)) $(if $(JOBS),--jobs $(JOBS)) \
		$(if $(TESTS),--tests $(TESTS)) $(if $(GUARDS),--guards $(GUARDS))

lock: $(UV)               ## resolve the dependencies anew
	$(UV) pip compile pyproject.toml --universal --generate-hashes --python-version 3.11 \
		--no-header -q --upgrade -o requirements.lock
	$(UV) pip compile pyproject.toml --extra dev -c requirements.lock --universal \
		--generate-hashes --python-version 3.11 --no-header -q --upgrade -o requirements-dev.lock

clean:
	rm -rf .venv .bootstrap

# uv comes by pip: in a small environment of its own, or, where Python has no venv, in a folder.
$(UV):
	{ $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Rabta needs Python 3.11 or newer; set PYTHON=/path/to/python3" && exit 1; } && \
	  { $(PYTHON) -m venv .bootstrap && .bootstrap/bin/python -m pip install -q uv==$(UV_VERSION); } || \
	  { rm -rf .bootstrap && $(PYTHON) -m pip install -q --target .bootstrap uv==$(UV_VERSION); }; } >&2

.venv/.made: $(UV)
	{ test -x .venv/bin/python || $(UV) venv -q --python "$$(command -v $(PYTHON))" .venv; } >&2
	touch $@

.venv/.runs: requirements.lock pyproject.toml .venv/.made
	echo "Setting up Rabta (once) ..." >&2
	{ $(UV) pip install -q --python .venv --require-hashes -r requirements.lock && \
	  $(UV) pip install -q --python .venv --no-deps -e . ; } >&2
	touch $@

.venv/.tests: requirements-dev.lock .venv/.runs
	{ $(UV) pip install -q --python .venv --require-hashes -r requirements-dev.lock; } >&2
	touch $@
