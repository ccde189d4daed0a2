#!/bin/sh
# Installs a layer of requirements/ into the virtual environment .venv: `program`, `local` or `checks`.
# A new environment is made with Python 3.13, on which the functions run, or else with the newest
# one there is from 3.11 on. Of the layers `checks` alone is added to an environment that is there.
set -eu

venv=${1:-.venv}
layer=${2:-local}

fail() {
    echo "setup: $*" >&2
    exit 1
}

find_python() {
    # pyenv's python3.13 runs only where that version is selected; its own file always does.
    for candidate in python3.13 "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.13*/bin/python3.13 \
        python3.12 python3.11 python3 python; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            python=$candidate
            return
        fi
    done
    fail "no Python 3.11 or newer found; install Python 3.13 and run this again"
}

make_environment() {
    find_python
    # It is emptied first, whoever else uses what the link leads to.
    [ ! -L "$venv" ] || fail "$venv is a link; remove it and run this again"
    echo "Setting up $venv with $("$python" --version)"
    "$python" -m venv --clear "$venv" >/dev/null ||
        fail "$python cannot make a virtual environment; install its venv package (Debian: apt install python3-venv)"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check uv==0.13.9 ||
        fail "pip could not install uv; is the package index reachable?"
}

if [ "$layer" = checks ]; then
    echo "Adding what the checks need to $venv"
else
    make_environment
fi
"$venv/bin/uv" pip sync --quiet --python "$venv/bin/python" --require-hashes "requirements/$layer.txt" ||
    fail "the packages of requirements/$layer.txt could not be installed; see above"
