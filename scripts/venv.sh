#!/bin/sh
# Makes .venv hold what requirements/$1.lock names; $1 is run or dev. Takes no time when it does.
# A copy of the lock is kept in .venv once it is installed, and tells whether that is so still.
set -eu
cd "$(dirname "$0")/.."

lock=requirements/$1.lock
if [ -x .venv/bin/python ] && cmp -s "$lock" ".venv/$1.lock" && .venv/bin/python -c ''; then
    exit 0
fi

# The first Python that will do. Debian ships `venv` apart from Python, hence the second question.
found=
found_without_venv=
for candidate in ${PYTHON3:-python3.11 python3.12 python3.13 python3.14 python3}; do
    "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
    if "$candidate" -c 'import ensurepip, venv' 2>/dev/null; then
        found=$candidate
        break
    fi
    found_without_venv=$candidate
done
if [ -z "$found" ]; then
    if [ -n "$found_without_venv" ]; then
        echo "$found_without_venv cannot make virtual environments: its venv module is missing." >&2
        echo "On Debian or Ubuntu: apt-get install python3-venv" >&2
    else
        echo "Python 3.11 or newer is needed and was not found." >&2
        echo "On Debian 12 or newer: apt-get install python3 python3-venv" >&2
    fi
    exit 1
fi

# Made anew: an environment whose Python went away or whose making was broken off, and one of an
# older lock, so that nothing stays in it that the lock no longer names.
usable() {
    .venv/bin/python -m pip --version >/dev/null 2>&1 || return 1
    for name in run dev; do
        [ ! -f ".venv/$name.lock" ] || cmp -s "requirements/$name.lock" ".venv/$name.lock" || return 1
    done
}
if ! usable; then
    echo "Making .venv with $("$found" --version)"
    "$found" -m venv --clear .venv
fi

echo "Installing $lock (a minute or two the first time)"
rm -f .venv/run.lock .venv/dev.lock
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
    --require-hashes --only-binary :all: -r "$lock"

# The development lock holds all that the run-time lock holds, in the same versions.
cp requirements/run.lock .venv/run.lock
if [ "$1" = dev ]; then
    cp requirements/dev.lock .venv/dev.lock
fi
