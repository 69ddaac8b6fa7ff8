#!/bin/sh
# Makes .venv hold what requirements/$1.lock names; $1 is run or dev. Takes no time if it does already:
# a copy of the lock is kept in .venv once it is installed, and compared the next time.
set -eu
cd "$(dirname "$0")/.."

lock=requirements/$1.lock
if [ -x .venv/bin/python ] && cmp -s "$lock" ".venv/$1.lock" && .venv/bin/python -c ''; then
    exit 0
fi

# The first suitable Python. Debian ships `venv` apart from Python, hence the second test.
python=
python_without_venv=
for candidate in ${PYTHON3:-python3.11 python3.12 python3.13 python3.14 python3}; do
    "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
    if "$candidate" -c 'import ensurepip, venv' 2>/dev/null; then
        python=$candidate
        break
    fi
    python_without_venv=$candidate
done
if [ -z "$python" ]; then
    if [ -n "$python_without_venv" ]; then
        echo "$python_without_venv cannot make virtual environments: its venv module is missing." >&2
        echo "On Debian or Ubuntu: apt-get install python3-venv" >&2
    else
        echo "Python 3.11 or newer is needed, and there is none." >&2
        echo "On Debian 12 or newer: apt-get install python3 python3-venv" >&2
    fi
    exit 1
fi

# An environment is rebuilt if its Python has gone, if its installation was interrupted, or if it is of
# an older lock: nothing that the lock no longer names stays installed.
usable() {
    .venv/bin/python -m pip --version >/dev/null 2>&1 || return 1
    for name in run dev; do
        [ ! -f ".venv/$name.lock" ] || cmp -s "requirements/$name.lock" ".venv/$name.lock" || return 1
    done
}
if ! usable; then
    echo "Creating .venv with $("$python" --version)"
    "$python" -m venv --clear .venv
fi

echo "Installing $lock (a minute or two the first time)"
rm -f .venv/run.lock .venv/dev.lock
# What pip remarks about the package indexes of this machine is shown only if the installation fails.
log=.venv/pip.log
if ! .venv/bin/python -m pip install --disable-pip-version-check --no-input \
    --require-hashes --only-binary :all: -r "$lock" >"$log" 2>&1; then
    cat "$log" >&2
    echo "The packages of $lock could not be installed; pip's output is above." >&2
    exit 1
fi

# The development lock holds everything in the run-time lock, in the same versions.
cp requirements/run.lock .venv/run.lock
if [ "$1" = dev ]; then
    cp requirements/dev.lock .venv/dev.lock
fi
