#!/usr/bin/env bash
# Builds preset `bench`, runs the benchmarks and prints medians, ratios and the lines they are held to.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

usage() {
  cat <<'TEXT'
usage: tests/bench/run.sh [hold | model | pairs | all] [REPETITIONS]

  hold     the engine beside the bare loop (about 3 minutes for 5 repetitions)
  model    a whole scenario; PRISONFLOW_BENCH_SCENARIO names another than scenarios/kazakhstan/law_of_2010.toml
  pairs    two worlds and their comparison against one world, whole processes of the same scenario
  all      everything, the default
  --help   this text

REPETITIONS is 5 by default. PRISONFLOW_BUILD_DIR names another place than build/ for the build.
TEXT
}
case "${1:-}" in --help | -h) usage; exit 0 ;; esac
which="${1:-all}"
repetitions="${2:-5}"
case "$which" in
  hold | model) programs=("$which") ;;
  pairs) programs=() ;;
  all) programs=(hold model) ;;
  *) usage >&2; exit 2 ;;
esac

build="${PRISONFLOW_BUILD_DIR:-build}/bench"
targets=(prisonflow "${programs[@]/#/bench_}")
cmake --preset bench -B "$build" > /dev/null
cmake --build "$build" --target "${targets[@]}"

results="$(mktemp -d)"
trap 'rm -rf "$results"' EXIT
for program in "${programs[@]}"; do
  "$build/tests/bench/bench_$program" --benchmark_repetitions="$repetitions" --benchmark_out="$results/$program.json" \
    --benchmark_out_format=json --benchmark_display_aggregates_only=true > /dev/null
done
if [[ ${#programs[@]} -gt 0 ]]; then python3 tests/bench/table.py "$results"/*.json; fi
if [[ "$which" == pairs || "$which" == all ]]; then
  if [[ -n "${PRISONFLOW_BENCH_SCENARIO:-}" ]]; then
    python3 tests/bench/pairs.py "$build/models/cli/prisonflow" "$PRISONFLOW_BENCH_SCENARIO" "$repetitions"
  else
    python3 tests/bench/pairs.py "$build/models/cli/prisonflow" scenarios/kazakhstan/law_of_2010.toml "$repetitions" \
      reforms.toml
  fi
fi
