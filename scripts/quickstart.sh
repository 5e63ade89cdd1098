#!/usr/bin/env bash
# From a fresh copy to a first result: installs what is missing, builds, runs the law of 2010 in
# Kazakhstan with and without the later reforms, and prints the summary.
set -euo pipefail
started_from="$PWD"
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() {
  cat <<'TEXT'
usage: scripts/quickstart.sh [-o FILE]

  -o FILE   where the result goes (default: kazakhstan.h5 in the project's folder;
            an existing file is never replaced, the new one gets a number)
  --help    this text

The build goes to build/quickstart; PRISONFLOW_BUILD_DIR names another place than build/.
TEXT
}

result=kazakhstan.h5
while [[ $# -gt 0 ]]; do
  case "$1" in
    -o)
      [[ $# -ge 2 ]] || { usage >&2; exit 2; }
      result="$2"
      [[ "$result" == /* ]] || result="$started_from/$result"
      shift 2 ;;
    --help | -h) usage; exit 0 ;;
    *) usage >&2; printf "quickstart: unknown option '%s'\n" "$1" >&2; exit 2 ;;
  esac
done

build="${PRISONFLOW_BUILD_DIR:-build}/quickstart"
log="$build/build.log"
mkdir -p "$build"
: >"$log"
program="$build/models/cli/prisonflow"

# Keeps the whole output in the log; a terminal sees the last line of it, in place.
to_log() {
  if [[ ! -t 1 ]]; then cat >>"$log"; return; fi
  local line width
  width="$(tput cols 2>/dev/null || echo 80)"
  while IFS= read -r line; do
    printf '%s\n' "$line" >>"$log"
    printf '\r\033[K   %s' "${line:0:width-4}"
  done
  printf '\r\033[K'
}

# step TITLE HINT COMMAND...: runs the command, shows its time, and on failure says where to look.
step() {
  local title="$1" hint="$2" start=$SECONDS status=0
  shift 2
  printf '== %s\n' "$title"
  "$@" || status=$?
  if [[ $status -ne 0 ]]; then
    printf '\nquickstart: the step "%s" failed after %d s (exit status %d).\n%s\n' \
      "$title" $((SECONDS - start)) "$status" "$hint" >&2
    exit 1
  fi
  printf '   %d s\n' $((SECONDS - start))
}

configure() { cmake --preset release -B "$build" -DPRISONFLOW_TESTS=OFF 2>&1 | to_log; }
compile() { cmake --build "$build" 2>&1 | to_log; }

base="${result%.h5}"
number=2
while [[ -e "$result" ]]; do
  result="$base-$number.h5"
  number=$((number + 1))
done

step "install what is missing" "See the message above; scripts/setup.sh --check lists what is missing." \
  scripts/setup.sh
step "configure" "All of its output is in $log." configure
step "build" "All of its output is in $log; to see it again: cmake --build $build" compile
step "run the law of 2010 with and without the reforms" \
  "See the message above; to check the input alone: $program validate scenarios/kazakhstan/reforms.toml" \
  "$program" run scenarios/kazakhstan/law_of_2010.toml scenarios/kazakhstan/reforms.toml -o "$result"
step "summary" "To see it again: $program summary $result" "$program" summary "$result"

cat <<TEXT

The result is in $result
What next, in $PWD:
  $program summary $result
                                  the summary again; --format json for programs
  $program compare $result
                                  what the reforms change, and what comes of it
  $program describe --assumed scenarios/kazakhstan/reforms.toml
                                  every number that nobody published, to be argued with
  $program init my_country        a small scenario of your own to start from
  python3 -c 'import xarray; print(xarray.open_dataset("$result"))'
                                  the same numbers in Python; netCDF4, R, Julia and MATLAB read the file too
Total: $SECONDS s. Build log: $log
TEXT
