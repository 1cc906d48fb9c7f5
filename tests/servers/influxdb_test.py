#!/usr/bin/env python3
"""Points go into a real InfluxDB over HTTP and are all there when it is asked: none is lost, none is refused, and nothing that was
planted in the log is in any of them.

The server is Debian's, on a free port of 127.0.0.1, with everything it keeps in a folder of the test. Exit status 77: it is not
installed.
"""
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request

from local_servers import find_program, free_port, wait_for

BIN = os.environ.get("ANONLOG_BIN") or str(pathlib.Path(__file__).resolve().parents[2] / "build/release/anonlog")
CONFIGURATION = """reporting-disabled = true
bind-address = "127.0.0.1:{rpc}"
[meta]
dir = "{folder}/meta"
[data]
dir = "{folder}/data"
wal-dir = "{folder}/wal"
[http]
bind-address = "127.0.0.1:{port}"
log-enabled = false
[monitor]
store-enabled = false
[subscriber]
enabled = false
"""
PLANTED = {"address": "203.0.113.77", "other address": "198.51.100.237", "user": "plantedada", "token": "plantedt0ken", "referrer": "plantedpage"}
HOURS, LINES_AN_HOUR = 5, 4000
faults = []
urllib.request.install_opener(urllib.request.build_opener(urllib.request.ProxyHandler({})))  # the server is on this machine


def fault(what):
    faults.append(what)


class InfluxDb:
    def __init__(self, folder):
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        configuration = folder / "influxdb.conf"
        configuration.write_text(CONFIGURATION.format(folder=folder, port=self.port, rpc=free_port()))
        self.log = open(folder / "influxdb.log", "wb")
        self.process = subprocess.Popen([find_program("influxd"), "run", "-config", configuration], stdout=self.log, stderr=self.log,
                                        env={**os.environ, "HOME": str(folder)})

    def __enter__(self):
        wait_for("influxd", self.answers, 60)
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()

    def answers(self):
        if self.process.poll() is not None:
            raise RuntimeError(f"influxd ended with {self.process.returncode}")
        try:
            return urllib.request.urlopen(self.base + "/ping", timeout=5).status == 204
        except OSError:
            return False

    def query(self, text, **more):
        data = urllib.parse.urlencode({"q": text, "epoch": "ns", **more}).encode()
        answer = json.load(urllib.request.urlopen(self.base + "/query", data, timeout=60))
        result = answer["results"][0]
        if "error" in result:
            raise RuntimeError(result["error"])
        return result.get("series", [])

    def write(self, points, database):
        lines = points.splitlines(keepends=True)
        for at in range(0, len(lines), 5000):
            try:
                urllib.request.urlopen(f"{self.base}/write?db={database}&precision=ns", b"".join(lines[at:at + 5000]), timeout=60).read()
            except urllib.error.HTTPError as error:
                fault(f"{database}: points were refused: {error.code} {error.read()[:300]!r}")

    def count(self, database, where=""):
        series = self.query(f'SELECT COUNT("records") FROM "access" {where}', db=database)
        return series[0]["values"][0][1] if series else 0


def log_of_an_hour(hour):
    for i in range(LINES_AN_HOUR):
        yield (f'{PLANTED["address"] if i % 3 else PLANTED["other address"]} - {PLANTED["user"] if i % 5 else "-"} [15/Jan/2026:{hour:02}:{i // 67 % 60:02}:{i % 60:02} +0000] '
               f'"GET /p{i % 7}/{1000000 + i}?token={PLANTED["token"]}&a,b=c%20d HTTP/1.1" {[200, 304, 404, 500][i % 4]} {i} '
               f'"https://www.example.com/{PLANTED["referrer"]}?x=1" "Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/1{i % 3}5.0"\n').encode()


def anonlog(arguments, data=None):
    done = subprocess.run([BIN, "--output-format", "influx", "--now", "1768478400", *arguments], input=data, capture_output=True, timeout=300)
    if done.returncode != 0:
        fault(f"exit status {done.returncode}: {done.stderr[:300]!r}")
    return done.stdout


def check_no_plant(where, text):
    for kind, planted in PLANTED.items():
        if planted in text:
            fault(f"{where}: the planted {kind} came out")


def check_one_log(server, folder):
    path = folder / "access.log"
    hours = [b"".join(log_of_an_hour(hour)) for hour in range(HOURS)]
    # Two of them a second time: buckets that come again.
    path.write_bytes(b"".join(hours + hours[:2]))
    if not all(planted.encode() in path.read_bytes() for planted in PLANTED.values()):
        fault("the bait is not in the log")
    points = anonlog(["-j", "3", str(path)])
    total = (HOURS + 2) * LINES_AN_HOUR
    if points.count(b"\n") != total:
        fault(f"{points.count(bytes([10]))} points of {total} lines")
    check_no_plant("points", points.decode())
    server.query("CREATE DATABASE one")
    server.write(points, "one")
    if server.count("one") != total:
        fault(f"{server.count('one')} of {total} points are there")
    for hour in range(HOURS):
        expected = LINES_AN_HOUR * (2 if hour < 2 else 1)
        there = server.count("one", f"WHERE time >= '2026-01-15T{hour:02}:00:00Z' AND time < '2026-01-15T{hour + 1:02}:00:00Z'")
        if there != expected:
            fault(f"hour {hour}: {there} of {expected} points are there")
    by_status = server.query('SELECT COUNT("records") FROM "access" GROUP BY "http.response.status_code"', db="one")
    statuses = {series["tags"]["http.response.status_code"]: series["values"][0][1] for series in by_status}
    if statuses != {status: total // 4 for status in ("200", "304", "404", "500")}:
        fault(f"by status: {statuses}")
    total_bytes = server.query('SELECT SUM("http.response.body.size") FROM "access"', db="one")[0]["values"][0][1]
    if total_bytes != (HOURS + 2) * sum(range(LINES_AN_HOUR)):
        fault(f"the sum of sizes is {total_bytes}")
    everything = json.dumps(server.query('SELECT * FROM "access"', db="one"))
    check_no_plant("what the server has", everything)
    for promised in ("203.0.113.0", "/p3/:num", "token=*", "https://www.example.com/", "Firefox/115 (Linux)"):
        if promised not in everything:
            fault(f"{promised} is not there")
    # The same run once more changes nothing; a run with a tag of its own adds all of its points.
    server.write(anonlog(["--set", "user.mode=drop", str(path)]), "one")
    if server.count("one") != total:
        fault("a run that was repeated has added points")
    other = subprocess.run([BIN, "--output-format", "influx:access,run=2", str(path)], capture_output=True, timeout=300).stdout
    server.write(other, "one")
    if server.count("one") != 2 * total:
        fault(f"{server.count('one')} of {2 * total} points are there after a run with a tag of its own")


def check_formats(server):
    """The samples of all formats together: no column has two types, or the server would refuse points."""
    text = subprocess.run([BIN, "formats"], capture_output=True, text=True, check=True).stdout
    lines, count = b"", 0
    for block in text.split("\n\n"):
        found = re.search(r"\n  before   (.*?)\n  after    ", block, re.S)
        if not found:
            continue
        name, sample = block.split("\n")[0], found[1].replace("\n" + 11 * " ", "\n") + "\n"
        point = anonlog(["-f", name, "--max-reject", "100%"], sample.encode()).decode()
        if point.count("\n") != 1:
            fault(f"{name}: {point.count(chr(10))} points")
        lines += point.replace("access", f"access,sample=s{count}", 1).encode()  # runs of their own
        count += 1
    server.query("CREATE DATABASE formats")
    server.write(lines, "formats")
    if server.count("formats") != count:
        fault(f"{server.count('formats')} of {count} samples are there")
    return count


def main():
    if find_program("influxd") is None:
        print("skipped: influxdb is not installed (scripts/setup test)")
        return 77
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        with InfluxDb(folder) as server:
            check_one_log(server, folder)
            count = check_formats(server)
    print("\n".join(faults[:40]))
    print(f"{(HOURS + 2) * LINES_AN_HOUR} lines and {count} samples, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
