"""Sweeps a small market and reads what it left as its users would: xarray by the numbers of the inputs, h5py.

usage: read_sweep.py GOODWILL    (exit status 77: a library is missing)
"""
import csv
import io
import json
import os
import subprocess
import sys
import tempfile

try:
    import h5py
    import numpy as np
    import xarray as xr
except ImportError as missing:
    print("skipped:", missing)
    sys.exit(77)

SCENARIO = """goodwill: 1
horizon: 20
warm_up: 10
replications: 5
population: {size: 300}
firms: {us: {}, rival: {}}
strategies: {as_now: {}, cut: {firms.us.price: 0.9}, deep_cut: {firms.us.price: 0.8}}
experiment:
  sweep:
    - name: grid
      over:
        - {key: firms.us.unit_cost, from: 0.4, to: 0.7, steps: 4}
        - {name: rivals, say: rival's price, key: firms.rival.price, values: [0.9, 1, 1.1]}
    - name: cube
      design: sobol
      points: 8
      over: [{key: firms.us.unit_cost, from: 0.4, to: 0.7}, {key: firms.rival.price, from: 0.9, to: 1.1}]
"""


def check_grid(path):
    with xr.open_dataset(path) as sweep:
        assert dict(sweep.sizes) == {"unit_cost": 4, "rivals": 3, "strategy": 3, "replication": 5}, sweep.sizes
        assert sweep.unit_cost.values.tolist() == [0.4, 0.5, 0.6, 0.7] and sweep.rivals.values.tolist() == [0.9, 1, 1.1]
        assert sweep.rivals.attrs["long_name"] == "rival's price"
        assert sweep.value.dims == ("unit_cost", "rivals", "strategy", "replication")
        np.testing.assert_allclose(sweep["mean"], sweep.value.mean("replication"), rtol=1e-12)
        np.testing.assert_allclose(sweep["sd"], sweep.value.std("replication", ddof=1), rtol=1e-9)
        paired = sweep.value - sweep.value.sel(strategy="as_now", drop=True)
        np.testing.assert_allclose(sweep.difference, paired.mean("replication"), rtol=1e-9, atol=1e-6)
        half = 2.7764451052 * paired.std("replication", ddof=1) / 5**0.5  # Student, 4 degrees of freedom
        np.testing.assert_allclose(sweep.difference_high, sweep.difference + half, rtol=1e-9, atol=1e-6)
        assert (sweep.n == 5).all()
        dear = sweep["mean"].sel(unit_cost=0.7, strategy="cut") < sweep["mean"].sel(unit_cost=0.4, strategy="cut")
        assert dear.all()
        assert sweep.attrs["experiment"] == "sweep" and sweep.attrs["inputs"] == "unit_cost,rivals"


def check_points(path):
    with h5py.File(path, "r") as sweep:
        assert sweep["unit_cost"].shape == (8,) and sweep["value"].shape == (8, 3, 5)
        assert [d.keys()[0] for d in sweep["value"].dims] == ["point", "strategy", "replication"]
        cost, price = sweep["unit_cost"][:], sweep["price"][:]
        assert (0.4 < cost).all() and (cost < 0.7).all() and (0.9 < price).all() and (price < 1.1).all()


def check_report(goodwill, path):
    def summary(form):
        return subprocess.run([goodwill, "summary", form, path], capture_output=True, text=True, check=True).stdout

    report = json.loads(summary("--json"))
    rows = list(csv.DictReader(io.StringIO(summary("--csv"))))
    assert report["answer"][0].startswith("Company value is highest under ")
    assert len(report["tables"]["points"]) == 12 and len(report["tables"]["differences"]) == 12
    with xr.open_dataset(path) as sweep:
        for number, row in enumerate(report["tables"]["points"], start=1):
            there = sweep.sel(unit_cost=row["unit_cost"], rivals=row["rivals"], strategy="deep_cut")
            assert row["value_deep_cut"] == there["mean"] and row["value_deep_cut_low"] == there["low"]
            same = [r["value"] for r in rows if (r["table"], r["row"], r["column"]) ==
                    ("points", str(number), "value_deep_cut")]
            assert [float(x) for x in same] == [row["value_deep_cut"]]


def main():
    goodwill = sys.argv[1]
    with tempfile.TemporaryDirectory() as directory:
        scenario = os.path.join(directory, "market.yaml")
        with open(scenario, "w", encoding="utf-8") as file:
            file.write(SCENARIO)
        subprocess.run([goodwill, "sweep", scenario, "-q"], check=True, cwd=directory, stdout=subprocess.DEVNULL)
        check_grid(os.path.join(directory, "market.grid.h5"))
        check_points(os.path.join(directory, "market.cube.h5"))
        check_report(goodwill, os.path.join(directory, "market.grid.h5"))


if __name__ == "__main__":
    main()
