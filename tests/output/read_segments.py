"""Runs a market of two segments and reads the results by segment: xarray by name, h5py by position.

usage: read_segments.py GOODWILL    (exit status 77: a library is missing)
"""
import os
import subprocess
import sys
import tempfile

try:
    import h5py
    import xarray as xr
except ImportError as missing:
    print("skipped:", missing)
    sys.exit(77)

SCENARIO = """goodwill: 1
horizon: 30
warm_up: 10
replications: 4
population:
  size: 3000
  segments:
    loyal: {share: 0.4, price_sensitivity: 1, inertia: 1.5}
    price_minded: {share: 0.6, price_sensitivity: 6, inertia: 0.2}
firms: {us: {initial_share: 0.4, survey_rate: 0.1}, rival: {initial_share: 0.3}}
strategies: {status_quo: {}, price_cut: {firms.us.price: 0.9}}
keep: {segments: true}
"""


def check_xarray(path):
    with xr.open_dataset(path) as run:
        assert run.segment.values.tolist() == ["loyal", "price_minded"]
        assert run.segment_consumers.sel(segment="loyal") == 1200
        by_segment = run.segment_contribution
        assert by_segment.dims == ("strategy", "replication", "segment") and by_segment.attrs["units"] == "1e-6 money"
        assert (by_segment.sum("segment") == run.contribution).all()
        assert (run.segments_active.sum("segment") == run.active).all()
        assert run.segments_left.dims == ("segment", "strategy", "replication", "period", "cause")
        lost = run.segments_left.sum(["period", "cause"]).transpose("strategy", "replication", "segment")
        assert (lost == run.segment_lost).all() and (lost.sum("segment") == run.lost).all()
        of_customers = ["revenue", "cost_of_goods", "cost_to_serve", "recovery"]
        ledger = run.ledger.sum("period").sel(account=of_customers)
        assert (run.segment_ledger.sum("segment").sel(account=of_customers) == ledger).all()
        cut = run.segment_purchases.sel(strategy="price_cut") - run.segment_purchases.sel(strategy="status_quo")
        assert cut.sel(segment="price_minded").mean() > cut.sel(segment="loyal").mean()


def check_h5py(path):
    with h5py.File(path, "r") as run:
        value = run["segment_clv_base"]
        assert [d.keys()[0] for d in value.dims] == ["strategy", "replication", "segment"]
        assert [s.decode() for s in run["segment"][:]] == ["loyal", "price_minded"]
        assert value.shape == (2, 4, 2) and value.attrs["units"] == "money per customer"


def check_summary(goodwill, path):
    text = subprocess.run([goodwill, "summary", path], capture_output=True, text=True, check=True).stdout
    assert "\nSegment loyal:\n" in text and "\nSegment price_minded:\n" in text, text


def main():
    with tempfile.TemporaryDirectory() as directory:
        scenario, path = os.path.join(directory, "two.yaml"), os.path.join(directory, "two.h5")
        with open(scenario, "w", encoding="utf-8") as file:
            file.write(SCENARIO)
        subprocess.run([sys.argv[1], "run", scenario, "-o", path, "-q"], check=True, stdout=subprocess.DEVNULL)
        check_xarray(path)
        check_h5py(path)
        check_summary(sys.argv[1], path)


if __name__ == "__main__":
    main()
