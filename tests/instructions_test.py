#!/usr/bin/env python3
"""What a line costs in instructions, counted by valgrind: the one measure of speed that no neighbour disturbs.

    tests/instructions_test.py             compares with bench/results/instructions.json (a test of CTest)
    tests/instructions_test.py --accept    takes what is counted now as the new baseline

Counts two logs of the same beginning, of each format, and takes the difference, so that start-up does not count. More than 3 % dearer is
a failure. More than 3 % cheaper is one too: only a baseline that follows every gain notices the next loss, and the
commit that makes the gain is the one to carry it. Figures hold for one compiler, its flags and libraries; elsewhere this
test says so and is skipped. Valgrind knows no AVX-512, so the kernels are scalar and avx2.
"""
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(os.environ.get("ANONLOG_SOURCE_DIR", pathlib.Path(__file__).resolve().parent.parent))
BUILD = pathlib.Path(os.environ.get("ANONLOG_BUILD_DIR", SOURCE / "build/release"))
ANONLOG = pathlib.Path(os.environ.get("ANONLOG_BIN", BUILD / "anonlog"))
BASELINE = SOURCE / "bench/results/instructions.json"
KERNELS = ("scalar", "avx2")
FEW, MANY = 10000, 60000  # lines
TOLERANCE = 0.03


def skip(why):
    print("skipped: " + why)
    sys.exit(77)


def text_of(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def conditions():
    """What the figures depend on beside our own code."""
    cache = dict(re.findall(r"^(\w+):\w+=(.*)$", (BUILD / "CMakeCache.txt").read_text(), re.M))
    kind = cache.get("CMAKE_BUILD_TYPE", "")
    linked = re.findall(r"=> (\S+)", text_of("ldd", ANONLOG))
    names = sorted({pathlib.Path(path).resolve().name for path in linked if re.search("sodium|stdc", path)})
    return {
        "compiler": text_of(cache["CMAKE_CXX_COMPILER"], "--version").splitlines()[0],
        "flags": " ".join(f"{cache.get('CMAKE_CXX_FLAGS', '')} {cache.get('CMAKE_CXX_FLAGS_' + kind.upper(), '')}".split())
                 + (" sanitized" if cache.get("ANONLOG_SANITIZE") == "ON" else ""),
        "libraries": " ".join([os.confstr("CS_GNU_LIBC_VERSION"), *names]),
    }


def instructions(keyring, kernel, format_name, log):
    run = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", ANONLOG, "-k", keyring, "-f", format_name,
                          "-p", "balanced", "-j1", "--kernel", kernel, log], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    counted = re.search(r"Collected : (\d+)", run.stderr)
    if run.returncode != 0 or not counted:
        sys.exit(f"valgrind could not run anonlog with the kernel {kernel}:\n{run.stderr}")
    return int(counted[1])


def count():
    inputs, per_line = {}, {}
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        keyring = folder / "keyring"
        subprocess.run([ANONLOG, "key", "new", keyring], capture_output=True, check=True)
        for log_name, format_name, prefix in (("combined", "combined", ""), ("nginx_json", "json", "json ")):
            logs = [folder / "few", folder / "many"]
            for log, lines in zip(logs, (FEW, MANY)):
                log.write_bytes(subprocess.run([BUILD / "bench/make_log", f"{lines}lines", "1", log_name], capture_output=True, check=True).stdout)
            inputs[prefix + "input"] = hashlib.sha256(logs[1].read_bytes()).hexdigest()[:16]
            for kernel in KERNELS:
                few, many = (instructions(keyring, kernel, format_name, log) for log in logs)
                per_line[prefix + kernel] = round((many - few) / (MANY - FEW))
    return {**conditions(), **inputs, "instructions_per_line": per_line}


def main():
    if not shutil.which("valgrind"):
        skip("valgrind is not installed (scripts/setup test installs it)")
    if not (BUILD / "bench/make_log").exists():
        skip("this build has no benchmarks, so no make_log")
    if "avx2" not in pathlib.Path("/proc/cpuinfo").read_text():
        skip("this processor has no AVX2")
    if sys.argv[1:] == ["--accept"]:
        BASELINE.write_text(json.dumps(count(), indent=2) + "\n")
        print(BASELINE.read_text(), end="")
        return 0

    baseline, here = json.loads(BASELINE.read_text()), conditions()
    for what, value in here.items():
        if value != baseline[what]:
            skip(f"the baseline is for {what} \"{baseline[what]}\", this is \"{value}\"")
    now, faults = count(), []
    accept = "\nIf that is meant: tests/instructions_test.py --accept, and the reason in the commit."
    if any(now[log] != baseline.get(log) for log in ("input", "json input")):
        faults.append("bench/make_log writes other logs than those the baseline was counted on." + accept)
    for kernel, before in baseline["instructions_per_line"].items():
        after = now["instructions_per_line"][kernel]
        change = after / before - 1
        print(f"{kernel}: {after} instructions a line, baseline {before} ({change:+.1%})")
        if abs(change) > TOLERANCE:
            faults.append(f"a line costs {abs(change):.1%} {'more' if change > 0 else 'less'} with the kernel {kernel}: "
                          f"{after} instructions, not {before}." + accept)
    print("\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
