#!/bin/sh
# Installs a folder's Node packages where its lock file says that they are not there yet.
# Called as `PYTHON=.venv/bin/python sh tests/support/install-node-packages.sh FOLDER`, after
# frontend/build.sh, which puts a Node.js into the environment when the system has none.
set -eu
PYTHON=${PYTHON:-python3}
PATH=$("$PYTHON" -c 'import sys; print(sys.prefix)')/node-bin:$PATH
export PATH
cd "$1"
if ! cmp -s package-lock.json node_modules/.installed-lock; then
  npm ci --no-audit --no-fund --loglevel=error
  cp package-lock.json node_modules/.installed-lock
fi
