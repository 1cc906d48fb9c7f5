"""rivals.py: what people run today instead: how each is started, what it claims to do, and whether it does.

A rival gets a log and gives seconds. Before anything is timed, `check` compares what it writes for the first lines with
what it claims; nobody is measured doing nothing. Each is asked only for what it can do.
"""
import ipaddress
import json
import os
import pathlib
import re
import subprocess
import tempfile
import time

IPV4 = re.compile(rb"(\d+\.\d+\.\d+)\.\d+")
LAST_LINE = b'203.0.113.255 - - [31/Dec/2026:23:59:59 +0000] "GET /the-last-line HTTP/1.1" 200 1 "-" "-"\n'


def ordinary(line):
    """No escapes, all fields: the lines that claims are checked on."""
    return line.count(b'"') == 6 and b"\\" not in line and line.split(b'"')[1].count(b" ") == 2


def last_octet(line):
    host, rest = line.split(b" ", 1)
    return IPV4.sub(rb"\1.0", host, 1) + b" " + rest if IPV4.fullmatch(host) else line


def three_fields(line):
    before, request, *after = last_octet(line).split(b'"')
    method, target, protocol = request.split(b" ")
    clock = re.fullmatch(rb"(.*\d{4}:\d\d):\d\d:\d\d( .*)", before)
    return b'"'.join([clock[1] + b":00:00" + clock[2], b" ".join([method, target.split(b"?")[0], protocol]), *after])


def masked(address, ipv4_bits, ipv6_bits):
    zeros = ipv4_bits if address.version == 4 else ipv6_bits
    return type(address)(int(address) >> zeros << zeros)


class Filter:
    """A program from standard input to standard output."""

    def __init__(self, name, work, command, claim, environment=None, is_slow=False):
        self.name, self.work, self.command, self.claim, self.is_slow = name, work, command, claim, is_slow
        self.environment = {**os.environ, **(environment or {})}

    def run(self, log, out=os.devnull):
        with open(log, "rb") as source, open(out, "wb") as target:
            begin = time.perf_counter()
            subprocess.run(self.command, stdin=source, stdout=target, stderr=subprocess.DEVNULL, check=True, env=self.environment)
            return time.perf_counter() - begin

    def check(self, log):
        with tempfile.TemporaryDirectory() as folder:
            out = pathlib.Path(folder) / "out"
            self.run(log, out)
            before, after = log.read_bytes().splitlines(), out.read_bytes().splitlines()
        if len(before) != len(after):
            return f"{len(before)} lines became {len(after)}"
        pairs = [(a, b) for a, b in zip(before, after) if ordinary(a)]
        if len(pairs) < 100 or sum(a != b for a, b in pairs) < len(pairs) // 2:
            return "changed too few lines"
        wrong = [(a, b) for a, b in pairs if not self.claim(a, b)]
        return f"{len(wrong)} of {len(pairs)} lines are not as claimed, such as {wrong[0]}" if wrong else None


class Mmanon(Filter):
    """rsyslogd with one file in, mmanon, one file out; done when the last line is there.

    Now and then imfile waits at the end of its file for a change that does not come: then the run is made again."""

    PATIENCE, TRIES = 20, 5  # seconds; one run takes two

    CONFIGURATION = """global(workDirectory="{folder}" maxMessageSize="64k")
module(load="imfile")
module(load="mmanon")
template(name="line" type="string" string="%msg%\\n")
ruleset(name="log") {{
  action(type="mmanon" ipv4.bits="8" ipv4.mode="zero" ipv6.bits="80" ipv6.anonmode="zero")
  action(type="omfile" file="{folder}/out" template="line")
}}
input(type="imfile" file="{folder}/in" tag="log" ruleset="log")
"""

    def run(self, log, out=None):
        for _ in range(self.TRIES):
            seconds = self.run_once(log, out)
            if seconds is not None:
                return seconds
        raise RuntimeError("rsyslogd did not finish the file")

    def run_once(self, log, out):
        with tempfile.TemporaryDirectory(dir=log.parent) as name:
            folder = pathlib.Path(name)
            (folder / "in").write_bytes(log.read_bytes() + LAST_LINE)
            (folder / "conf").write_text(self.CONFIGURATION.format(folder=folder))
            begin = time.perf_counter()
            daemon = subprocess.Popen(["rsyslogd", "-n", "-f", folder / "conf", "-i", folder / "pid"],
                                      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                while not self.is_complete(folder / "out"):
                    if daemon.poll() is not None:
                        raise RuntimeError("rsyslogd ended")
                    if time.perf_counter() - begin > self.PATIENCE:
                        return None
                    time.sleep(0.002)
                seconds = time.perf_counter() - begin
            finally:
                daemon.terminate()
                daemon.wait()
            if out:
                out.write_bytes((folder / "out").read_bytes().replace(b"\n" + LAST_LINE.replace(b".255", b".0"), b"\n"))
            return seconds

    @staticmethod
    def is_complete(path):
        if not path.exists():
            return False
        with open(path, "rb") as file:
            file.seek(max(path.stat().st_size - 200, 0))
            return b"/the-last-line" in file.read()


class Goaccess(Filter):
    """Parses and counts: no rival, but a log reader that everybody knows."""

    def run(self, log, out=None):
        with tempfile.TemporaryDirectory() as folder:
            report = pathlib.Path(folder) / "report.json"
            begin = time.perf_counter()
            subprocess.run(["goaccess", log, "--log-format=COMBINED", "--no-global-config", "--no-progress", "-o", report],
                           stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
            seconds = time.perf_counter() - begin
            self.counted = json.loads(report.read_text())["general"]["valid_requests"]
            return seconds

    def check(self, log):
        self.run(log)
        lines = len(log.read_bytes().splitlines())
        return None if self.counted > 0.99 * lines else f"read {self.counted} of {lines} lines"


def exactly(change):
    return lambda before, after: after == change(before)


def address_masked(ipv4_bits, ipv6_bits, rest_is_kept):
    def claim(before, after):
        (host, rest), (new_host, new_rest) = before.split(b" ", 1), after.split(b" ", 1)
        address, new = (ipaddress.ip_address(h.decode()) for h in (host, new_host))
        if address.version == 6 and address.ipv4_mapped:
            return host != new_host
        return new == masked(address, ipv4_bits, ipv6_bits) and (not rest_is_kept or rest == new_rest)
    return claim


def all_rivals(anonip):
    octet = "last octet of IPv4"
    first = r"s/^([0-9]+\.[0-9]+\.[0-9]+)\.[0-9]+/"
    awk = r'{ sub(/\.[0-9]+ - /, ".0 - "); print }'
    python = (r"import re, sys; octet = re.compile(rb'^(\d+\.\d+\.\d+)\.\d+').sub; write = sys.stdout.buffer.write"
              "\n" r"for line in sys.stdin.buffer: write(octet(rb'\1.0', line))")
    three = r's/^(\d+\.\d+\.\d+)\.\d+/$1.0/; s/("[A-Z]+ [^ ?"]*)\?[^ "]*/$1/; s/(:\d\d):\d\d:\d\d /$1:00:00 /'
    plain = {"LC_ALL": "C"}
    octet_is_zero = exactly(last_octet)

    def octet_is_zero_in_mapped_too(before, after):  # what awk's pattern cannot tell apart
        return octet_is_zero(before, after) or (before.startswith(b"::ffff:") and after.split(b" ")[0].endswith(b".0"))

    return [
        Filter("mawk", octet, ["mawk", awk], octet_is_zero_in_mapped_too),
        Filter("perl", octet, ["perl", "-pe", r"s/^(\d+\.\d+\.\d+)\.\d+/$1.0/"], octet_is_zero),
        Filter("gawk", octet, ["gawk", awk], octet_is_zero_in_mapped_too, plain),
        Filter("sed, C locale", octet, ["sed", "-E", first + r"\1.0/"], octet_is_zero, plain),
        Filter("sed, UTF-8", octet, ["sed", "-E", first + r"\1.0/"], octet_is_zero, {"LC_ALL": "C.UTF-8"}),
        Filter("perl, three fields", "last octet of IPv4, query, hour", ["perl", "-pe", three], exactly(three_fields)),
        Filter("ripgrep", octet, ["rg", "--no-config", "--passthru", "--color=never", "-N", "-r", "${1}.0",
                                  r"^([0-9]+\.[0-9]+\.[0-9]+)\.[0-9]+"], octet_is_zero, is_slow=True),
        Filter("python re.sub", octet, ["python3", "-c", python], octet_is_zero, is_slow=True),
        Mmanon("rsyslog mmanon", "IPv4 and IPv6 addresses", [], address_masked(8, 80, rest_is_kept=False), is_slow=True),
        Filter("anonip", "IPv4 and IPv6 addresses", [anonip, "--ipv4mask", "8"], address_masked(8, 84, rest_is_kept=True), is_slow=True),
        Goaccess("goaccess", "parses and counts, writes no log", [], None, is_slow=True),
    ]
