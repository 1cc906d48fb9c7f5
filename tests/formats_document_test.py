#!/usr/bin/env python3
"""docs/formats.md says of every named format what the command does with it. `--write` writes it anew."""
import os
import pathlib
import re
import subprocess
import sys

HEAD = """# Formats

What `anonlog formats` and `anonlog explain` say, written by `tests/formats_document_test.py --write` and compared by the tests.
`auto`, the default, tries every format on every line, so that a file may mix them; a line that fits none is a reject. What is
behind a head of syslog, or in the string `log` or `message` of a JSON line, is read as a line of its own. Lines of JSON, LTSV and
logfmt name their own fields: the names are those of `include/anonlog/format/well_known_names.hpp`, the policy's `[fields]` come
first, and the value of a name that nobody knows does not come out. Under each format: its pattern or kind, a sample before and
after under `balanced`, and each field with its class and the rule.
"""
TOKEN = re.compile(r"\b([a-z])-[a-z2-7]{10,}")  # of keys that are made anew for each run


def without_tokens(text):
    return TOKEN.sub(r"\1-…", text)


def run(command, *arguments):
    return subprocess.run([command, *arguments], capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL).stdout


def sections(command):
    """(name, pattern or kind, before, after, source) of each pattern of each format."""
    for block in run(command, "formats").split("\n\n"):
        lines = block.replace("\n" + 11 * " ", "\f").split("\n")
        told = dict(re.match(r"  (\w+) +(.*)", line).groups() for line in lines[1:] if line.startswith("  "))
        if "before" in told:
            before, after = (told[key].replace("\f", "\n") for key in ("before", "after"))
            yield lines[0], told.get("pattern") or told["kind"], before, after, told["source"]


def document(command):
    text, seen = HEAD, None
    for name, what, before, after, source in sections(command):
        if name != seen:
            text += f"\n## {name}\n\nSource: {source}\n"
        seen = name
        text += f"\n```\n{what}\n{before}\n{without_tokens(after)}\n```\n\n| field | class | outcome | what comes out |\n|---|---|---|---|\n"
        table = run(command, "explain", "-f", name, before).split("\n\n", 1)[1].splitlines()
        columns = [table[0].index(title) for title in ("field", "class", "outcome", "what comes out", "rule, and why")]
        for line in table[1:]:
            cells = [line[a:b].strip() for a, b in zip(columns, columns[1:])]
            text += "| " + " | ".join(without_tokens(cell).replace("|", "\\|") for cell in cells) + " |\n"
    return text


def main():
    source = pathlib.Path(os.environ.get("ANONLOG_SOURCE_DIR", pathlib.Path(__file__).resolve().parent.parent))
    command = os.environ.get("ANONLOG_BIN", str(source / "build/release/anonlog"))
    page = source / "docs/formats.md"
    if sys.argv[1:] == ["--write"]:
        page.write_text(document(command))
        return 0
    if page.read_text() == document(command):
        return 0
    print("docs/formats.md is not what the command says; tests/formats_document_test.py --write writes it anew")
    return 1


if __name__ == "__main__":
    sys.exit(main())
