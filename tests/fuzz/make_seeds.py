#!/usr/bin/env python3
# make_seeds.py: the logs a fuzzer begins with, from tests/data/access.log and the values of tests/cases.jsonl.
#
#   make_seeds.py DIRECTORY
#
# A seed is six bytes of choices (fuzz_case.hpp: format, policy, pieces, room, seed, inputs) and a log.
import hashlib
import itertools
import json
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
# The order of fuzz_case.hpp.
AUTO, COMBINED, COMMON, VHOST_COMBINED, NGINX_MAIN, VHOST_COMMON, JSON, LTSV, LOGFMT = range(9)
POLICIES = 8
FIELDS = {  # where a value of a case stands
    "ip": "{v} - - [{t}] \"GET / HTTP/1.1\" 200 5 \"-\" \"curl/8.5.0\"",
    "user": "203.0.113.77 - {v} [{t}] \"GET / HTTP/1.1\" 200 5 \"-\" \"curl/8.5.0\"",
    "time": "203.0.113.77 - - [{v}] \"GET / HTTP/1.1\" 200 5 \"-\" \"curl/8.5.0\"",
    "request": "203.0.113.77 - - [{t}] \"{v}\" 200 5 \"-\" \"curl/8.5.0\"",
    "target": "203.0.113.77 - - [{t}] \"GET {v} HTTP/1.1\" 200 5 \"-\" \"curl/8.5.0\"",
    "sig": "203.0.113.77 - - [{t}] \"GET / HTTP/1.1\" 200 {v} \"-\" \"curl/8.5.0\"",
    "referrer": "203.0.113.77 - - [{t}] \"GET / HTTP/1.1\" 200 5 \"{v}\" \"curl/8.5.0\"",
    "ua": "203.0.113.77 - - [{t}] \"GET / HTTP/1.1\" 200 5 \"-\" \"{v}\"",
    "xff": "203.0.113.77 - - [{t}] \"GET / HTTP/1.1\" 200 5 \"-\" \"curl/8.5.0\" \"{v}\"",
}
NAMES = {  # how lines that name their own fields call such a value
    "ip": "remote_addr", "user": "user", "time": "time", "request": "request", "target": "uri", "sig": "bytes_sent",
    "referrer": "http_referer", "ua": "http_user_agent", "xff": "http_x_forwarded_for", "cookie": "http_cookie",
    "email": "email", "query": "query_string", "text": "message", "host": "host",
}
PATTERNS = [  # pattern_fuzzer.cpp: the first line is the pattern
    '%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i"',
    '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"',
    """log_format a escape=json '{"a":"$remote_addr","r":"$request"}';""",
    r"""LogFormat "%{X-Forwarded-For}i %a:%{remote}p %{%F %T}t \"%m %U%q %H\" %>s %{Cookie}i" own""",
    "$msec\t${remote_addr}$is_args$args\t$upstream_addr\t$upstream_response_time",
]
OTHERS = [  # what none of the patterns above and no name of a value leads to
    "+4711:68e90d18:0|GET /a?b=c HTTP/1.1|Host:example.com%3a443|Cookie:sid=s|X-Forwarded-For:203.0.113.77, 2001%3adb8%3a%3a1\n-4711:68e90d18:0\n",
    "2026/01/15 12:59:59.032\t\x1b[34mINFO\x1b[0m\thttp.log.access\thandled request\t{\"remote_ip\": \"203.0.113.77\", \"uri\": \"/a?b=c\"}\n",
    "[15-Jan-2026 12:59:59] WARNING: [pool www] child 7 said into stderr: \"client 203.0.113.77\"\n[15-Jan-2026 12:59:59 UTC] PHP Warning:  x\n",
    "2026/01/15 12:59:59 [error] 1#1: *5 open() failed, client: 203.0.113.77, request: \"GET /a?b=c HTTP/1.1\", host: \"a\"\n",
    "[Thu Jan 15 12:59:59.745090 2026] [core:info] [pid 20588:tid 20721] [client 203.0.113.77:7192] AH00128: File does not exist: /a\n",
    "#Version: 1.0\n#Fields: date time c-ip cs-method cs-uri-stem cs(User-Agent) sc-status\n2026-01-15 12:59:59 203.0.113.77 GET /a curl/8+x 200\n",
    "time,client_ip,request,status\n2026-01-15T12:59:59Z,203.0.113.77,\"GET /a?b=\"\"c HTTP/1.1\",200\n",
    "<190>1 2026-01-15T12:59:59Z web1 nginx 17 - [a b=\"c\"] 203.0.113.77 - - [15/Jan/2026:12:59:59 +0000] \"GET / HTTP/1.1\" 200 5 \"-\" \"curl/8\"\n",
    "203.0.113.77:51234 [15/Jan/2026:12:59:59.123] web~ app/app1 0/0/1/12/13 200 512 - - ---- 2/1/0/0/0 0/0 {a|b} \"GET /a HTTP/1.1\" 0/0/0/0/0 a/TLSv1.3/X\n",
]
TIMES = ["15/Jan/2026:12:59:59 +0000", "15/Jan/2026:13:00:00 +0000"]


def logs():
    """(format, log): the formats that the same requests can be told in."""
    lines = (TESTS / "data/access.log").read_bytes().splitlines(keepends=True)
    for i in range(0, len(lines), 3):
        part = lines[i:i + 3]
        yield COMBINED, b"".join(part)
        yield COMMON, b"".join(line.rsplit(b' "', 2)[0] + b"\n" for line in part)
        yield VHOST_COMBINED, b"".join(b"www.example.com:443 " + line for line in part)
        yield NGINX_MAIN, b"".join(line.rstrip() + b' "198.51.100.9, 10.0.0.1"\r\n' for line in part)
        yield VHOST_COMMON, b"".join(b"www.example.com:80 " + line.rsplit(b' "', 2)[0] + b"\n" for line in part)
    for line in (TESTS / "cases.jsonl").read_text().splitlines():
        case = json.loads(line)
        for time in TIMES:
            text = FIELDS.get(case["transform"], FIELDS["request"]).format(v=case["input"], t=time)
            yield NGINX_MAIN if case["transform"] == "xff" else COMBINED, text.encode() + b"\n"
        name, value = NAMES.get(case["transform"], "request"), case["input"]
        fields = {"time": "2026-01-15T13:00:00Z", name: value, "headers": {"X-Forwarded-For": [value]}, "status": 200, "own": value}
        yield JSON, json.dumps(fields, separators=(",", ":")).encode() + b"\n"
        yield JSON, b"".join(lines_of_one_server(name, value))
        yield LTSV, f"time:2026-01-15T13:00:00Z\t{name}:{value}\town:{value}\n".encode()
        quoted = value.replace("\\", "\\\\").replace('"', '\\"')
        yield LOGFMT, f'time=2026-01-15T13:00:00Z {name}="{quoted}" own={value} flag\n'.encode()


def of_other_formats():
    for log in OTHERS:
        yield AUTO, log.encode()


def with_patterns():
    lines = (TESTS / "data/access.log").read_bytes().splitlines(keepends=True)
    for number, line in enumerate(lines[:40]):
        yield PATTERNS[number % len(PATTERNS)].encode() + b"\n" + line


def lines_of_one_server(name, value):
    """The second line has the shape of the first."""
    for text, status in (("a", 200), (value, 404), (value, 12)):
        fields = {"time": "2026-01-15T13:00:00+00:00", "remote_addr": "203.0.113.77", "request": "GET /a HTTP/1.1", "status": status,
                  "request_time": 0.5, "http_user_agent": "curl/8.5.0", name: text}
        yield json.dumps(fields, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def main():
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    policies, pieces = itertools.cycle(range(POLICIES)), itertools.cycle([0, 15, 63, 140, 255])
    for own_format, log in itertools.chain(logs(), of_other_formats(), ((COMBINED, log) for log in with_patterns())):
        for wanted in (own_format, AUTO):
            seed = bytes([wanted, next(policies), next(pieces), 4, 1, 0]) + log
            (target / hashlib.sha1(seed).hexdigest()).write_bytes(seed)


if __name__ == "__main__":
    main()
