"""Reads a run file as its users would: h5py, xarray, netCDF4, h5dump, ncdump, h5repack.

usage: read_run.py WRITE_EXAMPLE    (the program that writes the file; exit status 77: a library is missing)
"""
import os
import shutil
import subprocess
import sys
import tempfile

try:
    import h5py
    import netCDF4
    import numpy as np
    import xarray as xr
except ImportError as missing:
    print("skipped:", missing)
    sys.exit(77)

STRATEGIES = ["status_quo", "price_cut", "Qualität"]
PERIODS = 53


def check_h5py(path):
    with h5py.File(path, "r") as run:
        value = run["company_value"]
        assert value.attrs["units"] == "EUR" and value.attrs["long_name"] == "value"
        assert [d.label or d.keys()[0] for d in value.dims] == ["strategy", "replication"]
        assert [s.decode() for s in run["strategy"][:]] == STRATEGIES
        assert run["active_customers"].dtype == np.int64 and run["active_customers"].shape == (3, 4, PERIODS)
        assert run["active_customers"].fletcher32 and run["active_customers"].compression == "gzip"
        assert run["active_customers"].shuffle and not value.shuffle
        assert run["customers"][()] == 20000
        assert run["provenance/scenario"][()].decode().startswith("title: Cut the price?\n")
        assert len(run["provenance/scenario"][()]) == 100000
        assert run.attrs["title"] == "Cut the price or train the staff?" and "scenario" not in run.attrs


def check_xarray(path, **how):
    with xr.open_dataset(path, **how) as run:
        assert dict(run.sizes) == {"strategy": 3, "replication": 4, "period": PERIODS, "sign": 2, "price": 3}, run.sizes
        assert run.strategy.values.tolist() == STRATEGIES and run.sign.values.tolist() == ["plus", "minus"]
        assert run.period.dtype == np.int64 and run.period.values.tolist() == list(range(PERIODS))
        assert run.period.attrs["units"] == "week"
        assert run.price.dtype == np.float64 and run.price.values.tolist() == [0.1, 0.25, 1 / 3]
        assert run.price.attrs["units"] == "EUR" and run.demand.sel(price=0.25) == 2
        assert run.waiting.dtype == np.float64 and run.waiting.attrs["units"] == "day"
        assert run.active_customers.dtype == np.int64
        assert run.active_customers.dims == ("strategy", "replication", "period")
        assert run.active_customers.sel(strategy="Qualität", replication=3, period=52) == 20352
        assert run.company_value.sel(strategy="price_cut", replication=2) == 102.25
        want = np.array([[(s + 1) / (p + 3) for p in range(PERIODS)] for s in range(3)])
        want[:, 1] = np.nan
        np.testing.assert_array_equal(run.share.values, want)
        assert run.waiting.values[-1] == 104 and int(run.customers) == 20000
        assert run.company_value.attrs == {"units": "EUR", "long_name": "value"}
        assert run.attrs["seed"] == "7" and run.attrs["note"] == ""
    with xr.open_dataset(path, group="provenance", **how) as provenance:
        assert str(provenance.seed.values) == "7" and len(str(provenance.scenario.values)) == 100000


def check_netcdf(path):
    with netCDF4.Dataset(path) as run:
        assert list(run.dimensions) == ["strategy", "replication", "period", "sign", "price"]
        assert list(run["strategy"][:]) == STRATEGIES
        assert run["active_customers"].dimensions == ("strategy", "replication", "period")
        assert run["active_customers"][1, 2, 5] == 10205


def check_tools(path):
    for command in (["h5dump", "-H"], ["h5dump"], ["h5ls", "-r"], ["ncdump"], ["h5stat"]):
        if shutil.which(command[0]):
            done = subprocess.run([*command, path], capture_output=True, text=True)
            assert done.returncode == 0 and not done.stderr, (command, done.stderr)
    if shutil.which("h5dump"):
        head = subprocess.run(["h5dump", "-H", path], capture_output=True, text=True, check=True).stdout
        assert "active_customers" in head and "DIMENSION_LIST" in head and "H5T_CSET_UTF8" in head


def main():
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "run.h5")
        subprocess.run([sys.argv[1], path], check=True)
        check_h5py(path)
        check_xarray(path)
        check_xarray(path, engine="netcdf4")
        check_netcdf(path)
        check_tools(path)


if __name__ == "__main__":
    main()
