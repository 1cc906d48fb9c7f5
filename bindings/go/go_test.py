#!/usr/bin/env python3
"""The Go package and the processor: `go vet`, and their tests with the race detector; a benchmark runs, for its nanoseconds."""
import os
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from go_build import BUILT, HERE, environment, find_go, run  # noqa: E402


def main():
    go = find_go()
    around = {**environment(go), "ANONLOG_BIN": os.environ.get("ANONLOG_BIN") or str(BUILT / "anonlog")}
    unformatted = run([pathlib.Path(go).parent / "gofmt", "-l", HERE], "gofmt") if (pathlib.Path(go).parent / "gofmt").exists() else ""
    if unformatted:
        sys.exit(f"not formatted: {unformatted}")
    tree = {**around, "CGO_CFLAGS": f"-O2 -I{HERE.parents[1]}/include", "CGO_LDFLAGS": f"-L{around['LD_LIBRARY_PATH']} -lanonlog", "PKG_CONFIG_PATH": "/nowhere"}
    run([go, "build", "-tags", "anonlog_tree", "./..."], "a build tree without pkg-config", env=tree, cwd=HERE)
    for folder in (HERE, HERE / "otelcol"):
        run([go, "vet", "./..."], f"go vet of {folder.name}", env=around, cwd=folder)
        began = time.monotonic()
        said = run([go, "test", "-race", "-count=1", "-v", "./..."], f"go test of {folder.name}", env=around, cwd=folder)
        passed = said.count("\n--- PASS: ")
        if "--- SKIP" in said or passed < 7:
            sys.exit(f"{folder.name}: only {passed} tests, or some skipped\n{said[-2000:]}")
        print(f"{folder.name}: {passed} tests with the race detector, {time.monotonic() - began:.0f} s")
    said = run([go, "test", "-run", "^$", "-bench", ".", "-benchtime", "0.2s"], "the benchmark", env=around, cwd=HERE)
    print("\n".join(line for line in said.splitlines() if line.startswith("Benchmark")))
    return 0


if __name__ == "__main__":
    sys.exit(main())
