#!/bin/sh
# Makes sure that a browser is there for the end-to-end tests: the system's, else Debian's package,
# else the one that Playwright brings. Called by `make browser`.
set -u

for name in chromium chromium-browser google-chrome google-chrome-stable chrome; do
  command -v "$name" >/dev/null 2>&1 && exit 0
done

HERE=$(cd "$(dirname "$0")" && pwd)
PLAYWRIGHT=$HERE/../../.venv/bin/playwright

playwright_has_one() {
  [ -x "$HERE/../../.venv/bin/python" ] && "$HERE/../../.venv/bin/python" - 2>/dev/null <<'PYTHON'
import os, sys
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    sys.exit(not os.path.exists(playwright.chromium.executable_path))
PYTHON
}

playwright_has_one && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing Chromium for the browser tests"
  apt-get update >/dev/null 2>&1
  DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium >/dev/null 2>&1 && exit 0
fi

if [ -x "$PLAYWRIGHT" ]; then
  echo "Fetching Chromium with Playwright"
  "$PLAYWRIGHT" install chromium >/dev/null 2>&1 && exit 0
fi

echo "No browser for the end-to-end tests: install Chromium (on Debian: apt-get install chromium)." >&2
exit 1
