"""What the programs of this folder share: the graph, requests and answers (../rival.h)."""
import sys
import time


def load(path, customers):
    """Offsets and neighbours of a graph file as NumPy arrays."""
    import numpy

    offset = numpy.fromfile(path, numpy.uint64, customers + 1).astype(numpy.int64)
    neighbour = numpy.fromfile(path, numpy.uint32, offset=8 * (customers + 1)).astype(numpy.int32)
    return offset, neighbour


def serve(prepare, run):
    """Answers requests until the input ends.

    prepare(path, customers) makes what does not change from run to run, kept while the graph stays the same.
    run(prepared, periods, seed) gives (CPU seconds, wall seconds, bytes per customer, ten totals).
    """
    last = prepared = None
    print("ready", flush=True)
    for line in sys.stdin:
        path, customers, periods, seed = line.rsplit(None, 3)
        if (path, customers) != last:
            prepared = None
            prepared, last = prepare(path, int(customers)), (path, customers)
        cpu, wall, size, totals = run(prepared, int(periods), int(seed))
        print(cpu, wall, size, *(float(total) for total in totals), flush=True)


class Clock:
    """CPU and wall seconds since it was made."""

    def __init__(self):
        self.cpu, self.wall = time.process_time(), time.perf_counter()

    def read(self):
        return time.process_time() - self.cpu, time.perf_counter() - self.wall


def resident():
    """Bytes of memory in use now."""
    with open("/proc/self/statm") as statm:
        return 4096 * int(statm.read().split()[1])
