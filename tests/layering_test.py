#!/usr/bin/env python3
# layering_test.py: the rules of the house that a program can check, read from the text of the sources.
#
# Folders are the pipeline and an include may only point left; dangerous and replaceable things stay in one room;
# every caller of writer::release is listed in release_callers.txt. `--self-test` breaks each rule in a small tree
# and wants to see it reported.
import os
import re
import sys
import tempfile
from collections import Counter
from pathlib import Path

# core < simd < crypto < format | transform < output < policy < line_layout < plan < report < value_writer, keyed_shape
# < line_within < keyed_reader < record_writer, keyed_writer, table_writer < line_fields < exact_path < block, record_path < stream < anonlog.hpp < src, bindings
LINE = [["core"], ["simd"], ["crypto"], ["format", "transform"], ["output"], ["policy"], ["line_layout.hpp"], ["plan.hpp"],
        ["report.hpp"], ["value_writer.hpp", "keyed_shape.hpp"], ["line_within.hpp"], ["keyed_reader.hpp"],
        ["record_writer.hpp", "keyed_writer.hpp", "table_writer.hpp"], ["line_fields.hpp"], ["exact_path.hpp"], ["block", "record_path.hpp"], ["stream.hpp"], ["anonlog.hpp", "anonlog.h"], ["src", "bindings"]]
RANK = {room: rank for rank, rooms in enumerate(LINE) for room in rooms}

# What an include names -> the only files that may hold it, as patterns on the path.
FENCES = [
    (r"(\w*mmintrin|x86intrin|x86gprintrin|intrin|arm_neon|arm_sve|arm_acle)\.h", r"include/anonlog/simd/.*"),
    (r"(sodium|openssl)(\.h|/.*)", r"include/anonlog/crypto/.*"),
    (r"simdjson.*", r"include/anonlog/format/json.*|bench/rivals/json_on_demand\.cpp"),
    (r"libpsl\.h", r"include/anonlog/(transform/public_suffix_list|format/top_level_name)\.hpp"),
    (r"toml(\+\+|\.h).*", r"include/anonlog/policy/toml_reader\.hpp"),
    (r"sys/socket\.h", r"src/(cli/line_sink|listen/\w+)\.[ch]pp"),  # the former writes to a socket that it was given as its output
    (r"netinet/.*|arpa/inet\.h|sys/un\.h", r"src/listen/\w+\.[ch]pp"),  # a program of its own: the command opens no socket
    (r"netdb\.h", r"nowhere: no name is ever asked for"),
]
INTRINSIC = re.compile(r"\b(_mm\d*_\w+|__m(128|256|512)\w*|__builtin_(ia32|neon)_\w+|v(ld1|ceq|shrn|addv)q?_\w+"
                       r"|(u?int|poly|float)\d+x\d+(x\d+)?_t)")

MAX_LINES = 350
TABLES = {  # data, not code: may be longer
    "include/anonlog/format/well_known_names.hpp",
}
CODE = {".hpp", ".h", ".inl", ".cpp", ".c", ".py", ".sh"}
TREE = ["include", "src", "bindings", "bench", "tests", "scripts"]
NOT_UNIQUE = {"__init__.py", "__main__.py", "conftest.py", "setup.py"}  # names that Python wants

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.M)
RELEASE = re.compile(r"(?<!void )\brelease(_\w+)?(?:<[\w:]+>)?\s*\(\s*[^)\s]|::release\b(?!\s*\()")  # release_words is a door, too
COMMENT_OR_TEXT = re.compile(r'R"(\w*)\(.*?\)\1"|//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', re.S)


def room_of(path):
    parts = Path(path).parts
    if parts[0] == "include":
        return parts[2] if parts[1] == "anonlog" else parts[1]
    return parts[0]


def files(root, folders, suffixes):
    for folder in folders:
        for directory, names, entries in os.walk(root / folder):
            names[:] = sorted(n for n in names if not n.startswith(".") and n not in ("build", "__pycache__"))
            for name in sorted(entries):
                path = Path(directory, name)
                if path.suffix in suffixes:
                    yield path.relative_to(root).as_posix()


def code_of(text):  # without comments and literals, so that prose may say what it likes
    return COMMENT_OR_TEXT.sub(lambda m: " " + "\n" * m.group().count("\n"), text)


def resolve(root, path, quoted, name):
    """The file of ours that an include names, or None for a header from outside."""
    places = ["include"] if not quoted else [str(Path(path).parent), "include", "src"]
    for place in places:
        target = os.path.normpath(os.path.join(place, name))
        if (root / target).is_file():
            return Path(target).as_posix()
    return None


def check_includes(root, path, text, complain):
    own = room_of(path)
    if own not in RANK:
        complain(path, f"has no place in the line: {own}")
        return
    for bracket, name in INCLUDE.findall(text):
        for pattern, allowed in FENCES:
            if re.fullmatch(pattern, name) and not re.fullmatch(allowed, path):
                complain(path, f"fence: <{name}> belongs to {allowed}")
        target = resolve(root, path, bracket == '"', name)
        if target is None:
            if name.startswith("anonlog") or bracket == '"':
                complain(path, f"includes {name}, which does not exist")
            continue
        theirs = room_of(target)
        if theirs not in RANK:
            complain(path, f"includes {name}, which has no place in the line")
        elif theirs != own and RANK[theirs] >= RANK[own]:
            complain(path, f"{own} must not see {theirs}: {name}")


def check_opening(path, text, complain):
    if path.endswith("_test.cpp"):
        return  # the header of the same name says it
    lines = [line for line in text.splitlines()[:3] if not line.startswith("#!")]
    first = lines[0] if lines else ""
    if not re.match(r'#|"""' if path.endswith((".py", ".sh")) else r"//|/\*", first):
        complain(path, "does not open with a comment")
    elif '"""' not in first and not re.search(r"[ /]" + re.escape(Path(path).name) + ":", first):
        complain(path, f"its first line does not say `{Path(path).name}: what it is`")


def check_release(root, counts, complain):
    listing = root / "tests/release_callers.txt"
    listed = {}
    for line in listing.read_text().splitlines() if listing.is_file() else []:
        words = line.split("#")[0].split()
        if words:
            listed[words[0]] = int(words[1])
    for path in sorted(set(counts) | set(listed)):
        if counts.get(path, 0) != listed.get(path, 0):
            complain(path, f"calls writer::release {counts.get(path, 0)} times, "
                           f"tests/release_callers.txt allows {listed.get(path, 0)}")


def check(root):
    faults = []

    def complain(path, what):
        faults.append(f"{path}: {what}")

    layered = list(files(root, ["include", "src", "bindings"], {".hpp", ".h", ".inl", ".cpp", ".c"}))
    for room in ("core", "crypto", "format", "transform"):
        if not any(room_of(path) == room for path in layered):
            complain(f"include/anonlog/{room}", "holds nothing: is this the right tree?")
    releases = {}
    for path in layered:
        text = (root / path).read_text(errors="replace")
        code = code_of(text)
        check_includes(root, path, text, complain)
        if INTRINSIC.search(code) and room_of(path) != "simd":
            complain(path, f"fence: intrinsic {INTRINSIC.search(code).group()} belongs to simd")
        found = len(RELEASE.findall(code))
        if found and path != "include/anonlog/core/writer.hpp":
            releases[path] = found
    check_release(root, releases, complain)

    for path in files(root, ["include", "src", "bindings"], CODE):
        lines = (root / path).read_text(errors="replace").count("\n")
        if lines > MAX_LINES and path not in TABLES:
            complain(path, f"has {lines} lines, more than {MAX_LINES}")
    every = list(files(root, TREE, CODE))
    for path in every:
        if Path(path).name not in NOT_UNIQUE:
            check_opening(path, (root / path).read_text(errors="replace"), complain)
    names = Counter(Path(path).name for path in every)
    for path in every:
        if names[Path(path).name] > 1 and Path(path).name not in NOT_UNIQUE:
            complain(path, "its name stands twice in the tree")
    return faults


# --- the rules broken one by one -------------------------------------------------------------------------------------

GOOD = {
    "include/anonlog/core/raw.hpp": "// core/raw.hpp: bytes.\n",
    "include/anonlog/core/writer.hpp": "// core/writer.hpp: out.\nvoid release(raw kept);\n",
    "include/anonlog/simd/scalar.hpp": "// simd/scalar.hpp: slow.\n#include <immintrin.h>\n__m128i a;\n",
    "include/anonlog/crypto/secret.hpp": "// crypto/secret.hpp: key.\n#include <sodium.h>\n#include <openssl/evp.h>\n",
    "include/anonlog/format/json.hpp": "// format/json.hpp: j.\n#include <simdjson.h>\n#include <anonlog/core/raw.hpp>\n",
    "include/anonlog/transform/keep.hpp":
        "// transform/keep.hpp: may release(x) in prose.\n#include <anonlog/core/writer.hpp>\nout.release(value);\n",
    "include/anonlog/policy/policy.hpp": "// policy/policy.hpp: wish.\n#include <anonlog/transform/keep.hpp>\n",
    "include/anonlog/plan.hpp": "// plan.hpp: steps.\n#include <anonlog/policy/policy.hpp>\n",
    "include/anonlog/stream.hpp": "// stream.hpp: runs.\n#include <anonlog/plan.hpp>\n",
    "include/anonlog.hpp": "// anonlog.hpp: door.\n#include <anonlog/stream.hpp>\n",
    "src/cli/main.cpp": "// cli/main.cpp: command.\n#include <anonlog.hpp>\npointer.release();\n",
    "tests/release_callers.txt": "include/anonlog/transform/keep.hpp 1  # keeps\n",
}

WRONG = [  # file, what is added at its end, what must be said
    ("include/anonlog/core/raw.hpp", "#include <anonlog/simd/scalar.hpp>\n", "core must not see simd"),
    ("include/anonlog/crypto/secret.hpp", "#include <anonlog/format/json.hpp>\n", "crypto must not see format"),
    ("include/anonlog/format/json.hpp", "#include <anonlog/transform/keep.hpp>\n", "format must not see transform"),
    ("include/anonlog/transform/keep.hpp", "#include <anonlog/format/json.hpp>\n", "transform must not see format"),
    ("include/anonlog/transform/keep.hpp", '#include "../policy/policy.hpp"\n', "transform must not see policy"),
    ("include/anonlog/policy/policy.hpp", "#  include <anonlog/plan.hpp>\n", "policy must not see plan.hpp"),
    ("include/anonlog/plan.hpp", "#include <anonlog/stream.hpp>\n", "plan.hpp must not see stream.hpp"),
    ("include/anonlog/stream.hpp", "#include <anonlog.hpp>\n", "stream.hpp must not see anonlog.hpp"),
    ("include/anonlog.hpp", '#include "../src/cli/tool.hpp"\n', "anonlog.hpp must not see src"),
    ("include/anonlog/stray.hpp", "// stray.hpp: lost.\n", "no place in the line: stray.hpp"),
    ("include/anonlog/plan.hpp", "#include <anonlog/core/gone.hpp>\n", "does not exist"),
    ("include/anonlog/core/raw.hpp", "#include <emmintrin.h>\n", "fence: <emmintrin.h>"),
    ("include/anonlog/format/json.hpp", "auto x = _mm_set1_epi8(1);\n", "fence: intrinsic _mm_set1_epi8"),
    ("include/anonlog/format/json.hpp", "uint8x16_t a;\n", "fence: intrinsic uint8x16_t"),
    ("src/cli/main.cpp", "#include <sodium.h>\n", "fence: <sodium.h>"),
    ("include/anonlog/transform/keep.hpp", "#include <openssl/evp.h>\n", "fence: <openssl/evp.h>"),
    ("include/anonlog/stream.hpp", "#include <simdjson.h>\n", "fence: <simdjson.h>"),
    ("include/anonlog/transform/keep.hpp", "#include <libpsl.h>\n", "fence: <libpsl.h>"),
    ("src/cli/main.cpp", "#include <toml++/toml.h>\n", "fence: <toml++/toml.h>"),
    ("src/cli/main.cpp", "#include <sys/socket.h>\n", "fence: <sys/socket.h>"),
    ("include/anonlog/transform/keep.hpp", "out.release(more);\n", "calls writer::release 2 times"),
    ("src/cli/main.cpp", "release_words(kept, out);\n", "calls writer::release 1 times"),
    ("src/cli/main.cpp", "out.release<writer::blanks::as_they_are>(kept);\n", "calls writer::release 1 times"),
    ("src/cli/main.cpp", "auto f = &writer::release;\n", "calls writer::release 1 times"),
    ("tests/release_callers.txt", "include/anonlog/plan.hpp 1\n", "allows 1"),
    ("include/anonlog/simd/raw.hpp", "// simd/raw.hpp: again.\n", "stands twice"),
    ("include/anonlog/core/bare.hpp", "int x;\n", "does not open with a comment"),
    ("src/cli/bare.cpp", "#include <cstdio>\n", "does not open with a comment"),
    ("include/anonlog/core/other.hpp", "// core/another.hpp: what?\n", "its first line does not say"),
    ("include/anonlog/core/raw.hpp", "int x;\n" * 350, "has 351 lines"),
    ("tests/odd_test.py", "import os\n", "does not open with a comment"),
]


def self_test():
    failed = 0
    for path, addition, wanted in [("include/anonlog/core/raw.hpp", "", None)] + WRONG:
        with tempfile.TemporaryDirectory() as directory:
            root = Path(directory)
            tree = {**GOOD, "src/cli/tool.hpp": "// cli/tool.hpp: t.\n"}
            tree[path] = tree.get(path, "") + addition
            for name, text in tree.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text)
            faults = check(root)
        good = not faults if wanted is None else any(wanted in fault for fault in faults)
        if not good:
            failed += 1
            print(f"self-test: {path} + {addition[:60]!r}: expected {wanted!r}, got {faults}")
    with tempfile.TemporaryDirectory() as directory:
        if not check(Path(directory)):
            failed += 1
            print("self-test: an empty tree passed")
    print(f"self-test: {len(WRONG) + 2} trees, {failed} wrong answers")
    return failed


def main():
    if "--self-test" in sys.argv[1:]:
        return 1 if self_test() else 0
    faults = check(Path(__file__).resolve().parent.parent)
    for fault in faults:
        print(fault)
    print(f"layering: {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
