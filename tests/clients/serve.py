"""Serves the sandbox over https for tests that run in another environment.

`python -m clients.serve FOLDER` prints where it is as one line of JSON, and ends when its standard
input is closed.
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path

from clients.secure import secure_sandbox


def main() -> None:
    with secure_sandbox(Path(sys.argv[1])) as secure:
        print(json.dumps(asdict(secure), default=str), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
