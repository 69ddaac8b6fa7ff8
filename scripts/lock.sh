#!/bin/sh
# Writes requirements/run.lock and dev.lock from pyproject.toml: every package to install, with its
# version and the hashes of its files, for every platform and for Python from 3.11 on.
# Locked versions stay; LOCK_ARGS=--upgrade takes the newest ones.
set -eu
cd "$(dirname "$0")/.."

lock() {
    out=$1
    shift
    # No header and no index address: the files are the same on every machine.
    .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-config --no-header --no-emit-index-url --no-emit-find-links --no-annotate \
        ${LOCK_ARGS:-} "$@" --output-file "$out" >/dev/null
}

lock requirements/run.lock pyproject.toml
lock requirements/dev.lock pyproject.toml --group dev --constraint requirements/run.lock
