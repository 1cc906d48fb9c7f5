#!/usr/bin/env python3
"""jsonl and influx say of every line what `same` says of it, and nothing else: the samples of all formats, and real logs.

The three shapes are made with one keyring and compared value by value; every line of JSON is read by Python, every point by a
reader of the line protocol that is written here. `--write` writes the samples of docs/output-formats.md anew.
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import corpus_test

SOURCE = pathlib.Path(os.environ.get("ANONLOG_SOURCE_DIR", pathlib.Path(__file__).resolve().parent.parent))
COMMAND = os.environ.get("ANONLOG_BIN", str(SOURCE / "build/release/anonlog"))
KEYRING = ("anonlog-keyring 1\n"
           "era test - - 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f AL1:1a0aa810a91056bb\n")
NOW = "1768478400"
MOST_CORPUS_LINES = 400  # of each file, from both ends
failures = []


def fail(where, what):
    failures.append(f"{where}: {what}")


class Runner:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.keyring = self.folder / "keys"
        self.keyring.write_text(KEYRING)
        self.keyring.chmod(0o600)

    def run(self, shape, log, *arguments, subcommand=()):
        command = [COMMAND, *subcommand, "-k", str(self.keyring), "--now", NOW, *arguments]
        if not subcommand:
            command += ["--output-format", shape, "--max-reject", "100%"]
        done = subprocess.run(command, input=log, capture_output=True, timeout=300)
        if done.returncode != 0:
            fail(" ".join(arguments)[:80], f"exit code {done.returncode}")
        return done.stdout.decode("ascii", errors="replace")


# The line protocol.

def cut(text, mark):
    """Pieces of text between unescaped marks outside quotes."""
    pieces, piece, i, is_quoted = [], "", 0, False
    while i < len(text):
        c = text[i]
        if c == "\\" and i + 1 < len(text):
            piece += text[i:i + 2]
            i += 2
            continue
        if c == '"':
            is_quoted = not is_quoted
        if c == mark and not is_quoted:
            pieces.append(piece)
            piece = ""
        else:
            piece += c
        i += 1
    return pieces + [piece]


def unquoted_tags(text, mark):  # in measurement and tags a quote is a letter like any other
    return re.split(r"(?<!\\)" + mark, text)


def read_point(line):
    """(tags, fields, time) of a point; fails for what is none."""
    begin, rest = re.split(r"(?<!\\) ", line, maxsplit=1)
    measurement, *pairs = unquoted_tags(begin, ",")
    if measurement != "access":
        raise ValueError(f"measurement {measurement}")
    tags = {}
    for pair in pairs:
        name, value = unquoted_tags(pair, "=")
        if name in tags or not value:
            raise ValueError(f"tag {name} stands twice or is empty")
        tags[name] = re.sub(r"\\([,= ])", r"\1", value)
    written, time = cut(rest, " ")
    fields = {}
    for pair in cut(written, ","):
        name, value = pair.split("=", 1)
        if name in fields or name in tags:
            raise ValueError(f"field {name} stands twice")
        if value.startswith('"'):
            if not re.fullmatch(r'"(?:[^"\\]|\\["\\])*"', value):
                raise ValueError(f"field {name}: no string")
            fields[name] = re.sub(r"\\(.)", r"\1", value[1:-1])
        elif re.fullmatch(r"\d+i", value):
            fields[name] = int(value[:-1])
        elif re.fullmatch(r"\d+(\.\d+)?", value):
            fields[name] = float(value)
        else:
            raise ValueError(f"field {name}: no number")
    if not re.fullmatch(r"\d{19}", time):
        raise ValueError("no time")
    return tags, fields, int(time)


def read_record(line):
    def unique(pairs):
        if len({name for name, _ in pairs}) != len(pairs):
            raise ValueError("a name stands twice")
        return dict(pairs)
    return json.loads(line, object_pairs_hook=unique)


TYPES = {}  # of a column in influx, over everything that was seen


def check_point(where, record, point):
    tags, fields, _ = point
    fields = dict(fields)
    if fields.pop("records", None) != 1:
        fail(where, "a point without records=1i")
    both = {name: value for name, value in record.items() if name != "timestamp"}
    if set(both) != set(tags) | set(fields):
        fail(where, f"columns differ: {sorted(set(both) ^ (set(tags) | set(fields)))}")
        return
    for name, value in both.items():
        other = tags.get(name, fields.get(name))
        if (str(value) if name in tags else value) != other:
            fail(where, f"{name}: values differ")
    for name, value in fields.items():
        if TYPES.setdefault(name, type(value)) is not type(value):
            fail(where, f"{name} has two types")


# What a record says, found again in what `same` says.

def without_forensic_escapes(text):
    return re.sub(r"%(3a|7c|25)", lambda found: chr(int(found[1], 16)), text)


def plain(text):
    """A line without the escapes that slots put around values."""
    if re.match(r"\+[^ |]+\|", text):
        text = without_forensic_escapes(text)
    text = text.replace("\\x22", '"').replace('\\"', '"').replace("\\\\", "\\").replace("%20", " ").replace('""', '"')
    return text


def is_in(value, line):
    if isinstance(value, str):
        return value in line or value.replace(" ", "+") in line
    text = str(value)
    return text in line or (isinstance(value, float) and re.search(r"\d", line) is not None)


def check_against_line(where, record, line):
    shown = "\n".join((line, plain(line), line.replace('\\"', '"'), without_forensic_escapes(line)))
    for name, value in record.items():
        if name != "timestamp" and not is_in(value, shown):
            fail(where, f"{name} is not in the line")


def check_log(where, runner, log, *arguments):
    same = runner.run("same", log, *arguments).splitlines()
    if any(line.startswith("#Fields:") for line in same):
        same = [line for line in same if line.strip()]  # between directives a blank line is no record
    lines = {shape: runner.run(shape, log, *arguments).splitlines() for shape in ("jsonl", "influx")}
    same = [line for line in same if not line.startswith("#")]  # directives of a table are no records, nor is its header
    if len(same) == len(lines["jsonl"]) + 1 and arguments in (("-f", "csv"), ("-f", "tsv")):
        del same[0]
    if not len(same) == len(lines["jsonl"]) == len(lines["influx"]):
        fail(where, f"{len(same)} lines, {len(lines['jsonl'])} of JSON, {len(lines['influx'])} points")
        return lines
    times = set()
    for number, (line, text, point_text) in enumerate(zip(same, lines["jsonl"], lines["influx"])):
        try:
            record, point = read_record(text), read_point(point_text)
        except ValueError as error:
            fail(f"{where} line {number + 1}", error)
            continue
        check_point(f"{where} line {number + 1}", record, point)
        check_against_line(f"{where} line {number + 1}", record, line)
        times.add(point[2])
    if len(times) != len(same):
        fail(where, "two points with the same time")
    return lines


# The samples: every field that comes out is in the record.

def values_of(record):
    """The texts that the columns of a record stand for, put together again."""
    texts = {str(value) if not isinstance(value, float) else repr(value) for name, value in record.items() if name != "timestamp"}
    texts |= {json.dumps(value) for value in record.values() if not isinstance(value, str)}
    get = lambda name: record.get(name, "-")
    target = get("url.path") + ("?" + record["url.query"] if "url.query" in record else "")
    if "url.domain" in record:
        port = f":{record['url.port']}" if "url.port" in record else ""
        target = f"{record['url.scheme']}://{record['url.domain']}{port}{target}"
    texts |= {target, f"{get('http.request.method')} {target} HTTP/{get('network.protocol.version')}", f"HTTP/{get('network.protocol.version')}",
              f"TLSv{get('tls.protocol.version')}", "?" + get("url.query"), f"{get('client.address')}:{get('client.port')}",
              f"[{get('client.address')}]:{get('client.port')}", f"{get('server.address')}:{get('server.port')}"}
    return texts


def samples():
    for block in formats().split("\n\n"):
        found = re.search(r"\n  before   (.*?)\n  after    ", block, re.S)
        if found:
            yield block.split("\n")[0], found[1].replace("\n" + 11 * " ", "\n")


def formats():
    return subprocess.run([COMMAND, "formats"], capture_output=True, text=True, check=True).stdout


def check_sample(runner, name, sample):
    where = f"{name}, {sample[:40]}"
    log = sample.encode() + b"\n"
    lines = check_log(where, runner, log, "-f", name)
    records = [read_record(line) for line in lines["jsonl"]]
    if len(records) != 1:
        fail(where, f"{len(records)} records")
        return
    known = values_of(records[0])
    rows = runner.run("", None, "-f", name, sample, subcommand=["explain"]).split("\n\n", 1)[1].splitlines()
    columns = [rows[0].index(title) for title in ("field", "class", "outcome", "what comes out", "rule, and why")]
    times = 0
    for row in rows[1:]:
        field, cls, _, out = (row[a:b].strip() for a, b in zip(columns, columns[1:]))
        if out in ("-", "", "null") or cls == "drop" or (cls == "duration" and re.fullmatch(r"[\d.]+(ns|us|ms|s)", out)):
            continue  # of a number with a unit nobody knows what it is in the unit of its column
        if cls == "time":
            times += 1
            if times == 1:
                if "timestamp" not in records[0]:
                    fail(where, "no timestamp")
                continue
        rest = plain(row[columns[3]:])  # a long one pushes the next column away
        rest = without_forensic_escapes(rest) if name == "apache_forensic" else rest
        is_there = any(told == text or told.startswith((text + "  ", f'"{text}"  ')) for text in known for told in (rest, rest.replace("+", " ")))
        is_number = re.fullmatch(r"\d+(\.\d+)?", out) and float(out) in records[0].values()
        if not field.endswith("message") and not is_there and not is_number:
            fail(where, f"{field} is not in the record")


# The same bytes for any number of threads.

def check_threads(runner):
    texts = [sample for _, sample in samples() if "\n" not in sample]
    json_lines = ['{"time":"2025-10-%02dT13:55:36Z","remote_addr":"203.0.113.%d","remote_user":"ada"}', '{"remote_addr":"198.51.100.%d","remote_user":"bob"}']
    mixed, only_json = [], []
    for i in range(20000):
        mixed.append(texts[i % len(texts)].replace("13:55:36", "%02d:55:36" % (i // 997 % 24)))
        only_json.append(json_lines[0] % (1 + i // 700 % 28, i % 256) if i % 100 == 0 else json_lines[1] % (i % 256))
    for name, lines, arguments in (("mixed", mixed, []), ("json", only_json, ["-f", "json"])):
        path = runner.folder / f"{name}.log"
        path.write_text("\n".join(lines) + "\n")
        same = runner.run("jsonl", None, "--line-buffered", *arguments, str(path), str(path)).count("\n")
        for shape in ("jsonl", "influx"):
            one = runner.run(shape, None, "-j", "1", *arguments, str(path), str(path))
            for threads in ("2", "3"):
                if runner.run(shape, None, "-j", threads, *arguments, str(path), str(path)) != one:
                    fail(f"{name} {shape}", f"{threads} threads write other bytes than one")
            if one.count("\n") != same or same < len(lines):
                fail(f"{name} {shape}", f"{one.count(chr(10))} records of {same} lines")
            if shape == "influx" and len({line.rsplit(" ", 1)[1] for line in one.splitlines()}) != same:
                fail(name, "two points with the same time")


def check_corpus(runner, corpus):
    count = 0
    for path in sorted(p for name in corpus_test.FOLDERS for p in (corpus / name).glob("*.*") if not p.name.endswith(".format.txt")):
        pattern_file = path.with_name(path.name + ".format.txt")
        pattern = ["-f", pattern_file.read_text().strip()] if pattern_file.exists() else []
        lines = path.read_bytes().splitlines(keepends=True)
        chosen = lines if len(lines) <= 2 * MOST_CORPUS_LINES else lines[:MOST_CORPUS_LINES] + lines[-MOST_CORPUS_LINES:]
        log = b"".join(chosen)
        where = str(path.relative_to(corpus))
        shapes = check_log(where, runner, log, *pattern)
        found = corpus_test.canaries(log)
        for part, address in corpus_test.SERVERS.items():
            if where.startswith(part):
                found["address"] = {one for one in found["address"] if not one.startswith(address)}
        for shape, written in shapes.items():
            for kind, _ in corpus_test.survivors(found, "\n".join(written).encode()):
                fail(where, f"{shape}: a planted {kind} came out")
        count += len(chosen)
    return count


# The samples of the document.

SHOWN = ("combined", "aws_nlb", "json", "error_log")
BEGIN, END = "<!-- samples: written by tests/output_shapes_test.py --write -->\n", "<!-- end of samples -->\n"


def shown(runner):
    text, seen = "", set()
    for name, sample in samples():
        if name in seen or name not in SHOWN:
            continue
        seen.add(name)
        text += f"{name}:\n\n```\n{sample}\n"
        for shape in ("same", "jsonl", "influx"):
            text += runner.run(shape, sample.encode() + b"\n", "-f", name)
        text += "```\n\n"
    return text


def check_document(runner, is_written):
    page = SOURCE / "docs/output-formats.md"
    text = page.read_text()
    begin, end = text.index(BEGIN) + len(BEGIN), text.index(END)
    expected = "\n" + shown(runner)
    if is_written:
        page.write_text(text[:begin] + expected + text[end:])
    elif text[begin:end] != expected:
        fail("docs/output-formats.md", "its samples are old: tests/output_shapes_test.py --write")


def main():
    with tempfile.TemporaryDirectory() as folder:
        runner = Runner(folder)
        if sys.argv[1:] == ["--write"]:
            check_document(runner, True)
            return 0
        for name, sample in samples():
            check_sample(runner, name, sample)
        check_threads(runner)
        check_document(runner, False)
        corpus = os.environ.get("ANONLOG_CORPUS")
        lines = check_corpus(runner, pathlib.Path(corpus)) if corpus and pathlib.Path(corpus).is_dir() else 0
    for failure in failures[:60]:
        print(failure)
    print(f"{len(TYPES)} columns, {lines} lines of real logs, {len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
