#!/bin/sh
# Makes sure that Chromium and fonts are installed: browser tests drive Chromium, and pictures are
# drawn in it. Installs Debian's packages where that is allowed, and says what to do elsewhere.
set -eu

have_browser() {
    command -v chromium >/dev/null || command -v chromium-browser >/dev/null ||
        command -v google-chrome >/dev/null
}

# Without Liberation there is no font like Arial, and every picture looks different.
have_fonts() {
    find /usr/share/fonts /usr/local/share/fonts "$HOME/.fonts" -iname 'LiberationSans*' \
        2>/dev/null | grep -q .
}

# The Node.js that comes with Playwright needs it; a minimal Debian does not have it.
have_libatomic() {
    find /usr/lib /usr/lib64 /lib -name libatomic.so.1 2>/dev/null | grep -q .
}

missing=
have_browser || missing="chromium"
if [ "$(uname)" = Linux ]; then
    have_fonts || missing="$missing fonts-liberation"
    have_libatomic || missing="$missing libatomic1"
fi
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
    as_root=
elif sudo -n true 2>/dev/null; then
    as_root="sudo -n"
else
    as_root=none
fi

if [ "$as_root" = none ] || ! command -v apt-get >/dev/null; then
    echo "Missing for browser tests and pictures: $missing" >&2
    echo "On Debian or Ubuntu, as an administrator: apt-get install $missing" >&2
    echo "Elsewhere: install Chromium or Chrome, as the command chromium, chromium-browser or" >&2
    echo "google-chrome." >&2
    exit 1
fi

echo "Installing with apt-get: $missing"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# shellcheck disable=SC2086  # both are lists of words
if ! {
    $as_root apt-get update &&
        $as_root env DEBIAN_FRONTEND=noninteractive \
            apt-get install --yes --no-install-recommends $missing
} </dev/null >"$log" 2>&1; then
    cat "$log" >&2
    exit 1
fi
