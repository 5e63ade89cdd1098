#!/usr/bin/env bash
# Builds the release preset and runs every test. Ends with ctest's own closing lines.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() {
  cat <<'TEXT'
usage: scripts/test.sh [CTEST OPTIONS]

  scripts/test.sh                  every test
  scripts/test.sh -L unit          the tests of one label (one label a folder of tests/)
  scripts/test.sh -R 'dates'       the tests whose name matches
  --help                           this text

Two tests run at a time; CTEST_PARALLEL_LEVEL or -j changes that.
The build goes to build/release; PRISONFLOW_BUILD_DIR names another place than build/.
TEXT
}
case "${1:-}" in --help | -h) usage; exit 0 ;; esac

build="${PRISONFLOW_BUILD_DIR:-build}/release"
scripts/setup.sh --tests
cmake --preset release -B "$build" -DPRISONFLOW_TESTS=ON
cmake --build "$build"
exec ctest --test-dir "$build" --output-on-failure --no-tests=error -j "${CTEST_PARALLEL_LEVEL:-2}" "$@"
