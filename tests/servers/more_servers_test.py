#!/usr/bin/env python3
# more_servers_test.py: what lighttpd, HAProxy, Varnish, Squid, Caddy and nginx over syslog log of ordinary and hostile requests,
# through anonlog without an option: nothing planted comes out, and each line is read as what it is.
#
# The requests are those of servers_test.py. Exit status 77: none of the servers is installed; one that is missing is named.
import collections
import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import more_servers
import requests
import servers_test
from local_servers import find_program, wait_for
from servers_test import check_addresses, check_no_canary, fault, faults

BIN = servers_test.BIN
# Times hold colons and are no addresses; what the servers of this test are called in their own logs stays.
TIMES = re.compile(r"\d\d:\d\d:\d\d")


# An ordinary word stays where it is the name of a host or the key of a pair of `Forwarded` (SPEC 3.7, 3.2.1), which only
# Caddy logs.
LEFT_OUT = {"caddy": ("connect", "forwarded")}


def without_pseudonyms(text):
    return re.sub(rb"\b[a-z]-[a-z2-7]{16}\b", b"pseudonym", text)


def check_log(name, raw, taken_as, rejected_at_most):
    lines_in = raw.count(b"\n")
    for policy in ("balanced", "strict"):
        with tempfile.TemporaryDirectory() as directory:
            report, rejects = Path(directory) / "report.json", Path(directory) / "rejects"
            done = subprocess.run([BIN, "-p", policy, "--max-reject", "100%", "--on-reject", "skeleton", "--rejects", rejects,
                                   "--report", report], input=raw, capture_output=True, timeout=120)
            where = f"{name}, {policy}"
            if done.returncode != 0:
                fault(where, f"exit status {done.returncode}: {done.stderr.decode(errors='replace')[:300]}")
                continue
            counts = json.loads(report.read_text())
            for what, text in (("output", done.stdout), ("standard error", done.stderr), ("report", report.read_bytes()),
                               ("rejects", rejects.read_bytes())):
                check_no_canary(f"{where}, {what}", without_pseudonyms(text))
        lines = counts["lines"]
        if lines["in"] != lines_in or lines_in != lines["out"] + lines["rejected"] + lines["withheld"] or \
                done.stdout.count(b"\n") != lines["out"]:
            fault(where, f"{lines_in} lines, counted {lines}, {done.stdout.count(bytes([10]))} written")
        if lines["rejected"] > rejected_at_most:
            fault(where, f"{lines['rejected']} of {lines_in} lines rejected")
        formats = {form for form, count in counts["formats"].items() if count}
        if not formats or not formats <= taken_as:
            fault(where, f"read as {sorted(formats)}, expected {sorted(taken_as)}")
        if re.search(rb"[^\x20-\x7e\n]", done.stdout):
            fault(where, "a byte outside 0x20..0x7E")
        for line in done.stdout.decode("latin-1").splitlines():
            check_addresses(where, TIMES.sub("", line))
        if policy == "balanced" and requests.LAST not in done.stdout.decode("latin-1"):
            fault(where, "the last request is missing")


def check_bait(name, raw, kinds):
    """The test can fail: what must not come out did go in."""
    text = raw.decode("latin-1")
    for kind in kinds:
        if vars(requests.CANARIES)[kind] not in text:
            fault(f"{name}, bait", f"no {kind} was logged")


def log_of(here, name, start, path, sent):
    """Starts a server, sends everything, and returns what was logged once that has come to rest."""
    with contextlib.ExitStack() as stack:
        server = start(stack)
        requests.send_all(sent, server.port)
        wait_for(f"the last request of {name}", lambda: path.exists() and requests.LAST.encode() in path.read_bytes())
        size = -1
        while size != path.stat().st_size:
            size = path.stat().st_size
            time.sleep(0.3)
    return path.read_bytes()


def servers(here, origin):
    """name -> (program, how to start it, its log, formats, rejects allowed, secrets that its log holds)."""
    url = {"token", "word", "email", "agent"}

    def direct(make, *arguments):
        return lambda stack: stack.enter_context(make(*arguments))

    def over_syslog(make, path, *arguments):
        def start(stack):
            receiver = stack.enter_context(more_servers.SyslogReceiver(path))
            return stack.enter_context(make(*arguments, receiver.port))
        return start

    logs = {name: here / f"{name}.log" for name in ("lighttpd", "haproxy", "nginx-syslog", "squid", "varnish", "caddy")}
    return {
        "lighttpd": ("lighttpd", direct(more_servers.Lighttpd, here / "lighttpd", logs["lighttpd"]), logs["lighttpd"],
                     {"combined", "lighttpd"}, 0, url | {"referrer"}),
        "haproxy": ("haproxy", over_syslog(more_servers.Haproxy, logs["haproxy"], here / "haproxy", origin), logs["haproxy"],
                    {"syslog"}, 4, url | {"cookie"}),
        "nginx-syslog": ("nginx", over_syslog(more_servers.NginxSyslog, logs["nginx-syslog"], here / "nginx"), logs["nginx-syslog"],
                         {"syslog"}, 0, url | {"referrer", "user", "stranger"}),
        "squid": ("squid", direct(more_servers.Squid, here / "squid", origin, logs["squid"]), logs["squid"], {"squid"}, 4, {"token", "word", "email"}),
        "varnish": ("varnishd", direct(more_servers.Varnish, here / "varnish", origin, logs["varnish"]), logs["varnish"],
                    {"combined"}, 0, url | {"referrer", "user"}),
        "caddy": ("caddy", direct(more_servers.Caddy, here / "caddy", logs["caddy"]), logs["caddy"], {"json"}, 0, url | {"referrer"}),
    }


def main():
    if not os.access(BIN, os.X_OK):
        print(f"no command at {BIN}: build it first")
        return 1
    sent = [request for request in requests.hostile(requests.CANARIES) + requests.ordinary(requests.CANARIES, rounds=4)
            if ":" not in request.source]
    wanted, ran = sys.argv[1:], 0
    with tempfile.TemporaryDirectory() as directory, more_servers.Origin() as origin:
        here = Path(directory)
        here.chmod(0o777)
        for name, (program, start, path, taken_as, rejected, bait) in servers(here, origin.port).items():
            if wanted and name not in wanted:
                continue
            if not find_program(program):
                print(f"SKIPPED: {program} is not installed (scripts/setup test installs it)")
                continue
            begin = time.monotonic()
            raw = log_of(here, name, start, path, [request for request in sent if request.name not in LEFT_OUT.get(name, ())])
            if os.environ.get("ANONLOG_KEEP_LOGS"):
                Path(os.environ["ANONLOG_KEEP_LOGS"], path.name).write_bytes(raw)
            check_bait(name, raw, bait)
            check_log(name, raw, taken_as, rejected)
            ran += 1
            print(f"{name}: {len(sent) + 1} requests, {raw.count(bytes([10]))} lines logged, {time.monotonic() - begin:.1f} s")
    for text, count in list(collections.Counter(faults).items())[:60]:
        print(text if count == 1 else f"{text} ({count} times)")
    print(f"more servers test: {len(faults)} faults, {ran} servers")
    return 1 if faults else 0 if ran else 77


if __name__ == "__main__":
    sys.exit(main())
