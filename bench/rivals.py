#!/usr/bin/env python3
"""The whole default policy against what people use today for one field, on the same file in one interleaved run.

    bench/rivals.py [MEGABYTES [ROUNDS]]

Needs a release build. Each program reads the file from memory (tmpfs) on standard input and writes to /dev/null, on one
core. sed and anonip mask the last octet of IPv4 addresses and nothing else; anonlog does everything `balanced` says.
What each writes for the first line is checked before anything is timed. Writes bench/results/rivals.txt.
"""
import datetime
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

TOP = pathlib.Path(__file__).resolve().parent.parent
BUILD = TOP / "build/release"
SED_FIRST = ["sed", "-E", r"s/^([0-9]+\.[0-9]+\.[0-9]+)\.[0-9]+/\1.0/"]
SED_ALL = ["sed", "-E", r"s/([0-9]+\.[0-9]+\.[0-9]+)\.[0-9]+/\1.0/g"]


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor()


def seconds(command, log, environment):
    with open(log, "rb") as source:
        before = time.perf_counter()
        subprocess.run(command, stdin=source, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True,
                       env={**os.environ, **environment})
        return time.perf_counter() - before


def main():
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 9
    contestants = {
        "anonlog (balanced, every field)": ([BUILD / "anonlog"], {}),
        "sed -E, ^last octet, LC_ALL=C": (SED_FIRST, {"LC_ALL": "C"}),
        "sed -E, ^last octet, LC_ALL=C.UTF-8": (SED_FIRST, {"LC_ALL": "C.UTF-8"}),
        "sed -E, every last octet, LC_ALL=C": (SED_ALL, {"LC_ALL": "C"}),
        "cat": (["cat"], {}),
    }
    if shutil.which("anonip"):
        contestants["anonip 8 bits, last octet"] = (["anonip", "--ipv4mask", "8"], {})
    core = [["taskset", "-c", str(sorted(os.sched_getaffinity(0))[0])], []][not shutil.which("taskset")]
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None) as folder:
        log = pathlib.Path(folder) / "access.log"
        with open(log, "wb") as out:
            subprocess.run([BUILD / "bench/make_log", str(megabytes)], stdout=out, check=True)
        size = log.stat().st_size
        first = log.read_bytes().split(b"\n", 1)[0] + b"\n"
        for name, (command, _) in contestants.items():
            shown = subprocess.run(command, input=first, capture_output=True, check=True).stdout
            if name != "cat" and (not shown.strip() or first.split()[0] in shown):
                sys.exit(f"{name} does not mask the first line")
        taken = {name: [] for name in contestants}
        for round_number in range(rounds):
            for name, (command, environment) in contestants.items():
                if "anonip" in name and round_number > 2:
                    continue  # minutes a round
                taken[name].append(seconds([*core, *map(str, command)], log, environment))

    ours = statistics.median(taken["anonlog (balanced, every field)"])
    lines = [f"{datetime.date.today()}  {processor()}, one core, {size / 1e6:.0f} MB combined log, {rounds} interleaved rounds, medians",
             "command: bench/rivals.py " + " ".join(sys.argv[1:]), "",
             f"{'program':<38}{'MB/s':>8}{'best':>8}{'anonlog is':>14}"]
    for name, times in taken.items():
        median = statistics.median(times)
        lines.append(f"{name:<38}{size / median / 1e6:>8.0f}{size / min(times) / 1e6:>8.0f}{median / ours:>11.2f} x")
    text = "\n".join(lines) + "\n"
    print(text)
    (TOP / "bench/results/rivals.txt").write_text(text)


if __name__ == "__main__":
    main()
