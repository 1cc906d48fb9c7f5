"""The oddities that real logs are known for, each with its expected outcome to the byte: tests/oddities.jsonl.

A row holds a title, the log (one character a byte), what is planted in it, the format that must be recognised ("reject" if none
may be) and the output, in which a pseudonym stands as `u-pseudonym`. The lines are made up; what is odd about them was met in
real logs.
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import urllib.parse

BIN = os.environ["ANONLOG_BIN"]
ROWS = pathlib.Path(__file__).with_name("oddities.jsonl")
PSEUDONYM = re.compile(r"\b([a-z])-[a-z2-7]{16}\b")


def run(row, preset, folder):
    report, rejects = folder / "report.json", folder / "rejects"
    pattern = ["-f", row["pattern"]] if "pattern" in row else []
    done = subprocess.run([BIN, "-p", preset, "-v", "--now", "1795435602", "--max-reject", "100%", "--on-reject", "skeleton",
                           "--rejects", rejects, "--report", report, *pattern],
                          input=row["log"].encode("latin-1"), capture_output=True, timeout=60)
    everywhere = (done.stdout + b"\n" + done.stderr + rejects.read_bytes() + report.read_bytes()).decode("latin-1")
    return done, json.loads(report.read_text()), PSEUDONYM.sub(r"\1-pseudonym", everywhere)


def check(row, folder):
    for canary in row["planted"]:
        if canary not in row["log"] + urllib.parse.unquote(row["log"]):
            yield f"{canary!r} is not in the log"
    for preset in ("balanced", "strict"):
        done, report, everywhere = run(row, preset, folder)
        if done.returncode != 0:
            yield f"{preset}: exit status {done.returncode}"
            continue
        for canary in row["planted"]:
            if canary in everywhere:
                yield f"{preset}: {canary!r} came out"
        lines, counts = row["log"].count("\n") + (not row["log"].endswith("\n")), report["lines"]
        if counts["in"] != lines or counts["in"] != counts["out"] + counts["rejected"] + counts["withheld"]:
            yield f"{preset}: {lines} lines, counted {counts}"
        if preset == "strict":  # may refuse more: a record without a usable time
            continue
        taken = [name for name, count in report["formats"].items() if count]
        wanted = ["pattern"] if "pattern" in row else [] if row["format"] == "reject" else [row["format"]]
        if taken != wanted:
            yield f"read as {taken or 'reject'}, expected {wanted or 'reject'}"
        expected = row["out"]
        if PSEUDONYM.sub(r"\1-pseudonym", done.stdout.decode("latin-1")) != expected:
            yield f"output:\n  {done.stdout!r}\nexpected:\n  {expected.encode('latin-1')!r}"


def main():
    rows = [json.loads(line) for line in ROWS.read_text().splitlines()]
    faults = []
    with tempfile.TemporaryDirectory() as folder:
        for number, row in enumerate(rows, 1):
            faults += [f"{number} {row['title']}: {fault}" for fault in check(row, pathlib.Path(folder))]
    print(f"{len(rows)} oddities")
    print("\n".join(faults))
    return 1 if faults or len(rows) < 84 or len({row["title"] for row in rows}) != len(rows) else 0


if __name__ == "__main__":
    sys.exit(main())
