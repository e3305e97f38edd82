#!/bin/sh
# The tests look at the console in Debian's headless Chromium. Root gets it installed, others are told how.
set -eu
if command -v chromium >/dev/null 2>&1; then
    exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "cordiale: installing chromium for the tests of the console"
    apt-get -o DPkg::Lock::Timeout=300 update -qq
    DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends chromium >/dev/null
    exit 0
fi
echo "cordiale: the tests of the console need chromium; install it with: sudo apt-get install chromium" >&2
exit 1
