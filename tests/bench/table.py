"""Prints the medians of Google Benchmark's JSON files as a table, and the lines they are held to."""
import json
import statistics
import sys

COUNTERS = {
    "hold": ("engine_ns", "bare_ns", "ratio", "engine_M_per_s", "bytes_per_entity"),
    "one_core": ("model_ns", "bare_ns", "ratio", "model_M_per_s", "peak_bytes_per_person"),
    "in_depth": ("model_ns", "plain_ns", "to_plain", "model_M_per_s", "peak_bytes_per_person"),
    "large_system": ("one_thread_ns", "two_threads_ns", "speedup", "peak_persons", "peak_bytes_per_person"),
    "replications": ("one_thread_ns", "two_threads_ns", "speedup"),
}


def read(paths):
    """{benchmark: {counter: [value of each repetition]}}"""
    found = {}
    for path in paths:
        with open(path, encoding="utf-8") as file:
            for row in json.load(file)["benchmarks"]:
                if row.get("error_occurred"):
                    sys.exit(f"{row['name']}: {row['error_message']}")
                if row["run_type"] != "iteration":
                    continue
                name = row["run_name"].split("/iterations")[0]
                counters = found.setdefault(name, {})
                for counter in COUNTERS[name.split("/")[0]]:
                    counters.setdefault(counter, []).append(row[counter])
    return found


def hold(entities, days=365):
    return f"hold/entities:{entities}/mean_days:{days}"


def main():
    found = read(sys.argv[1:])
    median = {name: {c: statistics.median(v) for c, v in counters.items()} for name, counters in found.items()}
    for kind, counters in COUNTERS.items():
        names = [name for name in found if name.split("/")[0] == kind]
        if not names:
            continue
        print(f"\n{kind + ' (median, least to most)':44}" + "".join(f"{c:>30}" for c in counters))
        for name in names:
            cells = (f"{median[name][c]:,.4g} ({min(v):,.4g} to {max(v):,.4g})" if max(v) < 1e5
                     else f"{median[name][c]:,.0f}" for c, v in ((c, found[name][c]) for c in counters))
            print(f"{name:44}" + "".join(f"{cell:>30}" for cell in cells))

    lines = []
    for entities in (100_000, 1_000_000):
        lines.append((f"engine at {entities:,} entities, share of the bare loop", hold(entities), "ratio", 0.60))
    lines += [
        ("model on one core, million events a second", "one_core", "model_M_per_s", 10.0),
        ("bare loop's time an event, share of the model's", "one_core", "ratio", round(1 / 3, 3)),
        ("one large replication, two threads", "large_system", "speedup", 1.6),
        ("replications, two threads", "replications", "speedup", 1.85),
    ]
    print("\nlines")
    for text, name, counter, least in lines:
        if name in median:
            value = median[name][counter]
            print(f"  {'met   ' if value >= least else 'MISSED'} {text}: {value:.2f}, at least {least}")
    deep = median.get("in_depth/version:2")
    if deep:
        met = "met   " if deep["to_plain"] <= 1.25 else "MISSED"
        print(f"  {met} every mechanism, time an event against plain: {deep['to_plain']:.2f}, at most 1.25")
        met = "met   " if deep["peak_bytes_per_person"] <= 128 else "MISSED"
        print(f"  {met} every mechanism, bytes a person: {deep['peak_bytes_per_person']:.0f}, at most 128")
    many, few = median.get(hold(10_000_000)), median.get(hold(100_000))
    if many and few:
        cost = many["engine_ns"] / few["engine_ns"]
        print(f"  {'met   ' if cost <= 2 else 'MISSED'} engine, 10,000,000 against 100,000 entities: {cost:.2f}, at most 2")


if __name__ == "__main__":
    main()
