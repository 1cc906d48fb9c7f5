#!/usr/bin/env python3
"""The Go package and the processor: `go vet`, their tests with the race detector, the example of the documentation; a benchmark
runs, for its nanoseconds."""
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from go_build import BUILT, HERE, environment, find_go, run  # noqa: E402


def check_example(go, around):
    """What README.md shows, as a program of its own."""
    shown = re.search(r"^```go\n(.*?)^```$", (HERE / "README.md").read_text(), re.S | re.M)[1]
    with tempfile.TemporaryDirectory() as made:
        folder = pathlib.Path(made)
        subprocess.run([around["ANONLOG_BIN"], "key", "new", folder / "keyring"], check=True, capture_output=True)
        names = '"anonlog.internal/anonlog"\n"fmt"\n"io"\n"log"\n"os"\n"time"'
        (folder / "main.go").write_text(f"package main\nimport ({names})\nfunc main() {{\n{shown.replace('/etc/anonlog', made)}\nfmt.Println(user, err)\n}}\n")
        (folder / "go.mod").write_text(f"module example\ngo 1.21\nrequire anonlog.internal/anonlog v0.0.0\nreplace anonlog.internal/anonlog => {HERE}\n")
        said = run([go, "run", "."], "the example of README.md", env=around, cwd=folder)
    promised = re.search(r"^// (203.*)$", shown, re.M)[1]
    if not re.fullmatch(re.escape(promised).replace(r"u\-\.\.\.", "(u-[a-z2-7]{16})") + r"\nu-[a-z2-7]{16} <nil>\n", said):
        sys.exit(f"the example of README.md says {said}")


def check_pages():
    """The page of the processor shows the files that the test runs."""
    page = (HERE / "otelcol/README.md").read_text()
    for name in ("collector.yaml", "policy.toml"):
        if (HERE / "otelcol/example" / name).read_text() not in page:
            sys.exit(f"otelcol/README.md does not show example/{name}")


def main():
    check_pages()
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
    check_example(go, around)
    said = run([go, "test", "-run", "^$", "-bench", ".", "-benchtime", "0.2s"], "the benchmark", env=around, cwd=HERE)
    print("\n".join(line for line in said.splitlines() if line.startswith("Benchmark")))
    return 0


if __name__ == "__main__":
    sys.exit(main())
