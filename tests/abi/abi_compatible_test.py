#!/usr/bin/env python3
"""Programs that were built with an earlier anonlog.h go on with this library: nothing is removed, renamed or moved.

The baseline is tests/abi/anonlog.cdef, what scripts/ffi-declarations made of the header at the last release, and the header
of the newest tag, where there is one. Each line of it must still be there, in its order, and abidiff compares the layout of
two libraries that are compiled from the declarations alone. Structures that tell their size may grow at the end, and so
may enums; functions may be added.

At a release, and only then: scripts/ffi-declarations > tests/abi/anonlog.cdef
What this refuses needs another SOVERSION (a major version), not another baseline.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(os.environ["ANONLOG_SOURCE_DIR"])
C = os.environ.get("ANONLOG_C", "cc")
CXX = os.environ.get("ANONLOG_CXX", "c++")
MAY_GROW = """[suppress_type]
  name_regexp = ^anonlog_(options|record)$
  type_kind = struct
  has_data_member_inserted_at = end
"""
FUNCTION = re.compile(r"^((?:const )?\w+ \*?)(anonlog_\w+)\(([^;]*)\);", re.M)


def fail(what):
    sys.exit(f"abi: {what}")


def run(*command, **options):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False, timeout=120, **options)


def declarations(header):
    made = run(SOURCE / "scripts/ffi-declarations", header)
    return made.stdout if made.returncode == 0 and made.stdout else fail("scripts/ffi-declarations: " + made.stderr)


def compile_library(declared, path):
    bodies = [f"{kind}{name}({taken}) {{ {'' if kind == 'void ' else 'return 0;'} }}" for kind, name, taken in FUNCTION.findall(declared)]
    text = "\n".join(["#include <stddef.h>", "#include <stdint.h>", declared, *bodies])
    made = run(C, "-g", "-w", "-shared", "-fPIC", "-x", "c", "-", "-o", path, input=text)
    if made.returncode != 0:
        fail("the declarations do not compile: " + made.stderr)


def plain_lines(declared):
    return [line.strip().rstrip(",") for line in declared.splitlines()]


def breaks(before, after, work):
    """What a program that knows `before` would miss in `after`, or ""."""
    left = iter(plain_lines(after))
    for line in plain_lines(before):
        if line not in left:
            return f"gone, changed or moved: {line}"
    compile_library(before, work / "before.so")
    compile_library(after, work / "after.so")
    (work / "may_grow.ini").write_text(MAY_GROW)
    told = run("abidiff", "--no-added-syms", "--suppressions", work / "may_grow.ini", work / "before.so", work / "after.so")
    return told.stdout + told.stderr if told.returncode != 0 else ""


def header_is_for_everyone(header):
    for command in ([C, "-std=c89", "-pedantic"], [C, "-std=c17", "-pedantic"], [CXX, "-std=c++98"]):
        kind = "c++" if command[0] == CXX else "c"
        made = run(*command, "-Wall", "-Wextra", "-Werror", "-fsyntax-only", "-x", kind, header)
        if made.returncode != 0:
            fail(" ".join(command) + ": " + made.stderr)


def ffi_reads_it(declared, work):
    """LuaJIT lays the structures out as C does."""
    if shutil.which("luajit") is None:
        return print("skipped: no luajit to read the declarations")
    members = re.findall(r"typedef struct (\w+) \{(.*?)\}", declared, re.S)
    asked = [(name, member) for name, body in members for member in re.findall(r"(\w+);", body)]
    text = "".join(f'printf("{name} {member} %lu %lu\\n", (unsigned long)sizeof({name}), (unsigned long)offsetof({name}, {member}));' for name, member in asked)
    (work / "layout.c").write_text("#include <stdio.h>\n#include <stddef.h>\n#include <anonlog.h>\nint main(void) {" + text + "return 0;}")
    made = run(C, "-I", SOURCE / "include", work / "layout.c", "-o", work / "layout")
    by_c = run(work / "layout").stdout if made.returncode == 0 else fail(made.stderr)
    (work / "layout.lua").write_text(f'local ffi = require("ffi")\nffi.cdef[[\n{declared}]]\n' + "".join(
        f'print("{name} {member} " .. ffi.sizeof("{name}") .. " " .. ffi.offsetof("{name}", "{member}"))\n' for name, member in asked))
    by_lua = run("luajit", work / "layout.lua")
    if by_lua.returncode != 0 or by_lua.stdout != by_c or len(asked) < 30:
        fail("LuaJIT does not read the declarations as C does: " + by_lua.stderr)
    return None


def library_has_what_is_declared(declared):
    library = os.environ.get("ANONLOG_LIBRARY")
    if not library:
        return print("skipped: no shared library was built")
    shown = run("nm", "-D", "--defined-only", library)
    names = {line.split()[-1].split("@")[0] for line in shown.stdout.splitlines() if line.split()[-2] != "A"}
    if names != {name for _, name, _ in FUNCTION.findall(declared)}:
        fail(f"the library shows other functions than the header: {sorted(names)}")
    return None


def latency_is_measured(work):
    """A short run: that every call works and is told of; how long it takes is for a quiet machine."""
    library = os.environ.get("ANONLOG_LIBRARY")
    if not library:
        return
    made = run(C, "-O1", "-std=gnu11", "-I", SOURCE / "include", SOURCE / "bench/c_abi.c", library, "-o", work / "c_abi")
    told = run(work / "c_abi", "300", env={**os.environ, "LD_LIBRARY_PATH": str(pathlib.Path(library).parent)}) if made.returncode == 0 else made
    rows = [line.split() for line in told.stdout.splitlines()[3:]]
    if told.returncode != 0 or len(rows) != 10 or not all(int(row[-4]) <= int(row[-3]) <= int(row[-2]) <= int(row[-1]) for row in rows):
        fail("bench/c_abi.c: " + told.stderr)


# Each must be noticed, or noticed as harmless.
BROKEN = [("  int64_t now;", "  int now;"), ("  int kind;\n  int safe_kind;\n", "  int safe_kind;\n  int kind;\n"), ("ANONLOG_WITHHELD = 3", "ANONLOG_WITHHELD = 4"),
          ("ANONLOG_KIND_OPEN", "ANONLOG_KIND_BEGIN"), ("const char *anonlog_version(void);\n", ""), ("  int has_now;\n", "  int has_now;\n  const char *earlier;\n"),
          ("  size_t pos;\n} anonlog_output;", "  size_t pos;\n  size_t later;\n} anonlog_output;"), ("const int64_t *time, anonlog_output", "int64_t time, anonlog_output")]
HARMLESS = [("  size_t has_messages;\n", "  size_t has_messages;\n  size_t later;\n"), ("ANONLOG_WITHHELD = 3,", "ANONLOG_WITHHELD = 3,\n  ANONLOG_MORE = 4,"),
            ("const char *anonlog_version(void);\n", "const char *anonlog_version(void);\nconst char *anonlog_later(void);\n"), ("  ANONLOG_KIND_CLOSE = 5\n", "  ANONLOG_KIND_CLOSE = 5,\n  ANONLOG_KIND_MORE = 6\n")]


def notices_what_breaks(declared, work):
    for changes, is_broken in ((BROKEN, True), (HARMLESS, False)):
        for old, new in changes:
            if declared.count(old) == 0:
                fail(f"the self-test changes what is not there: {old}")
            if (breaks(declared, declared.replace(old, new), work) != "") != is_broken:
                fail(f"{'not noticed' if is_broken else 'refused'}: {old!r} -> {new!r}")


def main():
    header = SOURCE / "include/anonlog.h"
    declared = declarations(header)
    header_is_for_everyone(header)
    library_has_what_is_declared(declared)
    with tempfile.TemporaryDirectory() as made:
        work = pathlib.Path(made)
        ffi_reads_it(declared, work)
        latency_is_measured(work)
        if shutil.which("abidiff") is None:
            print("skipped: no abidiff (package abigail-tools)")
            return 77
        notices_what_breaks(declared, work)
        baselines = {"tests/abi/anonlog.cdef": (SOURCE / "tests/abi/anonlog.cdef").read_text()}
        tag = run("git", "-C", SOURCE, "describe", "--tags", "--abbrev=0").stdout.strip()
        if tag:
            (work / "tag.h").write_text(run("git", "-C", SOURCE, "show", f"{tag}:include/anonlog.h").stdout)
            baselines[tag] = declarations(work / "tag.h")
        for name, before in baselines.items():
            what = breaks(before, declared, work)
            if what:
                fail(f"against {name}: {what}")
    print(f"abi: as in {', '.join(baselines)}, or more")
    return 0


if __name__ == "__main__":
    sys.exit(main())
