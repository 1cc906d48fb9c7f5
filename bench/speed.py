#!/usr/bin/env python3
"""speed.py: measures anonlog, memcpy, cat and the rivals in one run and writes what was measured as speed.json.

Started by scripts/bench, which builds and installs what this needs. Everything that is compared runs in turns: each
round has every row once. First every output is checked: all kernels and thread counts write the bytes of the exact
path, every rival what it claims. bench/speed_report.py makes table, chart and README from the numbers.
"""
import argparse
import hashlib
import json
import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import tempfile
import time

import rivals
import speed_report
from variants import (ANONLOG, BUILD, EXACT_PATH, MAKE_HOSTILE_LOG, MAKE_LOG, POLICIES, TOP, can_be_hostile, kernels, machine,
                      new_keyring, started_as, today)

SLOW_MEGABYTES, SLOW_ROUNDS = 55, 3


def say(text):
    print("bench:", text, file=sys.stderr, flush=True)


def room_for(gigabytes):
    shared = pathlib.Path("/dev/shm")
    fits = os.access(shared, os.W_OK) and shutil.disk_usage(shared).free > (gigabytes + 1) * 1e9
    return shared if fits else None


def make_logs(folder, megabytes):
    def make(name, command):
        with open(folder / name, "wb") as out:
            subprocess.run(command, stdout=out, check=True)
        return folder / name

    logs = {"combined": make("combined", [MAKE_LOG, str(megabytes)])}
    others = str(max(megabytes // 4, 1))
    for kind in ("nginx_main", "vhost_combined", "nginx_json"):
        logs[kind] = make(kind, [MAKE_LOG, others, "1", kind])
    if can_be_hostile():
        logs["hostile"] = make("hostile", [MAKE_HOSTILE_LOG, others])
    else:
        say("no make_hostile_log in this build: rows of the worst case are left out")
    with open(logs["combined"], "rb") as whole:
        part = whole.read(SLOW_MEGABYTES * 1000000)
    slow = folder / "slow"
    slow.write_bytes(part[:part.rfind(b"\n") + 1])
    head = folder / "head"
    head.write_bytes(b"".join(part.splitlines(True)[:2000]))
    return logs, slow, head


def check_command(keyring, log):
    def digest(command):
        with open(log, "rb") as source:
            out = subprocess.run(command, stdin=source, capture_output=True, check=True).stdout
        return hashlib.sha256(out).hexdigest()

    right = digest([EXACT_PATH, keyring, "auto", "balanced"])
    for kernel in kernels():
        for threads in ("1", "2"):
            if digest([ANONLOG, "-k", keyring, "--kernel", kernel, "-j", threads]) != right:
                sys.exit(f"bench: anonlog with kernel {kernel} and {threads} threads writes something else than the exact path")
    say(f"anonlog writes what the exact path writes, with the kernels {' '.join(kernels())} and one and two threads")


def check_rivals(contestants, head):
    for rival in contestants:
        if fault := rival.check(head):
            sys.exit(f"bench: {rival.name}: {fault}")
    say("every rival does what it claims")


class Row:
    """One thing that is timed: `run` gives seconds."""

    def __init__(self, name, work, run, size, rounds):
        self.name, self.work, self.run, self.size, self.rounds, self.seconds = name, work, run, size, rounds, []

    def measured(self):
        return {"name": self.name, "work": self.work, "bytes": self.size, "seconds": self.seconds}


def shell(line):
    def run():
        begin = time.perf_counter()
        subprocess.run(["sh", "-c", line], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        return time.perf_counter() - begin
    return run


def command_rows(log, empty, slow, contestants, rounds):
    file, anonlog = shlex.quote(str(log)), shlex.quote(str(ANONLOG))
    size, plain = log.stat().st_size, " ".join(POLICIES["plain"])

    def row(name, work, line, bytes_in=size):
        return Row(name, work, shell(line), bytes_in, rounds)

    rows = [
        row("cat", "copies", f"cat {file} > /dev/null"),
        row("anonlog -j1", "every field, balanced", f"{anonlog} -j1 {file} > /dev/null"),
        row("anonlog -j2", "every field, balanced", f"{anonlog} -j2 {file} > /dev/null"),
        row("anonlog plain -j1", "every field, plain", f"{anonlog} {plain} -j1 {file} > /dev/null"),
        row("anonlog plain -j2", "every field, plain", f"{anonlog} {plain} -j2 {file} > /dev/null"),
        row("cat | cat | cat", "copies", f"cat {file} | cat | cat > /dev/null"),
        row("cat | anonlog | cat", "every field, balanced", f"cat {file} | {anonlog} | cat > /dev/null"),
        row("start of true", "nothing", "exec env true", 0),
        row("start of anonlog", "an empty file", f"exec {anonlog} {shlex.quote(str(empty))}", 0),
    ]
    for rival in contestants:
        source = slow if rival.is_slow else log
        few = min(rounds, SLOW_ROUNDS) if rival.is_slow else rounds
        rows.append(Row(rival.name, rival.work, lambda rival=rival, source=source: rival.run(source), source.stat().st_size, few))
    return rows


def measure_commands(rows, rounds):
    for number in range(rounds):
        say(f"commands and rivals: round {number + 1} of {rounds}")
        for row in rows:
            if number < row.rounds:
                row.seconds.append(row.run())
    return [row.measured() for row in rows]


def measure_memory(logs):
    """Peak of the resident set as the kernel counts it. `time` is a small parent: its own memory does not count."""
    peaks = []
    for kind in ("combined", "hostile"):
        for threads in (1, 2):
            if kind in logs:
                run = subprocess.run(["/usr/bin/time", "-f", "%M", ANONLOG, f"-j{threads}", "--max-reject", "100%", logs[kind]],
                                     stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=True)
                peaks.append({"name": f"{kind}, {threads} thread{'s' * (threads > 1)}", "kibibytes": int(run.stderr.split()[-1])})
    return peaks


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench")
    parser.add_argument("--megabytes", type=int, default=1100, help="size of the log (default: 1100)")
    parser.add_argument("--rounds", type=int, default=9, help="how often each row runs (default: 9)")
    parser.add_argument("--quick", action="store_true", help="60 MB and 2 rounds, written to build/speed: tries the benchmark, not the program")
    options = parser.parse_args()
    megabytes, rounds = (60, 2) if options.quick else (options.megabytes, options.rounds)
    results = TOP / ("build/speed" if options.quick else "bench/results")
    results.mkdir(parents=True, exist_ok=True)
    contestants = rivals.all_rivals(TOP / "build/bench-venv/bin/anonip")

    with tempfile.TemporaryDirectory(dir=room_for(2 * megabytes / 1000)) as name:
        folder = pathlib.Path(name)
        say(f"making logs in {'memory' if folder.parent == pathlib.Path('/dev/shm') else 'a temporary folder, which may be a disk'}")
        logs, slow, head = make_logs(folder, megabytes)
        empty, keyring = folder / "empty", new_keyring(folder / "keyring")
        empty.touch()
        check_command(keyring, slow)
        check_rivals(contestants, head)
        in_memory = subprocess.run([BUILD / "bench/speed_bench", keyring, str(rounds), *(f"{kind}={path}" for kind, path in logs.items())],
                                   stdout=subprocess.PIPE, text=True, check=True).stdout
        commands = measure_commands(command_rows(logs["combined"], empty, slow, contestants, rounds), rounds)
        numbers = {
            "date": today(), "machine": machine(), "cores": len(os.sched_getaffinity(0)),
            "command": started_as("scripts/bench"), "rounds": rounds,
            "in_memory": json.loads(in_memory), "commands": commands, "memory": measure_memory(logs),
        }
    (results / "speed.json").write_text(json.dumps(numbers, indent=1) + "\n")
    speed_report.write(results)
    print((results / "speed.txt").read_text())


if __name__ == "__main__":
    main()
