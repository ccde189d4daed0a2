#!/bin/sh
# Makes the virtual environment .venv from requirements.lock: with the newest Python that the
# locked packages support (3.13 is what Lambda runs), never below 3.11.
set -eu

venv=${1:-.venv}

fail() {
    echo "setup: $*" >&2
    exit 1
}

for candidate in python3.13 python3.12 python3.11 python3 python; do
    if "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info)' >/dev/null 2>&1; then
        python=$candidate
        break
    fi
done
[ -n "${python:-}" ] || fail "no Python 3.11 or newer found; install Python 3.13 and run this again"

echo "Setting up $venv with $("$python" --version)"
"$python" -m venv --clear "$venv" >/dev/null ||
    fail "$python cannot make a virtual environment; install its venv package (Debian: apt install python3-venv)"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check uv==0.13.9 ||
    fail "pip could not install uv; is the package index reachable?"
"$venv/bin/uv" pip sync --quiet --python "$venv/bin/python" --require-hashes requirements.lock ||
    fail "the packages of requirements.lock could not be installed; see above"
