"""Every benchmark: `make bench`, or `make bench QUICK=1` for small sizes."""

import argparse

from benchmarks import sandbox, sync
from benchmarks.machine import machine

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--quick", action="store_true", help="small sizes, below two minutes")
quick = parser.parse_args().quick
print(machine())
sandbox.print_tables(events=10_000 if quick else 100_000, seconds=0.05 if quick else 0.4)
sync.print_table(quick=quick)
