"""Every benchmark: `make bench`, with QUICK=1 for small sizes, with LARGE=1 for large ones too."""

import argparse

from benchmarks import sandbox, sync
from benchmarks.machine import machine
from benchmarks.table import print_rows

sizes = sync.sizes_wanted(argparse.ArgumentParser(description=__doc__)).sizes
quick = sizes is sync.QUICK
print(machine())
sandbox.print_tables(events=10_000 if quick else 100_000, seconds=0.05 if quick else 0.4)
print_rows(sync.rows(sizes))
