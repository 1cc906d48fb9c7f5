#!/usr/bin/env python3
# python_bench.py: the Python package against what analysts write themselves, in one process and one run.
#
#   VENV/bin/python bench/python_bench.py [--rows N] [--log FILE] [--command ANONLOG] > bench/results/python.txt
#
# VENV: one with the package and what it is compared with (anonip and ipcrypt if they are there). What costs
# microseconds a value is measured on fewer rows, and said so. Best of three; the results of our way and of the plain IPv4 /24 are
# compared first.
import argparse
import ipaddress
import os
import platform
import random
import subprocess
import sys
import tempfile
import time

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa

import anonlog

LINE = ('{client} - - [{day:02d}/Oct/2025:{hour:02d}:{minute:02d}:{second:02d} +0000] "GET {path} HTTP/1.1" {status} {size} "{referrer}" "{agent}"\n')
AGENTS = ["Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "curl/8.5.0",
          "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
          "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"]


def best_of(work, times=3):
    best = float("inf")
    for _ in range(times):
        begin = time.perf_counter()
        result = work()
        best = min(best, time.perf_counter() - begin)
        del result
    return best


def show(name, seconds, rows, against=None):
    compared = f"  {seconds / rows / against:8.1f} x ours" if against else ""
    print(f"  {name:<58} {rows / seconds / 1e6:9.2f} M/s {seconds / rows * 1e9:9.1f} ns/value{compared}", flush=True)


def addresses(rows):
    octets = np.random.default_rng(7).integers(1, 255, size=(rows, 4))
    return pa.array([f"{a}.{b}.{c}.{d}" for a, b, c, d in octets.tolist()])


def columns(rows):
    array = addresses(rows)
    chunked = pa.chunked_array([array])
    anonymizer = anonlog.Anonymizer()
    texts, objects, strings = pd.Series(array.to_pandas(), dtype="str"), pd.Series(array.to_pandas(), dtype=object), pl.Series("ip", array)
    frame = strings.to_frame()
    last = r"\.\d+$"
    plain = texts.str.replace(last, ".0", regex=True)
    assert plain.tolist() == anonymizer.column("ip", array).to_pylist() == anonymizer.column("ip", strings).to_list()

    print(f"\n`.column(\"ip\", ...)`, IPv4 to its /24, {rows:,} values")
    ours = best_of(lambda: anonymizer.column("ip", chunked))
    show("anonlog, pyarrow ChunkedArray", ours, rows)
    show("anonlog, pyarrow Array", best_of(lambda: anonymizer.column("ip", array)), rows)
    ours_pandas = best_of(lambda: anonymizer.column("ip", texts))
    show("anonlog, pandas Series of str", ours_pandas, rows)
    ours_object = best_of(lambda: anonymizer.column("ip", objects), 2)
    show("anonlog, pandas Series of object", ours_object, rows)
    visits = pd.Series(objects.to_numpy()[np.random.default_rng(3).integers(0, 50_000, size=rows)], dtype=object)
    ours_visits = best_of(lambda: anonymizer.column("ip", visits), 2)
    show("anonlog, pandas Series of object, 50,000 different", ours_visits, rows)
    ours_polars = best_of(lambda: anonymizer.column("ip", strings))
    show("anonlog, polars Series", ours_polars, rows)

    small = max(rows // 10, 1)
    listed = array[:small].to_pylist()
    print("\npandas ways, each with our time for the same kind of Series")
    show("str.replace of a regular expression, Series of str", best_of(lambda: texts.str.replace(last, ".0", regex=True), 2), rows, ours_pandas / rows)
    show("str.replace of a regular expression, Series of object", best_of(lambda: objects[:small].str.replace(last, ".0", regex=True), 2), small, ours_object / rows)
    show("the same lambda, 50,000 different", best_of(lambda: visits[:small].map(lambda x: x.rpartition(".")[0] + ".0"), 2), small, ours_visits / rows)
    show("str.rsplit, Series of object", best_of(lambda: objects[:small].str.rsplit(".", n=1).str[0] + ".0", 2), small, ours_object / rows)
    show("map of a lambda with rpartition, Series of object", best_of(lambda: objects[:small].map(lambda x: x.rpartition(".")[0] + ".0"), 2), small, ours_object / rows)

    print("\npolars expressions, with our time for a polars Series")
    ways = {
        "str.replace of a regular expression": pl.col("ip").str.replace(last, ".0"),
        "str.extract and a suffix": pl.col("ip").str.extract(r"^(\d+\.\d+\.\d+\.)") + "0",
        "str.splitn and concat_str": pl.concat_str([pl.col("ip").str.splitn(".", 4).struct.field(f"field_{i}") for i in range(3)] + [pl.lit("0")], separator="."),
    }
    for name, way in ways.items():
        show(name, best_of(lambda: frame.lazy().select(way).collect(), 2), rows, ours_polars / rows)

    print("\na value at a time, with our time for a Series of object")
    few = listed[: max(rows // 100, 1)]
    show("ipaddress.ip_network(...).network_address", best_of(lambda: [str(ipaddress.ip_network(x + "/24", strict=False).network_address) for x in few], 2), len(few), ours_object / rows)
    others(few, ours_object / rows)


def others(few, ours):
    try:
        import anonip
    except ImportError:
        print("  anonip: not installed here")
    else:
        tool = anonip.Anonip(ipv4mask=8, columns=[1])
        show("anonip (lines of one column)", best_of(lambda: [tool.process_line(x) for x in few], 2), len(few), ours)
    try:
        import ipcrypt
    except ImportError:
        print("  ipcrypt: not installed here")
    else:
        key = bytes(range(16))
        show("ipcrypt.deterministic_encrypt (a permutation)", best_of(lambda: [ipcrypt.deterministic_encrypt(x, key) for x in few], 2), len(few), ours)


def made_log(path, bytes_wanted):
    """Lines of `combined`, with as many different clients, paths and seconds as a busy site has."""
    chance = random.Random(7)
    block = []
    for _ in range(50_000):
        client = f"{chance.randrange(1, 224)}.{chance.randrange(256)}.{chance.randrange(256)}.{chance.randrange(1, 255)}"
        block.append(LINE.format(client=client, day=10, hour=13, minute=chance.randrange(60), second=chance.randrange(60),
                                 path=f"/shop/{chance.randrange(900)}/item?page={chance.randrange(30)}", status=chance.choice([200, 200, 200, 304, 404]),
                                 size=chance.randrange(90_000), referrer=chance.choice(["-", "https://search.example/"]), agent=chance.choice(AGENTS)))
    data = "".join(block).encode()
    with open(path, "wb") as file:
        written = 0
        while written < bytes_wanted:
            written += file.write(data)
    return written


PEAK = """
import re, sys, anonlog, pyarrow
peak = lambda: int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read()).group(1)) // 1024
before = peak()
rows = sum(batch.num_rows for batch in anonlog.scan_log(sys.argv[1]))
print(rows, before, peak())
"""


def logs(log_bytes, scan_bytes, command):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "access.log")
        size = made_log(path, log_bytes)
        print(f"\na log of {size / 1e6:.0f} MB of `combined`, seconds")
        timings = {
            "Anonymizer().file(log, /dev/null)": lambda: anonlog.Anonymizer().file(path, open(os.devnull, "wb"), progress=False),
            "read_log(log)": lambda: anonlog.read_log(path),
            "read_log(log, columns=[\"timestamp\"])": lambda: anonlog.read_log(path, columns=["timestamp"]),
        }
        timings_of = {}
        if command:
            for shape in ("same", "jsonl"):
                timings[f"anonlog -j1 --output-format {shape}"] = lambda shape=shape: subprocess.run(
                    [command, "-j1", "--output-format", shape, path], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        for name, work in timings.items():
            timings_of[name] = seconds = best_of(work)
            print(f"  {name:<58} {seconds:9.3f} s {size / seconds / 1e6:9.0f} MB/s", flush=True)
        stamps_only = timings_of['read_log(log, columns=["timestamp"])']
        print(f"  building the other columns takes {timings_of['read_log(log)'] - stamps_only:.3f} s of read_log", end="")
        print(f"; the rest is {stamps_only / timings_of['anonlog -j1 --output-format same']:.2f} times the command" if command else "")
        if scan_bytes:
            size = made_log(path, scan_bytes)
            done = subprocess.run([sys.executable, "-c", PEAK, path], stdout=subprocess.PIPE, text=True, check=True)
            rows, before, peak = done.stdout.split()
            print(f"\nscan_log of {size / 2**30:.1f} GiB: {int(rows):,} rows; peak memory {peak} MiB, of which {before} MiB are Python and its imports")


def spark(log_bytes):
    """Lines a second of one executor core on local[1], and of this process; the frame is cached before, so that Spark reads memory."""
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        return print("\nSpark: not installed here")
    from anonlog import spark as anonlog_spark

    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    session = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").config("spark.driver.memory", "4g").getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "access.log")
        size = made_log(path, log_bytes)
        frame = session.read.text(path).repartition(8).cache()
        rows = frame.count()
        write = lambda df: df.write.format("noop").mode("overwrite").save()
        with_us = best_of(lambda: write(anonlog_spark.anonymize_text(frame, "strict", now=0)))
        without = best_of(lambda: write(frame.mapInArrow(lambda batches: batches, "value string")))
        alone = best_of(lambda: anonlog.Anonymizer("strict").file(path, open(os.devnull, "wb"), progress=False))
    session.stop()
    print(f"\nSpark, local[1], {rows:,} lines, {size / 1e6:.0f} MB, seconds for one executor core")
    for name, seconds in (("anonymize_text", with_us), ("mapInArrow that changes nothing", without), ("Anonymizer().file of this process", alone)):
        print(f"  {name:<58} {seconds:9.3f} s {rows / seconds / 1e6:9.2f} M lines/s")
    print(f"  Spark and its way to Python and back take {(with_us - alone) / with_us:.0%} of the time; above mapInArrow itself there are {with_us - without:.3f} s")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=lambda text: int(float(text)), default=10_000_000)
    parser.add_argument("--log-mb", type=int, default=256)
    parser.add_argument("--scan-mb", type=int, default=4096)
    parser.add_argument("--command", default="")
    parser.add_argument("--only", choices=["columns", "logs", "spark"], help="a part; default: all")
    given = parser.parse_args()
    print(f"bench/python_bench.py: Python {platform.python_version()}, pandas {pd.__version__}, polars {pl.__version__}, pyarrow {pa.__version__}, "
          f"kernel {anonlog.kernel_name()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    if given.only in (None, "columns"):
        columns(given.rows)
    if given.only in (None, "logs"):
        logs(given.log_mb << 20, given.scan_mb << 20, given.command)
    if given.only in (None, "spark"):
        spark(given.log_mb << 20)


if __name__ == "__main__":
    main()
