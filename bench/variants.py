"""variants.py: the programs of a release build, the policies that are measured, and the kernels this machine can run."""
import datetime
import os
import pathlib
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent
BUILD = TOP / "build/release"
ANONLOG = BUILD / "anonlog"
MAKE_LOG = BUILD / "bench/make_log"
MAKE_HOSTILE_LOG = BUILD / "bench/make_hostile_log"
EXACT_PATH = BUILD / "bench/exact_path"

POLICIES = {  # as in bench/bench_plans.hpp; scripts/compare-kernels would notice a difference
    "balanced": [],
    "plain": ["--set", "ip.v6=48", "--set", "query.level=drop", "--set", "path.level=keep"],
    "token": ["--set", "ip.mode=token"],
}


def machine():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return "unknown processor"


def today():
    return datetime.date.today().isoformat()


def started_as(script):
    return " ".join([script, *sys.argv[1:]])


def can_be_hostile():
    return os.access(MAKE_HOSTILE_LOG, os.X_OK)


def kernels():
    """The fastest first."""
    return [name for name in ("avx512", "avx2", "neon", "scalar")
            if subprocess.run([ANONLOG, "--kernel", name, "--version"], capture_output=True).returncode == 0]


def new_keyring(path):
    subprocess.run([ANONLOG, "key", "new", path], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
    return path
