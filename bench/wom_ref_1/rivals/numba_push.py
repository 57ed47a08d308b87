"""WOM-REF-1 with numba: sharers push to their neighbours, then one loop over customers, all compiled.

Usage: numba_push.py THREADS, then requests on standard input. With more than one thread the loop over customers is
parallel, and the push is not (it would race).
"""
import math
import sys

try:
    import numba
    import numpy
except ImportError:
    sys.exit(77)

from wom import Clock, load, serve

THREADS = int(sys.argv[1]) if len(sys.argv) > 1 else 1
SPAN = 2048  # customers in a piece of the parallel loop
GOLDEN = numpy.uint64(0x9E3779B97F4A7C15)
FIRST = numpy.uint64(0xBF58476D1CE4E5B9)
SECOND = numpy.uint64(0x94D049BB133111EB)


@numba.njit(inline="always")
def mix(x):
    """Finaliser of splitmix64."""
    x = (x ^ (x >> numpy.uint64(30))) * FIRST
    x = (x ^ (x >> numpy.uint64(27))) * SECOND
    return x ^ (x >> numpy.uint64(31))


@numba.njit(inline="always")
def uniform(counter):
    """A number inside (0, 1) that is a function of its counter."""
    return (float(mix(counter) >> numpy.uint64(11)) + 0.5) * (1.0 / 9007199254740992.0)


@numba.njit
def push(said, offset, neighbour, good, bad):
    good[:] = 0
    bad[:] = 0
    for i in range(said.size):
        if said[i] > 0:
            for k in range(offset[i], offset[i + 1]):
                good[neighbour[k]] += 1
        elif said[i] < 0:
            for k in range(offset[i], offset[i + 1]):
                bad[neighbour[k]] += 1


@numba.njit
def live(first, end, key, price, said, good, bad, a, e, s, alive, out):
    customers = buyers = shared_good = shared_bad = churned = 0
    sum_q = sum_d = sum_a = sum_e = sum_s = 0.0
    for i in range(first, end):
        said[i] = 0
        if not alive[i]:
            continue
        counter = key + numpy.uint64(8 * i) * GOLDEN
        p, q = good[i], bad[i]
        heard = (p - 2.0 * q) / (p + q) if p + q > 0 else 0.0
        attitude = 0.9 * a[i] + 0.1 * heard
        a[i] = attitude
        if uniform(counter) < 1.0 / (1.0 + math.exp(-(0.5 + 2.0 * attitude - 2.0 * price))):
            radius = math.sqrt(-2.0 * math.log(uniform(counter + GOLDEN)))
            angle = 2.0 * math.pi * uniform(counter + numpy.uint64(2) * GOLDEN)
            quality = min(1.0, max(0.0, 0.6 + 0.15 * radius * math.cos(angle)))
            gap = quality - e[i]
            luck = uniform(counter + numpy.uint64(3) * GOLDEN)
            e[i] += 0.1 * gap
            if gap >= 0.0:
                s[i] += gap
                if luck < 0.1:
                    said[i] = 1
                    shared_good += 1
            else:
                s[i] += 2.25 * gap
                if luck < 0.2:
                    said[i] = -1
                    shared_bad += 1
            buyers += 1
            sum_q += quality
            sum_d += gap
        customers += 1
        sum_a += attitude
        sum_e += e[i]
        sum_s += s[i]
        if uniform(counter + numpy.uint64(4) * GOLDEN) < 1.0 / (1.0 + math.exp(6.0 + s[i])):
            alive[i] = 0
            churned += 1
    out[0] += customers
    out[1] += buyers
    out[2] += sum_q
    out[3] += sum_d
    out[4] += sum_a
    out[5] += sum_e
    out[6] += sum_s
    out[7] += shared_good
    out[8] += shared_bad
    out[9] += churned


@numba.njit
def live_all(key, price, said, good, bad, a, e, s, alive, out):
    live(0, a.size, key, price, said, good, bad, a, e, s, alive, out)


@numba.njit(parallel=True)
def live_parallel(key, price, said, good, bad, a, e, s, alive, out):
    spans = (a.size + SPAN - 1) // SPAN
    part = numpy.zeros((spans, 16))
    for span in numba.prange(spans):
        live(span * SPAN, min(a.size, (span + 1) * SPAN), key, price, said, good, bad, a, e, s, alive, part[span])
    for span in range(spans):
        for k in range(10):
            out[k] += part[span, k]


@numba.njit
def key_of(seed, period):
    return mix(mix(numpy.uint64(seed) * GOLDEN) + numpy.uint64(period))


def run(graph, periods, seed):
    offset, neighbour = graph
    n = offset.size - 1
    a, e, s = numpy.zeros(n), numpy.full(n, 0.6), numpy.zeros(n)
    said, alive = numpy.zeros(n, numpy.int8), numpy.ones(n, numpy.uint8)
    good, bad = numpy.zeros(n, numpy.int32), numpy.zeros(n, numpy.int32)
    arrays = offset, neighbour, a, e, s, said, alive, good, bad
    out = numpy.zeros((periods, 10))
    step = live_parallel if THREADS > 1 else live_all
    clock = Clock()
    for period in range(periods):
        push(said, offset, neighbour, good, bad)
        key = numpy.uint64(key_of(seed, period))
        price = 0.8 if period % 10 == 9 else 1.0
        step(key, price, said, good, bad, a, e, s, alive, out[period])
    cpu, wall = clock.read()
    return cpu, wall, sum(array.nbytes for array in arrays) / n, out.sum(axis=0)


if THREADS > 1:
    numba.set_num_threads(min(THREADS, numba.config.NUMBA_NUM_THREADS))
run((numpy.array([0, 1, 2]), numpy.array([1, 0], numpy.int32)), 2, 1)  # compiles
serve(load, run)
