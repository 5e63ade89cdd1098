#!/usr/bin/env bash
# The one gate before a commit: layout, headers, two compilers, sanitizers, tests.
# Runs every chosen step even if an earlier one failed, and sums up in a table.
# shellcheck disable=SC2317 # the steps are called by name
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

all_steps=(format headers release clang asan tsan)
quick_steps=(format headers release)

# Which tests (labels, a regular expression) a step runs. Empty: all of them.
labels_release=''
labels_release_quick='unit|invariance|architecture'
labels_clang='unit|regression'
labels_asan='unit|robustness'
labels_tsan='unit|invariance'
# Of these, all units and the ones about threads: under this sanitizer the others take longer than the gate may.
names_tsan='^unit:|threads|nobody lost'
# What continuous integration has time for. The sanitizers of asan are clang's, so that the other compiler is seen too:
# that its bytes are the same is among the regression tests.
labels_asan_brief='unit|regression'
labels_tsan_brief='invariance'
names_tsan_brief='threads'

usage() {
  cat <<TEXT
usage: scripts/check.sh [--only STEP,STEP...] [--quick] [--brief] [--list]

  --only    these steps alone, in the order of the list below
  --quick   ${quick_steps[*]}, with the tests $labels_release_quick
  --brief   the sanitizers on fewer tests: asan on $labels_asan_brief, tsan on $labels_tsan_brief that match $names_tsan_brief
  --list    the steps, one a line
  --help    this text

  format    clang-format finds nothing to change
  headers   every header compiles alone
  release   g++, release build, all tests
  clang     clang++, release build, tests $labels_clang
  asan      address and undefined-behaviour sanitizers of clang++, tests $labels_asan
  tsan      thread sanitizer, tests $labels_tsan that match $names_tsan

Logs are in build/check/STEP.log; PRISONFLOW_BUILD_DIR names another place than build/.
Exit status: 0 every step passed, 1 a step failed, 2 wrong use.
TEXT
}
wrong_use() {
  usage >&2
  printf 'check: %s\n' "$1" >&2
  exit 2
}

steps=("${all_steps[@]}")
while [[ $# -gt 0 ]]; do
  case "$1" in
    --only)
      [[ $# -ge 2 && -n "$2" ]] || wrong_use "--only needs the names of steps"
      steps=()
      for name in ${2//,/ }; do
        [[ " ${all_steps[*]} " == *" $name "* ]] || wrong_use "no step is called '$name'"
      done
      for name in "${all_steps[@]}"; do [[ ",$2," == *",$name,"* ]] && steps+=("$name"); done
      shift 2 ;;
    --quick) steps=("${quick_steps[@]}"); labels_release="$labels_release_quick"; shift ;;
    --brief) labels_asan="$labels_asan_brief"; labels_tsan="$labels_tsan_brief"; names_tsan="$names_tsan_brief"; shift ;;
    --list) printf '%s\n' "${all_steps[@]}"; exit 0 ;;
    --help | -h) usage; exit 0 ;;
    *) wrong_use "unknown option '$1'" ;;
  esac
done

builds="${PRISONFLOW_BUILD_DIR:-build}"
logs="$builds/check"
mkdir -p "$logs"
jobs="$(nproc)"

# Files that git knows or would add (no build products); in a copy without git, all files of the folders.
files_named() {
  if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
    git ls-files --cached --others --exclude-standard -- "$@" | while IFS= read -r file; do
      if [[ -f "$file" ]]; then printf '%s\n' "$file"; fi
    done
  else
    local pattern
    for pattern in "$@"; do find sim models output tests -name "$pattern"; done
  fi | sort -u
}

check_format() {
  local files file wrong=()
  mapfile -t files < <(files_named '*.cpp' '*.hpp')
  for file in "${files[@]}"; do
    clang-format --dry-run -Werror "$file" || wrong+=("$file")
  done
  [[ ${#wrong[@]} -eq 0 ]] || { printf 'to mend: clang-format -i %s\n' "${wrong[*]}"; return 1; }
}

check_headers() {
  local flags
  # Libraries are system folders, so that only our own headers can warn.
  flags="$(pkg-config --cflags-only-I hdf5 eigen3 2>/dev/null || echo '-I/usr/include/hdf5/serial -I/usr/include/eigen3')"
  # Where the program and the sources are, the build says; here any text does.
  export flags="${flags//-I/-isystem } -DPRISONFLOW_PROGRAM=\"\" -DPRISONFLOW_SOURCE_DIR=\"\""
  # shellcheck disable=SC2016 # the inner shell expands these
  files_named '*.hpp' | xargs -r -n 1 -P "$jobs" bash -c '
    # shellcheck disable=SC2086
    printf "#include \"%s\"\n" "$0" | g++ -std=c++20 -fsyntax-only -Wall -Wextra -Wpedantic -Werror -I. $flags -x c++ - ||
      { echo "$0 does not compile alone" >&2; exit 1; }'
}

# build_and_test PRESET LABELS [NAMES]: builds only the test programs whose folder the labels choose, and runs of them
# all tests, or those whose name matches.
build_and_test() {
  local preset="$1" labels="$2" names="${3:-}" targets=() selection=() folder
  if [[ -n "$labels" ]]; then
    selection=(-L "^($labels)\$")
    for folder in tests/*/; do
      folder="$(basename "$folder")"
      [[ "$folder" =~ ^($labels)$ ]] || continue
      if compgen -G "tests/$folder/*.cpp" >/dev/null; then targets+=("tests_$folder"); else echo "no tests in tests/$folder"; fi
    done
    [[ ${#targets[@]} -gt 0 ]] || { echo "no test has a label of $labels" >&2; return 1; }
    targets=(--target "${targets[@]}")
  fi
  [[ -z "$names" ]] || selection+=(-R "$names")
  cmake --preset "$preset" -B "$builds/$preset" -DPRISONFLOW_TESTS=ON &&
    "${wrap[@]}" cmake --build "$builds/$preset" "${targets[@]}" &&
    "${wrap[@]}" ctest --test-dir "$builds/$preset" --output-on-failure --no-tests=error \
      -j "${CTEST_PARALLEL_LEVEL:-2}" "${selection[@]}"
}
wrap=()

check_release() { build_and_test release "$labels_release"; }
check_clang() { build_and_test clang "$labels_clang"; }
check_asan() {
  export ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1 UBSAN_OPTIONS=print_stacktrace=1
  build_and_test asan "$labels_asan"
}
check_tsan() {
  # The packaged TBB is not instrumented, so its own hand-over of tasks looks like a race. Only reports whose
  # innermost frame is TBB's are left out: a race in our code, even inside a TBB body, is still reported.
  local suppressions="$PWD/$logs/tsan_suppressions.txt"
  [[ "$logs" == /* ]] && suppressions="$logs/tsan_suppressions.txt"
  printf 'race_top:%s\n' 'oneapi/tbb' 'libtbb.so' 'std::atomic<tbb' 'std::__atomic_base' >"$suppressions"
  export TSAN_OPTIONS="suppressions=$suppressions halt_on_error=1"
  # Kernels that scatter addresses widely break the sanitizer of g++ 12; without scattering it runs everywhere.
  if setarch "$(uname -m)" -R true 2>/dev/null; then wrap=(setarch "$(uname -m)" -R); fi
  build_and_test tsan "$labels_tsan" "$names_tsan"
}

table=()
failed=0
for name in "${steps[@]}"; do
  log="$logs/$name.log"
  start=$SECONDS
  printf '== %s\n' "$name"
  # A process of its own: 'set -e' stays in force inside, and settings of one step do not reach the next.
  set +e
  (set -e; "check_$name") >"$log" 2>&1
  status=$?
  set -e
  note="$(grep -E '^[0-9]+% tests passed' "$log" | tail -n 1 || true)"
  if [[ $status -eq 0 ]]; then
    verdict=passed
  else
    verdict=FAILED
    failed=1
    note="${note:+$note; }see $log"
    tail -n 60 "$log" | sed 's/^/   /'
  fi
  printf '   %s in %d s%s\n' "$verdict" $((SECONDS - start)) "${note:+ ($note)}"
  table+=("$(printf '%-8s  %-6s  %5d s  %s' "$name" "$verdict" $((SECONDS - start)) "$note")")
done

printf '\n%-8s  %-6s  %7s\n' step result time
printf '%s\n' "${table[@]}"
exit "$failed"
