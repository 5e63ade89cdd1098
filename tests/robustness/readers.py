#!/usr/bin/python3
"""Opens a result file with stock readers and checks what an analyst relies on.

    readers.py FILE             the small file of tests/unit/output_sample.hpp
    readers.py --generic FILE   any result file of the program

Exits with 0 when everything holds and prints the first thing that does not.
"""
import hashlib
import subprocess
import sys
import warnings

import h5netcdf
import netCDF4
import numpy as np
import xarray as xr

INTERNAL = ("quantile", "scenario", "replication")


def measures_of(dataset):
    return [name for name in dataset.data_vars if dataset[name].dims[:2] == ("scenario", "replication")]


def check_statistics(dataset):
    levels = dataset["quantile"].values
    for name in measures_of(dataset):
        values = dataset[name].astype("float64")
        ours = dataset[name + "_quantile"]
        theirs = values.quantile(levels, "replication", skipna=True)
        assert ours.dims == theirs.dims, (name, ours.dims, theirs.dims)
        np.testing.assert_allclose(ours.values, theirs.values, rtol=1e-12, atol=1e-12, err_msg=name)
        np.testing.assert_allclose(dataset[name + "_mean"].values, values.mean("replication", skipna=True).values,
                                   rtol=1e-12, err_msg=name)
        count = values.count("replication")
        error = values.std("replication", ddof=1, skipna=True) / np.sqrt(count)
        np.testing.assert_allclose(dataset[name + "_se"].values, error.where(count > 1).values, rtol=1e-9, atol=1e-12,
                                   err_msg=name)


def check_differences(dataset):
    """Scenario minus baseline, replication by replication, gives the differences in the file."""
    levels = dataset["quantile"].values
    compared = [name for name in measures_of(dataset) if name + "_difference_mean" in dataset]
    if dataset.sizes["scenario"] < 2 or not compared:
        return
    baseline = dataset.attrs.get("baseline", dataset["scenario"].values[0])
    for name in compared:
        values = dataset[name].astype("float64")
        difference = (values - values.sel(scenario=baseline, drop=True)).where(dataset["scenario"] != baseline)
        difference = difference.transpose(*values.dims)
        count = difference.count("replication")
        error = difference.std("replication", ddof=1, skipna=True) / np.sqrt(count)
        # Relative to the levels: a difference may be what is left of two large numbers.
        size = 1e-12 * float(np.nanmax(np.abs(values.values), initial=1.0))
        for ours, theirs in (("_mean", difference.mean("replication", skipna=True)), ("_se", error.where(count > 1)),
                             ("_quantile", difference.quantile(levels, "replication", skipna=True))):
            found = dataset[name + "_difference" + ours]
            assert found.dims == theirs.dims, (name, found.dims, theirs.dims)
            assert found.attrs["long_name"].find("minus " + str(baseline) + ", paired") >= 0, found.attrs
            np.testing.assert_allclose(found.values, theirs.values, rtol=1e-9, atol=size, err_msg=name + ours)


def check_generic(path):
    for engine in ("netcdf4", "h5netcdf"):
        with xr.open_dataset(path, engine=engine) as dataset:
            assert dataset.attrs["Conventions"] == "CF-1.10, ACDD-1.3"
            assert dataset.attrs["filetype"] == "prisonflow-result"
            assert measures_of(dataset), "no measures"
            for name in dataset.variables:
                assert all(not axis.startswith("phony") for axis in dataset[name].dims), name
            for label in dataset["scenario"].values:
                assert isinstance(label, str), label
            if "time" in dataset.dims:
                assert np.issubdtype(dataset["time"].dtype, np.datetime64), "times are not dates"
                assert dataset["time"].attrs["bounds"] in dataset
            for name in measures_of(dataset):
                assert "units" in dataset[name].attrs or dataset[name].dtype.kind in "mM", name + " has no units"
            check_statistics(dataset)
            check_differences(dataset)
    with netCDF4.Dataset(path) as file:
        assert file.dimensions["replication"].isunlimited()
        manifest = file["provenance"]["manifest"][0]
        assert file.id == "sha256:" + hashlib.sha256(manifest.encode()).hexdigest(), "the digest is wrong"
        check_manifest(file, manifest)
    with h5netcdf.File(path, "r") as file:
        assert "scenario" in file.dimensions
    for command in (["ncdump", "-h", path], ["h5dump", "-H", path]):
        shown = subprocess.run(command, capture_output=True, text=True)
        assert shown.returncode == 0, (command, shown.stderr)
        for name in ("scenario", "replication", "provenance", "quantile"):
            assert name in shown.stdout, (command, name)


def check_manifest(file, manifest):
    """The digests of numeric arrays, computed as docs/result_format.md says."""
    file.set_auto_maskandscale(False)
    checked = 0
    for line in manifest.splitlines():
        kind, path, *rest = line.split(" ")
        if kind != "array" or rest[0] == "string" or "/" in path[1:]:
            continue
        variable = file[path[1:]]
        if variable.dtype.kind not in "if":
            continue
        values = variable[...]
        values = np.ma.getdata(values).astype(variable.dtype.newbyteorder("<"))
        outer = 0
        while outer < values.ndim and variable.dimensions[outer] in INTERNAL:
            outer += 1
        slabs = values.reshape((int(np.prod(values.shape[:outer], dtype=int)), -1))
        digests = b"".join(hashlib.sha256(np.ascontiguousarray(slab).tobytes()).digest() for slab in slabs)
        assert hashlib.sha256(digests).hexdigest() == rest[-1], "digest of " + path
        checked += 1
    assert checked > 3, "the manifest names hardly any arrays"


def expected_count(scenario, replication, cell):
    return (cell * 7919 + replication * 104729 + scenario * 31) % 1000 + 50


def check_sample(path):
    for engine in ("netcdf4", "h5netcdf"):
        with xr.open_dataset(path, engine=engine) as dataset:
            stock = dataset["stock"]
            assert stock.dims == ("scenario", "replication", "time", "region", "state"), stock.dims
            assert stock.shape == (2, 5, 24, 3, 4), stock.shape
            assert stock.attrs["units"] == "1"
            assert stock.attrs["cell_methods"] == "time: point"
            assert list(dataset["region"].values) == ["Қазақстан", "Алматы", "North–East"]
            assert list(dataset["scenario"].values) == ["baseline", "reform"]
            assert list(stock.coords["state_name"].values)[1] == "旁听"
            assert dataset.attrs["institution"] == "Қазақстан"
            assert int(dataset.attrs["persons"]) == 123456
            assert dataset["time"].values[2] == np.datetime64("2015-03-01")
            assert dataset["time_bounds"].values[2, 1] == np.datetime64("2015-04-01")
            one = stock.sel(scenario="reform", replication=4, region="Алматы", state="closed").sel(time="2016-02-01")
            assert float(one) == expected_count(1, 4, (13 * 3 + 1) * 4 + 2), float(one)
            months = stock.sel(time=slice("2015-03", "2015-05"))
            assert months.sizes["time"] == 3
            assert float(dataset["observed_prisoners"].sel(observed_time="2014-01-01")) == 57038
            assert np.isnan(dataset["observed_prisoners"].values[1])
            assert dataset["stock"].encoding["dtype"] == np.dtype("int32")
            assert np.isnan(dataset["occupancy_mean"].values[:, 6]).all()
            assert dataset["occupancy"].isel(time=5).count() == 8
            assert "stock_difference_mean" in dataset and "ranks_difference_mean" not in dataset
            assert float(dataset["person_days"].values[1, 2, 1]) == expected_count(1, 2, 1) * 10**10
            characters = dataset["region_characters"].values
            if characters.ndim == 1:  # joined by the reader
                assert [str(c) if isinstance(c, str) else c.decode() for c in characters][0] == "Қазақстан"
        with xr.open_dataset(path, engine=engine, group="provenance") as group:
            assert group.attrs["seed"] == "18446744073709551615"
            assert group["scenario"].values[0].startswith("xxxx")
    with netCDF4.Dataset(path) as file:
        assert file["stock"].dimensions[2] == "time"
        assert len(file.dimensions["control_rank"]) == 6
        assert "control_rank" not in file.variables
        assert str(file["region"][0]) == "Қазақстан"
        assert file["provenance"]["inputs"].getncattr("base.toml") == "a" * 64
        assert file["time"].axis == "T" and file["time"].calendar == "proleptic_gregorian"


def main(arguments):
    warnings.simplefilter("ignore", RuntimeWarning)  # numpy on cells without any value
    generic = "--generic" in arguments
    paths = [argument for argument in arguments if not argument.startswith("-")]
    if len(paths) != 1:
        print(__doc__)
        return 2
    check_generic(paths[0])
    if not generic:
        check_sample(paths[0])
    print("ok")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
