#!/bin/sh
# Writes tests/regression/golden.txt anew from the given test program and shows the difference.
#   tests/regression/renew.sh build/release/tests/tests_regression
# Say in the commit why the results changed.
set -eu
[ $# -eq 1 ] || { echo "usage: $0 PATH/TO/tests_regression" >&2; exit 2; }
golden="$(cd "$(dirname "$0")" && pwd)/golden.txt"
before="$(mktemp)"
trap 'rm -f "$before"' EXIT
if [ -f "$golden" ]; then cp "$golden" "$before"; fi
PRISONFLOW_RENEW_GOLDEN="$golden" "$1" "golden: the results*"
diff "$before" "$golden" && echo "nothing changed" || true
