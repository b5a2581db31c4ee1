# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors

# The front door. `make` alone lists what there is.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory

# Decided once: a release built with other flags compiles every dependency again.
RELEASE_FLAGS := -c release --static-swift-stdlib -Xswiftc -cross-module-optimization

# Warnings in our own targets are errors here, and only here: a user's newer compiler may know more warnings than ours.
lint test conformance golden: export YETT_STRICT := 1

.DEFAULT_GOAL := help
.PHONY: help deps build release run demo test lint format conformance bench bench-rego bench-peers bench-mesh bench-scale \
    bench-sandbox fuzz golden docs package sandbox-image clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1|\2/' | \
	    while IFS='|' read -r name text; do printf '  make %-13s %s\n' "$$name" "$$text"; done

deps: ## Install what building and testing needs (Debian packages; nothing when all is there)
	@dev/deps build test

build: ## Build everything for debugging, tests included
	@dev/deps build
	swift build --build-tests

release: ## Build the programs as they are shipped: yett, yett-jail, yett-sandbox and yett-wasm in .build/release
	@dev/deps build
	swift build $(RELEASE_FLAGS) --product yett
	swift build $(RELEASE_FLAGS) --product yett-jail
	swift build $(RELEASE_FLAGS) --product yett-sandbox
	swift build $(RELEASE_FLAGS) --product yett-wasm

run: release ## Build and start the gate with examples/quickstart on loopback; Ctrl-C stops it
	@dev/deps run
	@dev/quickstart

demo: release ## Play the story of a hijacked agent on loopback: what it tries, what stops it, what the records prove
	@dev/deps run
	@dev/demo

test: ## Run every test
	@dev/deps build test run package packaged
	@dev/test

lint: ## Formatting, warnings as errors, layers, scripts, documents
	@dev/deps build lint
	@dev/lint

format: ## Format every Swift file in place
	@dev/format

conformance: ## Run the corpora: make conformance [SUITE=ssrf]
	@dev/deps build
	@dev/conformance $(SUITE)

bench: ## Micro-benchmarks of the decision, the guard, the parsers and the audit tree
	@dev/deps build
	@dev/bench

bench-rego: release ## Compare policy decisions with rego-cpp in one run
	@dev/deps bench
	@dev/bench-rego

bench-peers: release ## Compare with Squid, tinyproxy and Envoy on this machine
	@dev/deps bench
	@dev/bench-peers

bench-mesh: release ## Measure what asking the gate costs a request that Envoy carries
	@dev/deps bench
	@dev/bench-mesh

bench-scale: release ## Measure one gate with 10 to 20,000 agents, with tasks and revocations
	@dev/deps bench
	@Benchmarks/Scale/measure.py .build/release/yett

bench-sandbox: ## Measure the sandboxes of this machine against their goals: make bench-sandbox [ROUNDS=100]
	@dev/deps build run
	swift build $(RELEASE_FLAGS) --product sandbox-fixture
	swift build $(RELEASE_FLAGS) --product yett-sandbox
	swift build $(RELEASE_FLAGS) --product yett-wasm
	@YETT_BENCH_ROUNDS=$(ROUNDS) .build/release/sandbox-fixture measure

fuzz: ## Fuzz the parsers for a while: make fuzz [SECONDS=60]
	@dev/deps build
	@dev/fuzz $(SECONDS)

golden: ## Write the golden files anew; read the difference before you commit it
	@dev/deps build
	@dev/golden

sandbox-image: ## Build the image that tests of virtual machines boot, as root, into a cache; takes some minutes once
	@dev/deps build image
	@dev/sandbox-image

package: release ## Make the Debian package, the OCI image, the bill of materials and their checksums in .build/packages
	@dev/deps package
	@dev/package

docs: ## Check the documents: links, commands, and the examples against a running gate
	@dev/deps build run
	@dev/check-docs

clean: ## Remove what building and running left behind
	rm -rf .build .run Benchmarks/.build Fuzz/.build
