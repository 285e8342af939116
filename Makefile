# Everything runs on the Node that npm installs: bare `node` may be an older one.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
SHELL := /bin/bash

.DEFAULT_GOAL := help
VERSION := $(shell sed -n 's/^  "version": "\(.*\)",/\1/p' package.json)
COMMA := ,
.PHONY: help demo guest up down generate verify test e2e e2e-kind bench image clean

help: ## What can be made
	@grep -E '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: dist/.built ## The main job on a real local cluster, start to end; PROVIDER=qemu: on real virtual machines
	@npm run --silent local -- demo

guest: ## The guest that pools of type Qemu boot, from Debian packages; IMAGES=folder
	@hack/guest/build.sh $(or $(IMAGES),/var/lib/cortex/images)/guest

up: dist/.built ## The same system, left running
	@npm run --silent local -- up

down: node_modules/.installed ## Stops it and leaves nothing
	@npm run --silent local -- down

generate: node_modules/.installed ## CRDs and reference pages from their one source
	@npm run --silent generate

verify: node_modules/.installed ## Generated files, charts, lint, types, layers
	@npm run --silent generate
	@npm run --silent charts
	@npm run --silent lint
	@npm run --silent types
	@git diff --exit-code --stat

test: dist/.built ## Every tier this machine can run
	@npm run --silent test

e2e: dist/.built ## The stories alone
	@npm run --silent test -- --project story

e2e-kind: dist/.built ## Images and charts in a real kind cluster
	@npm run --silent test -- --project kind

bench: dist/.built ## Benchmarks; BENCH=B1a for one
	@npm run --silent bench

# The bundles are the same on every platform, and the time of the commit is the time of the files: the same commit is the same image.
image: dist/.built ## Images of both processes; REGISTRY=registry.example/team pushes them for amd64 and arm64, with their SBOMs
	@for process in operator mcp-facade; do \
	  SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) docker buildx build . --file hack/images/Dockerfile --build-arg PROCESS=$$process --target $$process \
	    $(if $(REGISTRY),--platform linux/amd64$(COMMA)linux/arm64 --sbom=true --provenance=mode=max --push,--load) \
	    --tag $(if $(REGISTRY),$(REGISTRY)/)cortex-$$process:$(VERSION) || exit 1; \
	done

clean: ## Removes what was built and installed here
	rm -rf node_modules dist mcp-facade/dist coverage

node_modules/.installed: package.json package-lock.json
	@echo "installing what the lock file names (Node 24 and libraries, about 600 MB)"
	@npm ci --loglevel=error
	@touch $@

dist/.built: node_modules/.installed $(shell find crds/src operator/src mcp-facade/src hack -name '*.ts' 2>/dev/null)
	@npm run --silent build
	@touch $@
