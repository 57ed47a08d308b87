"""WOM-REF-1 with NumPy alone: every step of a period is an operation on arrays of those still alive.

Usage: numpy_push.py, then requests on standard input.
"""
import sys

try:
    import numpy
except ImportError:
    sys.exit(77)

from wom import Clock, load, resident, serve


def prepare(path, customers):
    before = resident()
    offset, neighbour = load(path, customers)
    return offset, neighbour, numpy.diff(offset), before


def pushed(graph, sharers):
    """How many of the sharers each customer has as neighbours."""
    offset, neighbour, degree, _ = graph
    degrees = degree[sharers]
    ends = numpy.cumsum(degrees)
    if sharers.size == 0:
        return numpy.zeros(degree.size, numpy.int64)
    arcs = numpy.repeat(offset[sharers] - ends + degrees, degrees) + numpy.arange(ends[-1])
    return numpy.bincount(neighbour[arcs], minlength=degree.size)


def run(graph, periods, seed):
    n = graph[2].size
    draw = numpy.random.Generator(numpy.random.PCG64(seed))
    a, e, s = numpy.zeros(n), numpy.full(n, 0.6), numpy.zeros(n)
    alive = numpy.arange(n)
    good = bad = numpy.empty(0, numpy.int64)
    totals = numpy.zeros(10)
    clock = Clock()
    for period in range(periods):
        price = 0.8 if period % 10 == 9 else 1.0
        p, q = pushed(graph, good), pushed(graph, bad)
        heard = (p - 2.0 * q) / numpy.maximum(p + q, 1)
        attitude = 0.9 * a[alive] + 0.1 * heard[alive]
        a[alive] = attitude
        chance = 1.0 / (1.0 + numpy.exp(-(0.5 + 2.0 * attitude - 2.0 * price)))
        buyers = alive[draw.random(alive.size) < chance]
        quality = numpy.clip(draw.normal(0.6, 0.15, buyers.size), 0.0, 1.0)
        gap = quality - e[buyers]
        met = gap >= 0.0
        e[buyers] += 0.1 * gap
        s[buyers] += numpy.where(met, gap, 2.25 * gap)
        shared = draw.random(buyers.size) < numpy.where(met, 0.1, 0.2)
        good, bad = buyers[shared & met], buyers[shared & ~met]
        satisfaction = s[alive]
        left = draw.random(alive.size) < 1.0 / (1.0 + numpy.exp(6.0 + satisfaction))
        totals += (alive.size, buyers.size, quality.sum(), gap.sum(), attitude.sum(), e[alive].sum(),
                   satisfaction.sum(), good.size, bad.size, numpy.count_nonzero(left))
        alive = alive[~left]
    cpu, wall = clock.read()
    return cpu, wall, (resident() - graph[3]) / n, totals


serve(prepare, run)
