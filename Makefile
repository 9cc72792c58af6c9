# The front door. `make help` lists what there is.
.DEFAULT_GOAL := help
BIN := node_modules/.bin
ARGS ?=

.PHONY: help setup check test bench grade fmt clean

help: ## lists the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

node_modules/.package-lock.json: package.json package-lock.json
	npm ci --no-fund --no-audit
	@touch $@

setup: node_modules/.package-lock.json ## installs what the project needs, from the npm registry

check: setup ## runs the suite against the embedded references; ARGS="./my-submission" for another
	$(BIN)/bun src/cli/main.ts check $(ARGS)

test: setup ## runs the tests
	$(BIN)/node conformance/test.ts $(ARGS)

bench: setup ## measures balanced against unbalanced transfers; FULL=1 for all of it, ARGS="proxy" for a part
	$(BIN)/bun src/cli/main.ts bench $(if $(FULL),--full) $(ARGS)

grade: ## grades a folder of submissions (not in this version)
	@echo "make grade is not in this version; check one submission at a time: npx steelyard check FOLDER" >&2
	@exit 1

fmt: setup ## formats the sources
	$(BIN)/deno fmt

clean: ## removes what was installed and built
	rm -rf node_modules dist
