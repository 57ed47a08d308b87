"""WOM-REF-1 in plain Python: an object per customer, which lives through its period in one method.

Usage: plain_python.py, then requests on standard input.
"""
import array
import math
import random

from wom import Clock, resident, serve


class Customer:
    __slots__ = ("a", "e", "s", "alive", "good", "bad", "heard_good", "heard_bad", "neighbours")

    def __init__(self):
        self.begin()

    def begin(self):
        self.a, self.e, self.s, self.alive = 0.0, 0.6, 0.0, True
        self.good = self.bad = 0  # heard last period
        self.heard_good = self.heard_bad = 0  # being heard in this one

    def step(self, price, draw, normal, totals):
        heard = self.good + self.bad
        self.a = 0.9 * self.a + (0.1 * (self.good - 2.0 * self.bad) / heard if heard else 0.0)
        if draw() < 1.0 / (1.0 + math.exp(-(0.5 + 2.0 * self.a - 2.0 * price))):
            quality = min(1.0, max(0.0, normal(0.6, 0.15)))
            gap = quality - self.e
            self.e += 0.1 * gap
            totals[1] += 1
            totals[2] += quality
            totals[3] += gap
            if gap >= 0.0:
                self.s += gap
                if draw() < 0.1:
                    totals[7] += 1
                    for neighbour in self.neighbours:
                        neighbour.heard_good += 1
            else:
                self.s += 2.25 * gap
                if draw() < 0.2:
                    totals[8] += 1
                    for neighbour in self.neighbours:
                        neighbour.heard_bad += 1
        totals[0] += 1
        totals[4] += self.a
        totals[5] += self.e
        totals[6] += self.s
        if draw() < 1.0 / (1.0 + math.exp(6.0 + self.s)):
            self.alive = False
            totals[9] += 1

    def advance(self):
        self.good, self.bad = self.heard_good, self.heard_bad
        self.heard_good = self.heard_bad = 0


def prepare(path, n):
    before = resident()
    offset, neighbour = array.array("Q"), array.array("I")
    with open(path, "rb") as file:
        offset.fromfile(file, n + 1)
        neighbour.fromfile(file, offset[n])
    customers = [Customer() for _ in range(n)]
    for i, customer in enumerate(customers):
        customer.neighbours = [customers[k] for k in neighbour[offset[i]:offset[i + 1]]]
    return customers, before


def run(prepared, periods, seed):
    customers, before = prepared
    chance = random.Random(seed)
    totals = [0, 0, 0.0, 0.0, 0.0, 0.0, 0.0, 0, 0, 0]
    for customer in customers:
        customer.begin()
    clock = Clock()
    for period in range(periods):
        price = 0.8 if period % 10 == 9 else 1.0
        for customer in customers:
            if customer.alive:
                customer.step(price, chance.random, chance.gauss, totals)
        for customer in customers:
            customer.advance()
    cpu, wall = clock.read()
    return cpu, wall, (resident() - before) / len(customers), totals


serve(prepare, run)
