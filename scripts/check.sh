#!/bin/sh
# Runs every check and then says which failed, so that one run shows all there is to mend.
set -u
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"

failed=
look() {
    name=$1
    shift
    echo "== $name"
    "$@" || failed="$failed $name"
}

look format ruff format --check .
look style ruff check .
look types mypy
look imports lint-imports
look sql sqlfluff lint --disable-progress-bar queries

if [ -n "$failed" ]; then
    echo "Checks that failed:$failed" >&2
    exit 1
fi
echo "All checks passed."
