#!/usr/bin/env bash
# Installs what prisonflow needs to be built and run, from the packages of Debian 12 or Ubuntu.
# Does nothing, and needs no rights, when everything is already there.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: scripts/setup.sh [--tests] [--bench] [--check]

  --tests   also what the tests and the gate need (readers of result files, clang)
  --bench   also what the benchmarks need
  --check   install nothing, only report what is missing (exit status 1 if anything is)
  --help    this text

Exit status: 0 everything is there, 1 something is missing or could not be installed,
2 wrong use or a system whose packages this script does not know.
TEXT
}

packages=(g++ cmake ninja-build pkg-config libboost-dev libboost-graph-dev libboost-math-dev libeigen3-dev
  libtbb-dev libhdf5-dev catch2 libtomlplusplus-dev libcli11-dev libfmt-dev nlohmann-json3-dev
  librandom123-dev graphviz)
test_packages=(python3 python3-xarray python3-netcdf4 python3-h5netcdf netcdf-bin hdf5-tools
  clang clang-format libclang-rt-14-dev)
bench_packages=(libbenchmark-dev valgrind)

libraries_in_words() {
  cat >&2 <<'TEXT'
prisonflow needs, under the names your system gives them:
  a C++20 compiler (g++ 12 or clang++ 14, or newer), CMake 3.25 or newer, Ninja, pkg-config
  Boost 1.74 (headers, Graph, Math), Eigen 3.4, oneTBB 2021, HDF5 1.10 (C and high-level library)
  toml++ 3.3, CLI11 2.1, fmt 9, nlohmann-json 3.11, Random123 1.14; Graphviz to draw pathways
  for the tests: Catch2 2.13 (version 3 does not fit), Python 3 with xarray, netCDF4 and h5netcdf,
    the netCDF and HDF5 command-line tools, clang++ and clang-format 14
  for the benchmarks: Google Benchmark 1.7, Valgrind
TEXT
}

say() { printf 'setup: %s\n' "$*"; }
fail() {
  printf 'setup: %s\n' "$1" >&2
  exit "${2:-1}"
}

check_only=false
for argument in "$@"; do
  case "$argument" in
    --tests) packages+=("${test_packages[@]}") ;;
    --bench) packages+=("${bench_packages[@]}") ;;
    --check) check_only=true ;;
    --help | -h) usage; exit 0 ;;
    *) usage >&2; fail "unknown option '$argument'" 2 ;;
  esac
done

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  printf 'setup: this system does not use Debian packages, so nothing can be installed from here.\n' >&2
  libraries_in_words
  exit 2
fi

is_installed() { [[ "$(dpkg-query -W -f='${db:Status-Abbrev}' "$1" 2>/dev/null)" == ?i* ]]; }
has_candidate() { [[ "$(apt-cache policy "$1" 2>/dev/null)" =~ Candidate:\ [^\(] ]]; }

missing=()
for package in "${packages[@]}"; do
  is_installed "$package" || missing+=("$package")
done

if [[ ${#missing[@]} -eq 0 ]]; then
  say "all ${#packages[@]} packages are installed"
  exit 0
fi
say "missing: ${missing[*]}"
$check_only && exit 1

as_root=()
if [[ $EUID -ne 0 ]]; then
  if ! command -v sudo >/dev/null || ! { [[ -t 0 ]] || sudo -n true 2>/dev/null; }; then
    fail "to install packages you must be root or may use sudo. As root: apt-get install ${missing[*]}"
  fi
  as_root=(sudo)
fi
apt() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o Dpkg::Use-Pty=0 "$@"; }
install() { apt install -y --no-install-recommends "${missing[@]}"; }
unknown() {
  local package
  for package in "${missing[@]}"; do has_candidate "$package" || printf '%s ' "$package"; done
}

# The lists are read anew only if a name is not in them, or if what they promise is gone from the mirror.
lists_are_new=false
update_lists() {
  say "reading the package lists"
  apt update || fail "the package lists could not be read; is the network there?"
  lists_are_new=true
}
[[ -z "$(unknown)" ]] || update_lists
if [[ -n "$(unknown)" ]]; then
  printf 'setup: this release does not have: %s(the names are those of Debian 12)\n' "$(unknown)" >&2
  libraries_in_words
  exit 2
fi
if ! install; then
  $lists_are_new && fail "apt-get could not install the packages; see its message above"
  update_lists
  install || fail "apt-get could not install the packages; see its message above"
fi
say "installed ${#missing[@]} packages"
