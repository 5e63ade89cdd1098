"""What it costs to know: one scenario alone against the same scenario as its own baseline, ledgers and pairing included.

Whole processes in turns, processor time; prints the median of the ratios and the line it is held to.
"""
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

LINE = 2.2
AGAIN = 'extends = "{}"\n[scenario]\nname = "again"\n'


def processor_seconds(command):
    process = subprocess.Popen(command)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{' '.join(command)} failed")
    return usage.ru_utime + usage.ru_stime


def main():
    program, scenario, repetitions = sys.argv[1], sys.argv[2], int(sys.argv[3])
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(os.path.dirname(scenario), folder, dirs_exist_ok=True)
        alone = os.path.join(folder, os.path.basename(scenario))
        again = os.path.join(folder, "again.toml")
        with open(again, "w", encoding="utf-8") as file:
            file.write(AGAIN.format(os.path.basename(scenario)))
        common = ["-q", "-n", "8", "-j", "1", "-o", os.path.join(folder, "result.h5")]
        singles, pairs = [], []
        for _ in range(repetitions):
            singles.append(processor_seconds([program, "run", alone, *common]))
            pairs.append(processor_seconds([program, "run", alone, again, *common]))
    ratios = [pair / single for pair, single in zip(pairs, singles)]
    ratio = statistics.median(ratios)
    print(f"\n8 replications, processor seconds (median): one scenario {statistics.median(singles):.2f}, "
          f"with itself as a reform {statistics.median(pairs):.2f}")
    print(f"  {'met   ' if ratio <= LINE else 'MISSED'} two worlds and what is known of the pair, times one world: "
          f"{ratio:.2f} ({min(ratios):.2f} to {max(ratios):.2f}), at most {LINE}")


if __name__ == "__main__":
    main()
