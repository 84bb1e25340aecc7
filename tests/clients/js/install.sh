#!/bin/sh
# Installs Microsoft's JavaScript client where the lock file says that it is not there yet.
# Called as `PYTHON=.venv/bin/python sh tests/clients/js/install.sh`, after frontend/build.sh, which
# puts a Node.js into the environment when the system has none.
set -eu
PYTHON=${PYTHON:-python3}
PATH=$("$PYTHON" -c 'import sys; print(sys.prefix)')/node-bin:$PATH
export PATH
cd "$(dirname "$0")"
if ! cmp -s package-lock.json node_modules/.installed-lock; then
  npm ci --no-audit --no-fund --loglevel=error
  cp package-lock.json node_modules/.installed-lock
fi
