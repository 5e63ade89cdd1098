"""What it costs to know: one scenario alone against the same scenario as its own baseline, ledgers and pairing included;
then against real reforms, whose own cost is in the mean of the two worlds.

usage: pairs.py PROGRAM SCENARIO REPETITIONS [REFORM in the scenario's folder ...]

Whole processes in turns, processor time. A pair is set against the mean of one scenario just before and just after it,
so that both see the same machine for as long; prints the median of the ratios and the line it is held to.
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


def measure(program, worlds, alike, folder, repetitions):
    """Processor seconds of one of two worlds alone (the mean) and of both together, medians, and the ratios: 2 where a
    pair costs no more than its two worlds. Worlds that are alike are measured once."""
    common = ["-q", "-n", "8", "-j", "1", "-o", os.path.join(folder, "result.h5")]

    def alone():
        measured = worlds[:1] if alike else worlds
        return statistics.mean(processor_seconds([program, "run", world, *common]) for world in measured)

    singles, pairs = [alone()], []
    for _ in range(repetitions):
        pairs.append(processor_seconds([program, "run", *worlds, *common]))
        singles.append(alone())
    ratios = [2 * pair / (before + after) for pair, before, after in zip(pairs, singles, singles[1:])]
    return statistics.median(singles), statistics.median(pairs), sorted(ratios)


def main():
    program, scenario, repetitions = sys.argv[1], sys.argv[2], int(sys.argv[3])
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(os.path.dirname(scenario), folder, dirs_exist_ok=True)
        again = os.path.join(folder, "again.toml")
        with open(again, "w", encoding="utf-8") as file:
            file.write(AGAIN.format(os.path.basename(scenario)))
        reforms = [again] + [os.path.join(folder, os.path.basename(reform)) for reform in sys.argv[4:]]
        print("\n8 replications, processor seconds (medians)")
        for reform in reforms:
            worlds = [os.path.join(folder, os.path.basename(scenario)), reform]
            single, pair, ratios = measure(program, worlds, reform == again, folder, repetitions)
            ratio = statistics.median(ratios)
            print(f"  {'met   ' if ratio <= LINE else 'MISSED'} with {os.path.basename(reform)} as the reform: one world "
                  f"{single:.2f}, both and what is known of the pair {pair:.2f}, times one: {ratio:.2f} "
                  f"({ratios[0]:.2f} to {ratios[-1]:.2f}), at most {LINE}")


if __name__ == "__main__":
    main()
