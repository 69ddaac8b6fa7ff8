#!/bin/sh
# Runs every check, then names those that failed, so that one run shows everything to fix.
set -u
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"

failed=
check() {
    name=$1
    shift
    echo "== $name"
    "$@" || failed="$failed $name"
}

check format ruff format --check .
check style ruff check .
check types mypy
check imports lint-imports
check sql sqlfluff lint --disable-progress-bar queries data
check files python scripts/stray.py

if [ -n "$failed" ]; then
    echo "Checks that failed:$failed" >&2
    exit 1
fi
echo "All checks passed."
