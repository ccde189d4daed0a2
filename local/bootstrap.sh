#!/bin/sh
# Makes the virtual environment .venv from requirements.lock: with Python 3.13, on which the
# functions run, or else with the newest one there is from 3.11 on.
set -eu

venv=${1:-.venv}

fail() {
    echo "setup: $*" >&2
    exit 1
}

# pyenv's python3.13 runs only where that version is selected; its own file always does.
for candidate in python3.13 "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.13*/bin/python3.13 \
    python3.12 python3.11 python3 python; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
        python=$candidate
        break
    fi
done
[ -n "${python:-}" ] || fail "no Python 3.11 or newer found; install Python 3.13 and run this again"

# It is emptied first, whoever else uses what the link leads to.
[ ! -L "$venv" ] || fail "$venv is a link; remove it and run this again"

echo "Setting up $venv with $("$python" --version)"
"$python" -m venv --clear "$venv" >/dev/null ||
    fail "$python cannot make a virtual environment; install its venv package (Debian: apt install python3-venv)"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check uv==0.13.9 ||
    fail "pip could not install uv; is the package index reachable?"
"$venv/bin/uv" pip sync --quiet --python "$venv/bin/python" --require-hashes requirements.lock ||
    fail "the packages of requirements.lock could not be installed; see above"
