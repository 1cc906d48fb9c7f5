"""A canary in every field of every format, in every spelling: none comes out of `balanced` or of `strict`.

For each format that `anonlog formats` names, each field whose class is not `keep` is planted with what tests/planted.py knows,
in every escape that the format's dialect can spell, as the whole value and inside what such a value looks like. Read by name
and as `auto`, neither the canaries nor a decoded form of them may stand in the output, in the skeletons of rejects, in a
message or in the report. A line in which the search does not find its own canary is a fault of the test.
"""
import csv
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from planted import (ADDRESSES, BACKSLASH, HAPROXY, JSON, NUMBERS, OCTAL, PERCENT, PLAIN, SHAPED, UNSHAPED, WHOLE, WORDS, findings,
                     findings_by_line)

BIN = os.environ["ANONLOG_BIN"]
SOURCE = pathlib.Path(os.environ["ANONLOG_SOURCE_DIR"])
PRESETS = ("balanced", "strict")

# Which of planted.py's lists a place takes. `all` is a place where nothing of a client may pass; a path keeps ordinary words
# and unusual numbers (SPEC 3.8, its limit), a host the name of a site, a size or duration is a number.
EVERYTHING = ADDRESSES | NUMBERS | UNSHAPED | SHAPED | WORDS | WHOLE
SHAPES = ADDRESSES | NUMBERS | SHAPED
HOST = ADDRESSES | NUMBERS | UNSHAPED
NO_NUMBER = {kind: spellings for kind, spellings in (ADDRESSES | UNSHAPED | SHAPED | WORDS).items() if kind != "phone"}

REQUEST = [
    ("GET /{c} HTTP/1.1", SHAPES), ("GET /a/x.{c}/b HTTP/1.1", SHAPES), ("GET /a?k={c}&b=1 HTTP/1.1", EVERYTHING),
    ("GET /a?{c} HTTP/1.1", EVERYTHING), ("GET /a?{c}=1 HTTP/1.1", SHAPES), ("GET /a?page={c}&lang={c}&utm_source={c} HTTP/1.1", SHAPES),
    ("GET http://{c}/ HTTP/1.1", HOST), ("GET http://{c}@www.example.com/ HTTP/1.1", EVERYTHING),
    ("GET /a;{c}/b?c HTTP/1.1", EVERYTHING), ("GET /~{c}/ HTTP/1.1", EVERYTHING), ("{c} / HTTP/1.1", EVERYTHING),
    ("GET / {c}", EVERYTHING), ("GET /a {c} HTTP/1.1", EVERYTHING), ("CONNECT {c}:443 HTTP/1.1", EVERYTHING), ("{c}", EVERYTHING),
    ("GET /a#{c} HTTP/1.1", EVERYTHING), ("GET {c} HTTP/1.1", EVERYTHING), ("GET /a?password={c}&email={c} HTTP/1.1", EVERYTHING)]
URL = [("{c}", SHAPES), ("/{c}", SHAPES), ("/a?k={c}&b=1", EVERYTHING), ("/a?{c}", EVERYTHING), ("http://{c}/x", HOST), ("http://{c}@www.example.com/", EVERYTHING),
       ("/~{c}", EVERYTHING), ("/a;{c}", EVERYTHING)]
PLACES = {
    "request": REQUEST, "target": URL, "path": [("/{c}", SHAPES), ("/a/{c}/b", SHAPES), ("/~{c}", EVERYTHING)],
    "query": [("k={c}", EVERYTHING), ("{c}", EVERYTHING), ("?k={c}", EVERYTHING), ("utm_source={c}", SHAPES), ("{c}=1", SHAPES)],
    "referrer": [("{c}", SHAPES | WORDS), ("https://{c}/", HOST), ("https://www.example.com/{c}?k={c}#{c}", EVERYTHING),
                 ("https://{c}@www.example.com/", EVERYTHING), ("https://[{c}]:8080/", ADDRESSES)],
    "ip": [("{c}", EVERYTHING), ("{c}:8080", ADDRESSES), ("[{c}]:8080", ADDRESSES), ('"{c}"', ADDRESSES)],
    "ip_list": [("{c}", EVERYTHING), ("{c}, {c}", EVERYTHING), ("unknown,{c}:80,[{c}]:80", ADDRESSES)],
    "forwarded": [("{c}", EVERYTHING), ('for="[{c}]:80";by={c}', ADDRESSES), ("for={c};{c}=1", SHAPES), ("for=_{c};host={c}", HOST)],
    "upstream": [("{c}", EVERYTHING), ("{c}:80, [{c}]:80 : {c}", ADDRESSES), ("unix:/{c}", EVERYTHING)],
    "agent": [("{c}", EVERYTHING), ("Mozilla/5.0 (X11; {c}) {c} Chrome/120.0", EVERYTHING), ("{c}bot/1.0 (+{c})", EVERYTHING)],
    "vhost": [("{c}", HOST), ("{c}:8080", HOST), ("a.{c}.example", ADDRESSES)],
    "host": [("{c}", EVERYTHING)],
    "bytes": [("{c}", NO_NUMBER)], "duration": [("{c}", NO_NUMBER), ("0.1, {c}", NO_NUMBER)],
    "text": [("{c}", SHAPES), ("it was {c}, then {c}.", SHAPES), ("<{c}>", SHAPES), ("({c})", SHAPES)],
}
ANYWHERE = [("{c}", EVERYTHING), ("a {c} b", EVERYTHING), ("{c};{c}", EVERYTHING)]


def formats():
    """(name, pattern or None, sample) of each entry."""
    text = subprocess.run([BIN, "formats"], capture_output=True, check=True, timeout=60).stdout.decode()
    for part in re.split(r"\n\n(?=\S)", text):
        lines = part.splitlines()
        entry = {word[0]: word[1] for word in (re.split(r"  +", line.strip(" "), maxsplit=1) for line in lines[1:]) if len(word) == 2}
        if "before" in entry:
            begin = next(i for i, line in enumerate(lines) if line.startswith("  before"))
            end = next(i for i, line in enumerate(lines) if line.startswith("  after"))
            sample = "\n".join(line[len("  before   "):] for line in lines[begin:end])
            pattern = next((line[len("  pattern  "):] for line in lines if line.startswith("  pattern")), None)
            yield lines[0], pattern, sample


def classes(name, line):
    """[(field, class)] as `explain` says them."""
    out = subprocess.run([BIN, "explain", "-f", name, line], capture_output=True, check=True, timeout=60).stdout.decode()
    rows = out.partition("\nfield ")[2].splitlines()[1:]
    return [tuple(row.split()[:2]) for row in rows if row.strip()]


VARIABLE = re.compile(r"\$\{\w+\}|\$\w+|%[<>]?(?:\{[^}]*\})?[A-Za-z]")


def slots(pattern, sample):
    """Where each variable of the pattern stands in the sample."""
    literals = VARIABLE.split(pattern)
    text = "(.*?)".join(re.escape(literal) for literal in literals)
    if "%t" in pattern:  # Apache's %t brings its brackets
        found = VARIABLE.findall(pattern)
        text = re.escape(literals[0]) + "".join((r"\[(.*?)\]" if variable == "%t" else "(.*?)") + re.escape(literal)
                                                for variable, literal in zip(found, literals[1:]))
    match = re.fullmatch(text, sample)
    return [match.span(i) for i in range(1, len(literals))] if match else None


def plantings(cls, escapes):
    for place, kinds in PLACES.get(cls, ANYWHERE):
        for kind, spellings in kinds.items():
            for spelling in spellings:
                for name, escape in escapes.items():
                    if name == "after \\/" and kind not in SHAPES:
                        continue  # a slash begins a segment of a path, where an ordinary word may stand
                    yield place.replace("{c}", escape(spelling))


def lines_of_pattern(name, pattern, sample, is_first):
    where, fields = slots(pattern, sample), classes(name, sample)
    if where is None or len(where) != len(fields):
        raise SystemExit(f"{name}: this test cannot find the fields of the sample: {len(where or [])} and {len(fields)}")
    own = HAPROXY if name.startswith("haproxy") else BACKSLASH
    escapes = PLAIN | PERCENT | own
    if not is_first:  # a variant of a format has the same classes in other places
        escapes = PLAIN | dict(list(own.items())[:1])
    for (begin, end), (_, cls) in zip(where, fields):
        # A blank in a slot that a blank ends makes other slots of the line, and what the server writes there is kept.
        may_hold_blanks = cls in ("user", "request", "ip_list") or sample[end:end + 1] in ('"', "]", "}")
        if cls != "keep":
            for value in plantings(cls, escapes):
                if own is HAPROXY:
                    value = value.replace("/a#", "/a#23")  # a number sign is one of its escapes
                if may_hold_blanks or " " not in value:
                    yield sample[:begin] + value + sample[end:]


def well_known_names():
    text = (SOURCE / "include/anonlog/format/well_known_names.hpp").read_text()
    names = " ".join(re.findall(r'"([a-z. ]{3,})"', text.partition("groups[] = {")[2].partition("};")[0])).split()
    if len(names) < 150:
        raise SystemExit(f"only {len(names)} well-known names found: has the list moved?")
    return names + ["nobody", "own.thing", "headers.cookie", "headers.authorization", "headers.x-forwarded-for", "headers.user-agent",
                    "headers.referer", "headers.forwarded", "request.headers.x-real-ip"]


def nested(name, value):
    for part in reversed(name.split(".")):
        value = f'{{"{part}":{value}}}'
    return value


def lines_of_json():
    known, seen = dict(classes_of_json(well_known_names())), set()
    for name, cls in known.items():
        if cls == "keep":
            continue
        escapes = JSON | {"percent": PERCENT["percent"], "percent twice": PERCENT["percent twice"]}
        if cls in seen:  # the other names of a class lead to the same code
            escapes = {one: JSON[one] for one in ("json", "\\uXXXX")}
        seen.add(cls)
        for text in plantings(cls, escapes):
            if re.search(r'(?<!\\)(?:\\\\)*"', text):
                text = re.sub(r'(?<!\\)"', r'\\"', text)
            yield nested(name, f'"{text}"')
        yield nested(name, f'["{ADDRESSES["ipv4"][0]}",["{SHAPED["email"][0]}"],{{"{SHAPED["token"][0]}":"{ADDRESSES["ipv6"][0]}"}}]')
        if cls not in ("bytes", "duration"):
            yield nested(name, NUMBERS["ipv4 number"][0])
            yield nested(name, NUMBERS["card"][0])
            yield nested(name, NUMBERS["card"][0] + ".5e1")
    for kind in SHAPES.values():
        for spelling in kind:
            for escape in JSON.values():
                yield f'{{"status":200,"{escape(spelling)}":1}}'
                yield f'{{"status":200,"{escape(spelling)}":{{"{escape(spelling)}":"x"}}}}'
    yield '{"user":"a","user":"zqplanteduser","us\\u0065r":"zqplanteduser"}'


def classes_of_json(names):
    for name in names:
        rows = classes("json", nested(name, '"x"'))
        yield name, rows[-1][1]


LTSV_NAMES = ["host", "user", "req", "referer", "ua", "forwardedfor", "uri", "time", "x", "cookie", "size", "vhost", "method_"]
LOGFMT_NAMES = ["client", "user", "request", "referer", "ua", "fwd", "path", "time", "x", "cookie", "service", "request_id", "at"]


def lines_of_keyed(name):
    names, form = (LTSV_NAMES, "status:200\t{n}:{v}\tsize:5") if name == "ltsv" else (LOGFMT_NAMES, 'status=200 {n}="{v}" bytes=5')
    found = {n: classes(name, form.replace("{n}", n).replace("{v}", "x"))[1][1] for n in names}
    for n, cls in found.items():
        if cls == "keep":
            continue
        for value in plantings(cls, PLAIN | PERCENT | BACKSLASH):
            yield form.replace("{n}", n).replace("{v}", value)
            if name == "logfmt" and '"' not in value and " " not in value:
                yield f"status=200 {n}={value} bytes=5"
    for kind in SHAPES.values():
        for spelling in kind:
            yield form.replace("{n}", spelling).replace("{v}", "1")


# Columns beside those of the sample.
TABLES = {"w3c": (" ", ["cs(Cookie)", "X-Forwarded-For", "cs-host", "x-nobody"]), "csv": (",", ["cookie", "referer", "xff", "nobody"]),
          "tsv": ("\t", ["cookie", "referer", "xff", "nobody"]), "zeek": ("\t", ["proxied", "orig_filenames", "nobody"])}


def header_of(name, sample):
    """What must stand before all other lines."""
    return [TABLES[name][0].join([sample.split("\n")[0], *TABLES[name][1]])] if name in TABLES else []


def lines_of_table(name, sample):
    delimiter, more = TABLES[name]
    line = sample.split("\n")[1]
    row = (next(csv.reader([line])) if name == "csv" else line.split(delimiter)) + ["-"] * len(more)
    fields = classes(name, header_of(name, sample)[0] + "\n" + delimiter.join(row))
    if len(fields) != len(row):
        raise SystemExit(f"{name}: this test cannot find the fields of the sample: {len(row)} and {len(fields)}")
    for column, (_, cls) in enumerate(fields):
        if cls == "keep":
            continue
        for value in plantings(cls, PLAIN | PERCENT | (BACKSLASH if name in ("w3c", "zeek") else {})):
            with_quotes = '"' + value.replace('"', '""') + '"'
            for spelled in {"w3c": {value.replace(" ", "+"), with_quotes}, "csv": {with_quotes}}.get(name, {value}):
                yield delimiter.join(row[:column] + [spelled] + row[column + 1:])


IN_HEADS = ADDRESSES | {"email": SHAPED["email"]}
COMBINED = '203.0.113.1 - - [10/Oct/2025:13:55:36 +0000] "GET / HTTP/1.1" 200 512 "-" "curl/8.5.0"'
HEADS = [
    "<190>Oct 10 13:55:36 web1 nginx: {m}", "Oct 10 13:55:36 web1 nginx[17]: {m}", "<190>1 2025-10-10T13:55:36Z web1 nginx 17 - - {m}",
    '<190>1 2025-10-10T13:55:36Z web1 nginx 17 ID47 [a@1 b="{c}"] {m}', "<190>Oct 10 13:55:36 {c} nginx: {m}",
    "<190>Oct 10 13:55:36 web1 {c}: {m}", "<190>Oct 10 13:55:36 web1 nginx[{c}]: {m}", "<190>1 2025-10-10T13:55:36Z {c} {c} {c} {c} - {m}",
    "2025-10-10T13:55:36.123456789Z stdout F {m}", "2025-10-10T13:55:36.123456789Z {c} F {m}", "web-1  | {m}", "{c}  | {m}",
    '{{"log":"{j}\\n","stream":"stdout","time":"2025-10-10T13:55:36.123456789Z"}}', '{{"log":"{j}\\n","stream":"{c}","attrs":{{"a":"{c}"}}}}',
    '{{"message":"{j}","host":"{c}","tag":"{c}"}}']
INSIDE = [COMBINED.replace("203.0.113.1 - -", "{c} - {c}"), COMBINED.replace("GET /", "GET /a?k={c}"), COMBINED.replace("curl/8.5.0", "{c}"),
          '{{"remote_addr":"{c}","request":"GET /?a={c} HTTP/1.1","x":"{c}"}}', 'status=200 client="{c}" x={c}',
          '2025/10/10 13:55:36 [error] 22160#22161: *253 open() "/srv/{c}" failed (2: No such file or directory), client: {c}, server: example.com, '
          'request: "GET /users/{c}?k={c} HTTP/1.1", host: "example.com"']


def lines_of_syslog():
    for head in HEADS:
        for number, inside in enumerate(INSIDE):
            error_log = inside.startswith("2025/")
            for kinds in (SHAPES if error_log else EVERYTHING).values():
                for spelling in kinds:
                    own = OCTAL if re.match(r"<|Oct", head) else {}  # only daemons of syslog write #ooo
                    for escape in (PLAIN | BACKSLASH | own | {"percent": PERCENT["percent"]}).values():
                        canary = escape(spelling)
                        message = inside.replace("{{", "{").replace("}}", "}").replace("{c}", canary)
                        line = head.replace("{{", "{").replace("}}", "}").replace("{m}", message)
                        line = line.replace("{j}", json.dumps(message)[1:-1])
                        if "{c}" in line:
                            if number or not any(spelling in kind for kind in IN_HEADS.values()):
                                continue  # once; a host or tag is a word of the operator's, a process has a number
                            line = line.replace("{c}", canary.replace("\\", "") if head.startswith("{{") else canary)
                        yield line


ERRORS = [
    ('2025/10/10 13:55:36 [error] 22160#22161: *253 open() "/srv/{c}" failed (2: No such file or directory), client: 192.0.2.1, server: _', SHAPES),
    ("2025/10/10 13:55:36 [info] 22160#22161: *253 client closed connection, client: {c}, server: 0.0.0.0:80", SHAPES),
    ('2025/10/10 13:55:36 [error] 22160#22161: *253 x, client: 192.0.2.1, server: _, request: "GET /a?k={c} HTTP/1.1", host: "h"', EVERYTHING),
    ('2025/10/10 13:55:36 [error] 22160#22161: *253 x, client: 192.0.2.1, server: _, request: "GET / HTTP/1.1", host: "h", referrer: "http://a.example/{c}"', EVERYTHING),
    ('2025/10/10 13:55:36 [error] 22160#22161: *253 x, client: 192.0.2.1, server: _, request: "GET / HTTP/1.1", upstream: "http://{c}/{c}", host: "{c}"', HOST),
    ('2025/10/10 13:55:36 [error] 22160#22161: *253 user "{c}" was not found in "/srv/htpasswd", client: 192.0.2.1, server: _', EVERYTHING),
    ('2025/10/10 13:55:36 [error] 22160#22161: *253 user "{c}": password mismatch, client: 192.0.2.1, server: _', EVERYTHING),
    ("[Fri Oct 10 13:55:36.123456 2025] [core:info] [pid 20588:tid 20721] [client {c}:7192] AH00128: File does not exist: /srv/a", ADDRESSES),
    ("[Fri Oct 10 13:55:36.123456 2025] [core:info] [pid 20588:tid 20721] [client 192.0.2.1:7192] AH00128: File does not exist: /srv/{c}, referer: http://a.example/{c}", SHAPES),
    ("[Fri Oct 10 13:55:36.123456 2025] [auth_basic:error] [pid 20588:tid 20721] [client 192.0.2.1:7192] AH01618: user {c} not found: /private", EVERYTHING),
    ('[Fri Oct 10 13:55:36.123456 2025] [auth_basic:error] [pid 20588:tid 20721] [client 192.0.2.1:7192] AH01617: user {c}: authentication failure for "/private": Password Mismatch', EVERYTHING),
    ("2025-10-10 13:55:36: (mod_auth.c.854) password doesn't match for /private username: {c} IP: 192.0.2.1", EVERYTHING),
    ("2025-10-10 13:55:36: (response.c.311) -- logical -> {c}", SHAPES),
    ('[10-Oct-2025 13:55:36] WARNING: [pool www] child 17 said into stderr: "client {c}"', SHAPES),
    ("[10-Oct-2025 13:55:36 Europe/Berlin] PHP Warning:  fopen(/srv/{c}): Failed to open stream in /srv/a.php on line 3", SHAPES),
    ('2025/10/10 13:55:36.123\t\x1b[34mINFO\x1b[0m\thttp.log.access\thandled request\t{"remote_ip":"{j}","user_id":"{j}","uri":"/a?k={j}"}', EVERYTHING),
    ('2025/10/10 13:55:36.123\tINFO\thandled request\t{"status":200,"{j}":1}', SHAPES),
    ("2025/10/10 13:55:36.123\tERROR\ttls\tno certificate for {c}", SHAPES),
]


def lines_of_error_log():
    for text, kinds in ERRORS:
        for spellings in kinds.values():
            for spelling in spellings:
                for escape in (JSON if "{j}" in text else PLAIN | BACKSLASH | {"percent": PERCENT["percent"]}).values():
                    yield text.replace("{c}", escape(spelling)).replace("{j}", escape(spelling))


FORENSIC_NAMES = ["Host", "User-Agent", "Referer", "Cookie", "Authorization", "X-Forwarded-For", "Forwarded", "X-Nobody", "{c}"]


def lines_of_forensic():
    """The server writes what would end a value as %HH; a client may write more of them, which the server escapes again."""
    def written(text, marks):
        return "".join(f"%{byte:02x}" if chr(byte) in marks or not 32 <= byte < 127 else chr(byte) for byte in text.encode())

    def line(request, name, value, marks):
        return f"+4711:68e90d18:0|{written(request, marks)}|{written(name, marks)}:{written(value, marks)}|Connection:close"

    for marks in (":|%", ":|%.@", "".join(map(chr, range(32, 127)))):
        for request in plantings("request", PLAIN | PERCENT):
            yield line(request, "Host", "www.example.com", marks)
        for name in FORENSIC_NAMES:
            path = f"+4711:68e90d18:0|GET / HTTP/1.1|{'X' if '{' in name else name}:x"
            cls = classes("apache_forensic", path)[-1][1]
            if cls == "keep":
                continue
            for value in plantings(cls, PLAIN | PERCENT):
                if "{" not in name:
                    yield line("GET / HTTP/1.1", name, value, marks)
        for spelling in (spelling for kind in SHAPES.values() for spelling in kind):
            yield line("GET / HTTP/1.1", spelling, "x", marks)


def lines_of(name, pattern, sample, is_first):
    if pattern is not None:
        return lines_of_pattern(name, pattern, sample, is_first)
    if name in TABLES:
        return lines_of_table(name, sample)
    return {"json": lines_of_json, "ltsv": lambda: lines_of_keyed("ltsv"), "logfmt": lambda: lines_of_keyed("logfmt"),
            "syslog": lines_of_syslog, "error_log": lines_of_error_log, "apache_forensic": lines_of_forensic}[name]()


def check(name, lines, folder, faults):
    log = ("\n".join(lines) + "\n").encode()
    report, rejects = folder / "report.json", folder / "rejects"
    for preset in PRESETS:
        for form in (name, "auto"):
            where = f"{name}, {preset}, -f {form}"
            run = subprocess.run([BIN, "-f", form, "-p", preset, "-v", "--max-reject", "100%", "--on-reject", "skeleton",
                                  "--rejects", rejects, "--report", report], input=log, capture_output=True, timeout=300)
            if run.returncode != 0:
                faults.append(f"{where}: exit status {run.returncode}")
                continue
            counts = json.loads(report.read_text())["lines"]
            if counts["in"] != len(lines) or counts["out"] + counts["rejected"] != len(lines):
                faults.append(f"{where}: {len(lines)} lines, counted {counts}")
            if form == name and counts["out"] < len(lines) / 4:  # `auto` may take a line with such a value for no format's
                faults.append(f"{where}: only {counts['out']} of {len(lines)} lines were read: the canaries are not where they belong")
            for what, text in (("output", run.stdout), ("rejects", rejects.read_bytes()), ("messages", run.stderr), ("report", report.read_bytes())):
                left = list(findings_by_line(text))
                for line, kinds in left[:3]:
                    faults.append(f"{where}: {what}: {', '.join(sorted(kinds))}: {line[:1000]!r}")
                if len(left) > 3:
                    faults.append(f"{where}: {what}: {len(left)} different lines in all")


def blind_spots():
    """The search finds every spelling in every escape, also with letters around it: else it could not fail."""
    return [f"the search does not find {spelling!r}, {name}: {escape(spelling)!r}"
            for spelling in (one for kind in EVERYTHING.values() for one in kind)
            for name, escape in (PLAIN | PERCENT | BACKSLASH | HAPROXY | OCTAL | JSON).items()
            if not findings(f"a/{escape(spelling)} b".encode())]


def main():
    faults, total, only = blind_spots(), 0, sys.argv[1:]
    with tempfile.TemporaryDirectory() as directory:
        entries = [entry for entry in formats() if not only or entry[0] in only]
        seen = set()
        for name, pattern, sample in entries:
            lines = header_of(name, sample) + sorted(set(lines_of(name, pattern, sample, name not in seen)))
            seen.add(name)
            check(name, lines, pathlib.Path(directory), faults)
            total += len(lines)
    print(f"{total} planted lines, {len(entries)} patterns of {len(seen)} formats, each read {2 * len(PRESETS)} times")
    print("\n".join(faults))
    return 1 if faults or (not only and len(seen) < 25) else 0


if __name__ == "__main__":
    sys.exit(main())
