# The short way to everything. Each command does its own set-up: see deploy/ensure.

# Rust as rustup leaves it, also in a shell that was opened before it was installed.
export PATH := $(HOME)/.cargo/bin:$(PATH)

# A linker, and the compiler for the bundled SQLite.
BUILD_PACKAGES = gcc libc6-dev

.PHONY: help run demo test testbed testbed-pi service bench deb

help:
	@echo "make run         open the kiosk in a window, with a simulated street of phones"
	@echo "make demo        play one scripted morning without a window, into ./demo/"
	@echo "make test        run all tests"
	@echo "make testbed     play radio faults against a real Bluetooth stack, in an emulated PC"
	@echo "make testbed-pi  the same, shorter, in an emulated Raspberry Pi"
	@echo "make service     try the package in ./dist/ as a service, in an emulated PC (as root)"
	@echo "make bench       run the benchmarks"
	@echo "make deb         build the Debian packages for amd64 and arm64, into ./dist/"

run:
	@deploy/ensure rust $(BUILD_PACKAGES)
	@deploy/run

demo:
	@deploy/ensure rust $(BUILD_PACKAGES)
	@deploy/run --headless

test:
	@deploy/ensure rust $(BUILD_PACKAGES)
	cargo test --locked --features screen-tests

testbed:
	@tests/testbed/run amd64

testbed-pi:
	@tests/testbed/run arm64

service:
	@tests/service/run

bench:
	@deploy/ensure rust $(BUILD_PACKAGES)
	cargo bench --locked

deb:
	@deploy/deb amd64
	@deploy/deb arm64
