#!/bin/sh
# Finds the browser that the tests drive, or installs Debian's; prints its path.
set -eu

find_browser() {
    for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable \
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"; do
        [ -n "$name" ] && command -v "$name" && return
    done
    return 1
}

find_browser && exit
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Chromium" >&2
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update -qq && apt-get install -qq --no-install-recommends chromium fonts-dejavu-core; } >/dev/null 2>&1 || true
    find_browser && exit
fi
echo "the browser tests need Chromium: install it (Debian, Ubuntu: sudo apt install chromium), or set CHROMIUM to its path" >&2
exit 1
