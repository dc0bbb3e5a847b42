# Every target does the set-up that it needs (setup/setup.sh), which takes less
# than a second when all is there. GNU make from 3.81, macOS's, will do.
#
#   GO=go1.26.1        another Go
#   TAGS=nohighs       build tags; a library switched off by one is not asked for
#   SETUP=:            no set-up
#   TESTFLAGS='-run X' more for go test
#   FUZZTIME=5m        how long each fuzz target runs

GO        ?= go
TAGS      ?=
SETUP     ?= sh setup/setup.sh
TESTFLAGS ?=
FUZZTIME  ?= 30s
DEMO      ?= ./bin/bilevelc solve examples/toll/toll.mod examples/toll/toll.dat

TAGFLAG = $(if $(TAGS),-tags '$(TAGS)')
SETUP_IN_ENV = GO='$(GO)' SETUP_TAGS='$(TAGS)' $(SETUP)

# A check that fails does not keep the others from running, so that one run shows all.
CHECKS = gofmt vet staticcheck nohighs nolpsolve noipopt nocgo
CARRY_ON = $(MAKE) --no-print-directory --keep-going SETUP=:

# go build stamps the commit into the binary and fails where git refuses to read
# the repository, as it does in a folder that belongs to another user.
ifneq ($(shell git status >/dev/null 2>&1 && echo yes),yes)
export GOFLAGS := $(GOFLAGS) -buildvcs=false
endif

.DEFAULT_GOAL := help
# Set-up comes before what needs it, and two go commands at once gain nothing.
.NOTPARALLEL:
.PHONY: help setup setup-tests build install demo check test $(CHECKS) gotest fuzz bench clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

setup: ## install what building needs, and say so
	@$(SETUP_IN_ENV)

setup-tests: ## install what the tests need too
	@$(SETUP_IN_ENV) test

build: setup ## build bin/bilevelc
	$(GO) build $(TAGFLAG) -o bin/bilevelc ./cmd/bilevelc

install: setup ## install bilevelc into Go's bin folder
	$(GO) install $(TAGFLAG) ./cmd/bilevelc

demo: build ## build, then solve the toll example
	$(DEMO)

check: setup ## format, vet, staticcheck and the builds without solvers
	@$(CARRY_ON) $(CHECKS)

test: setup-tests ## check, then all tests
	@$(CARRY_ON) $(CHECKS) gotest

gofmt:
	@echo '== gofmt'
	@files=$$(find . -name '*.go' -not -path '*/testdata/*' -not -path './.git/*' -exec "$$($(GO) env GOROOT)/bin/gofmt" -l {} +) || exit 1; \
	if [ -n "$$files" ]; then \
		echo 'not formatted (run gofmt -w on them):'; echo "$$files"; exit 1; \
	fi

vet:
	@echo '== go vet'
	$(GO) vet $(TAGFLAG) ./...

staticcheck:
	@echo '== staticcheck'
	$(GO) tool staticcheck $(TAGFLAG) ./...

nohighs:
	@echo '== without HiGHS'
	$(GO) vet -tags nohighs ./...

nolpsolve:
	@echo '== without lp_solve'
	$(GO) vet -tags nolpsolve ./backends/lpsolve

noipopt:
	@echo '== without Ipopt'
	$(GO) vet -tags noipopt ./backends/ipopt

nocgo:
	@echo '== without cgo'
	CGO_ENABLED=0 $(GO) build ./...

gotest:
	@echo '== go test'
	$(GO) test $(TAGFLAG) -timeout 40m $(TESTFLAGS) ./...

fuzz: setup ## run each fuzz target for FUZZTIME
	@packages=$$($(GO) list $(TAGFLAG) ./...) || exit 1; \
	for package in $$packages; do \
		targets=$$($(GO) test $(TAGFLAG) -list '^Fuzz' $$package) || { echo "$$targets"; exit 1; }; \
		for target in $$(echo "$$targets" | grep '^Fuzz'); do \
			echo "== $$target in $$package, $(FUZZTIME)"; \
			$(GO) test $(TAGFLAG) -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 100x $$package || exit 1; \
		done; \
	done

bench: setup ## run the Go benchmarks
	$(GO) test $(TAGFLAG) -run '^$$' -bench . -benchmem $(TESTFLAGS) ./...

clean: ## remove what was built
	rm -rf bin
