#!/bin/sh
# Writes requirements/run.lock and dev.lock from pyproject.toml: every package that will be
# installed, its version and the hashes of its files, for every platform and Python from 3.11 on.
# Versions that are locked already stay: LOCK_ARGS=--upgrade takes the newest ones.
set -eu
cd "$(dirname "$0")/.."

lock() {
    out=$1
    shift
    # No header and no index address: the files are the same whoever writes them, wherever.
    .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-config --no-header --no-emit-index-url --no-emit-find-links --no-annotate \
        ${LOCK_ARGS:-} "$@" --output-file "$out" >/dev/null
}

lock requirements/run.lock pyproject.toml
lock requirements/dev.lock pyproject.toml --group dev --constraint requirements/run.lock
