#!/usr/bin/env python3
# servers_test.py: a real nginx and a real Apache log ordinary and hostile requests through anonlog; nothing planted,
# no client address, no query value and no user name may come out.
#
# Apache pipes (`CustomLog "|anonlog ..."`), nginx writes into a FIFO that anonlog reads live, and the logs that both
# wrote beside it are fed afterwards, under several policies. Exit status 77: a server is not installed.
import collections
import ipaddress
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import local_servers
import requests
from local_servers import APACHE_FORMATS, NGINX_MAIN, wait_for

BIN = os.environ.get("ANONLOG_BIN") or str(Path(__file__).resolve().parents[2] / "build/release/anonlog")

# What a line of each format looks like after us: the same slots as before.
COMMON = r'(?P<ip>\S+) \S+ (?P<user>\S+) \[(?P<time>[^\]]*)\] "(?P<request>(?:[^"\\]|\\.)*)" (?:\d{3}|-) (?:\d+|-)'
COMBINED = COMMON + r' "(?P<referrer>(?:[^"\\]|\\.)*)" "(?P<agent>(?:[^"\\]|\\.)*)"'
SHAPES = {
    "common": COMMON,
    "combined": COMBINED,
    "main": COMBINED + r' "(?P<xff>(?:[^"\\]|\\.)*)"',
    "vhost_combined": r"(?P<vhost>\S+) " + COMBINED,
}
ALLOWED_QUERY_ITEM = re.compile(r"(\*|[A-Za-z_][\w.\[\]-]{0,31}=\*|_=\*|page=\d{1,4}|lang=[a-z]{2,3}|utm_source=news)")
KEPT = {ipaddress.ip_address(a) for a in ("127.0.0.1", "::1", "0.0.0.0", "::")}  # SPEC 3.2.4
QUAD = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])")
GROUPS = re.compile(r"(?<![\w:])[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,7}(?![\w:])")

POLICIES = [["balanced"], ["strict"], ["cnil"], ["tor"]]
NOT_YET = [["analytics"], ["share", "--recipient", "partner"]]  # may say that they are not in this version

faults = []
notes = set()


def fault(where, what):
    faults.append(f"{where}: {what}")


def anonlog(arguments, data, where, may_be_missing=False):
    """Runs the command; returns what it wrote and its report, or None for what this version says it does not have."""
    with tempfile.TemporaryDirectory() as directory:
        report = Path(directory) / "report.json"
        done = subprocess.run([BIN, *arguments, "--max-reject", "100%", "--report", report], input=data,
                              capture_output=True, timeout=120)
        if may_be_missing and done.returncode == 2 and not done.stdout and b"not in this version" in done.stderr:
            notes.add("not checked: " + done.stderr.decode().strip())
            return None
        if done.returncode != 0:
            fault(where, f"exit status {done.returncode}: {done.stderr.decode(errors='replace')[:500]}")
        check_no_canary(where + ", standard error", done.stderr)
        text = report.read_bytes() if report.exists() else b"{}"
        check_no_canary(where + ", report", text)
        return done.stdout, json.loads(text)


def check_no_canary(where, data):
    text = data.decode("latin-1")
    for kind, canary in vars(requests.CANARIES).items():
        if canary.lower() in text.lower():
            at = text.lower().index(canary.lower())
            fault(where, f"the {kind} came out: {text[max(0, at - 80):at + 40]!r}")


def is_truncated(address):
    if address in KEPT:
        return True
    kept_bits = 24 if address.version == 4 else 48  # the widest of the presets used here
    if address.version == 6 and address.sixtofour:
        kept_bits = 16 + 24
    return int(address) & ((1 << (address.max_prefixlen - kept_bits)) - 1) == 0


def check_addresses(where, text):
    for found in QUAD.findall(text) + GROUPS.findall(text):
        try:
            address = ipaddress.ip_address(found)
        except ValueError:
            continue  # 13:55:36, 1.2.3.456
        if not is_truncated(address):
            fault(where, f"an address with host bits: {found} in {text[:160]!r}")


def check_output(where, form, raw, out, report):
    """Everything that is promised of the output of one log."""
    check_no_canary(where, out)
    lines_in = raw.count(b"\n")
    lines = out.decode("latin-1").splitlines()
    counted = report.get("lines", {})
    rejected = counted.get("rejected", -1)
    if (counted.get("in"), counted.get("out")) != (lines_in, len(lines)) or lines_in != len(lines) + rejected \
            + counted.get("withheld", 0):
        fault(where, f"{lines_in} lines in, {len(lines)} out, the report says {counted}")
    if not lines or rejected > lines_in / 4:
        fault(where, f"{rejected} of {lines_in} lines were rejected: does the format fit?")
    if re.search(rb"[^\x20-\x7e\n]", out):
        fault(where, "a byte outside 0x20..0x7E")
    for line in lines:
        match = re.fullmatch(SHAPES[form], line)
        if not match:
            fault(where, f"does not parse as {form}: {line[:200]!r}")
            continue
        part = match.groupdict()
        check_addresses(where, line.replace(part["time"], ""))
        if part["ip"] != "-" and not is_truncated(ipaddress.ip_address(part["ip"])):
            fault(where, f"client address {part['ip']}")
        if not re.fullmatch(r"-|u-[a-z2-7]{16}|e-[a-z2-7]{16}", part["user"]):
            fault(where, f"user {part['user']!r}")
        if not re.fullmatch(r"-|\d\d/\w{3}/\d{4}:\d\d:(00:00|\d\d:00) [+-]\d{4}", part["time"]):
            fault(where, f"time {part['time']!r}")
        query = re.search(r"\?(\S*)", part["request"])
        for item in query.group(1).split("&") if query else []:
            if not ALLOWED_QUERY_ITEM.fullmatch(item):
                fault(where, f"query item {item!r}")
    if requests.LAST not in out.decode("latin-1"):
        fault(where, "the last request is missing")


def check_again(where, form, out):
    """The output parses with the same format: a second run rejects nothing."""
    _, report = anonlog(["-f", form], out, where + ", once more")
    if report.get("lines", {}).get("rejected") != 0:
        fault(where, f"its output does not parse with its own format: {report.get('lines')}")


def pattern_of(server, name):
    if server == "nginx":
        return "combined" if name == "combined" else NGINX_MAIN
    return APACHE_FORMATS[name].replace(r"\"", '"')


def check_file(server, name, raw):
    form = pattern_of(server, name)
    for policy in POLICIES + NOT_YET:
        where = f"{server} {name}, policy {policy[0]}"
        ran = anonlog(["-f", form, "-p", *policy], raw, where, may_be_missing=policy in NOT_YET)
        if ran:
            check_output(where, name, raw, *ran)
            check_again(where, form, ran[0])
    where = f"{server} {name}, format auto"
    check_output(where, name, raw, *anonlog([], raw, where))
    check_json(f"{server} {name}, jsonl", anonlog(["-f", form, "--output-format", "jsonl"], raw, "jsonl", True))


def check_json(where, ran):
    if not ran:
        return
    check_no_canary(where, ran[0])
    for line in ran[0].splitlines():
        try:
            json.loads(line)
        except ValueError:
            fault(where, "a line that is no JSON")


def wait_until_logged(raw, out):
    """The last request is in both, while the servers still run: nothing is held back."""
    for path in (raw, out):
        wait_for(f"the last request in {path.name}",
                 lambda: path.exists() and requests.LAST.encode() in path.read_bytes())


def settle(report):
    wait_for(f"{report.name}", lambda: report.exists() and report.read_bytes().rstrip().endswith(b"}"), 60)


def run_apache(here, sent):
    raws = {name: here / f"apache-{name}.log" for name in APACHE_FORMATS}
    outs = {name: here / f"apache-{name}.out" for name in APACHE_FORMATS}
    reports = {name: here / f"apache-{name}.json" for name in APACHE_FORMATS}
    logs = [(path, name) for name, path in raws.items()]
    for name in APACHE_FORMATS:  # Apache's own quotes: only names of formats go on its command line
        logs.append((f"|{BIN} -f {name} -o {outs[name]} --append --max-reject 100% --report {reports[name]}", name))
    with local_servers.Apache(here / "apache", logs) as server:
        requests.send_all(sent, server.port)
        for name in APACHE_FORMATS:
            wait_until_logged(raws[name], outs[name])
    for name in APACHE_FORMATS:
        settle(reports[name])
        raw = raws[name].read_bytes()
        check_no_canary(f"apache {name}, piped: report", reports[name].read_bytes())
        check_output(f"apache {name}, piped", name, raw, outs[name].read_bytes(), json.loads(reports[name].read_bytes()))
        check_file("apache", name, raw)
    check_no_canary_of_ours(here / "apache" / "error.log")
    return raws["combined"].read_bytes()


def check_no_canary_of_ours(error_log):
    """Our command writes to the error log of Apache, too: no line of ours there holds a canary."""
    ours = [line for line in error_log.read_bytes().splitlines() if line.startswith(b"anonlog")]
    check_no_canary("what the piped command said", b"\n".join(ours))


def run_nginx(here, sent):
    raws = {name: here / f"nginx-{name}.log" for name in ("combined", "main")}
    fifo, out, report = here / "nginx.fifo", here / "nginx.out", here / "nginx.json"
    os.mkfifo(fifo)
    reader = subprocess.Popen(["sh", "-c", 'exec "$@" <"$0"', fifo, BIN, "-f", "combined", "-o", out, "--append",
                               "--max-reject", "100%", "--report", report], stderr=subprocess.PIPE)
    try:
        logs = [(path, name) for name, path in raws.items()] + [(fifo, "combined")]
        with local_servers.Nginx(here / "nginx", logs) as server:
            requests.send_all(sent, server.port)
            wait_until_logged(raws["combined"], out)
        _, said = reader.communicate(timeout=60)  # nginx is gone, so the FIFO has ended
        check_no_canary("nginx, live: standard error", said)
        if reader.returncode != 0:
            fault("nginx, live", f"exit status {reader.returncode}: {said.decode(errors='replace')[:500]}")
    finally:
        if reader.poll() is None:
            reader.kill()
            reader.wait()
    settle(report)
    raw = raws["combined"].read_bytes()
    check_output("nginx combined, live", "combined", raw, out.read_bytes(), json.loads(report.read_bytes()))
    for name, path in raws.items():
        check_file("nginx", name, path.read_bytes())
    return raws["main"].read_bytes()


def check_the_bait(name, raw):
    """The test can fail: what must not come out did go in."""
    text = raw.decode("latin-1")
    kinds = {"password", "cookie"} | ({"forwarded"} if name == "apache" else set())  # no format logs these
    for kind, canary in vars(requests.CANARIES).items():
        if kind not in kinds and canary not in text:
            fault(f"{name}, bait", f"no {kind} was logged")
    missing = [client for client in requests.CLIENTS + ["127.5.6.7"] if f"\n{client} " not in "\n" + text]
    if missing:
        fault(f"{name}, bait", f"addresses that were not logged: {missing}")


def main():
    absent = local_servers.missing()
    if absent:
        print(f"SKIPPED: not installed: {' '.join(absent)} (scripts/setup test installs them)")
        return 77
    if not os.access(BIN, os.X_OK):
        print(f"no command at {BIN}: build it first")
        return 1
    secrets = requests.CANARIES
    local_servers.known_users.update({secrets.user: secrets.password,
                                      secrets.user + " " + secrets.stranger: secrets.password,
                                      f"{secrets.email}@{requests.DOMAIN}": secrets.password})
    sent = requests.for_this_machine(requests.hostile(secrets) + requests.ordinary(secrets, rounds=8))
    with tempfile.TemporaryDirectory() as directory:
        here = Path(directory)
        here.chmod(0o755)
        for name, run in (("nginx", run_nginx), ("apache", run_apache)):
            raw = run(here, sent)
            check_the_bait(name, raw)
            print(f"{name}: {len(sent) + 1} requests sent, {raw.count(bytes([10]))} lines logged")
    by_text = collections.Counter(faults)
    for text, count in list(by_text.items())[:60]:
        print(text if count == 1 else f"{text} ({count} times)")
    for note in sorted(notes):
        print(note)
    print(f"servers test: {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
