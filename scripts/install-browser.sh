#!/bin/sh
# Chromium and a Chinese font from Debian or Ubuntu, for `make test-browser`; nothing where both are there.
set -eu
if command -v chromium >/dev/null && [ -n "$(fc-list :lang=zh 2>/dev/null)" ]; then
    exit 0
fi
if ! command -v apt-get >/dev/null; then
    echo "install-browser: no apt-get here. Install Chromium and a Chinese font, so that 'chromium' starts it" >&2
    exit 1
fi
as_root=
if [ "$(id -u)" != 0 ]; then
    as_root=sudo
fi
$as_root apt-get update -qq
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends \
    chromium fontconfig fonts-wqy-microhei
