#!/usr/bin/env python3
"""A real OpenTelemetry Collector, built with its own builder and our processor, with the configuration that
bindings/go/otelcol/README.md shows: logs go in by OTLP and come out by OTLP, each exactly once; nothing that was planted is in
anything that was sent on or written, whatever is refused, killed, wrong or hostile.

All listen on free ports of 127.0.0.1. Exit status 77: there is no network to build the collector from, the first time.
"""
import base64
import collections
import gzip
import http.client
import http.server
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

SOURCE = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(SOURCE / part) for part in ("tests", "tests/servers", "bindings/go")]
from go_build import build_collector  # noqa: E402
from local_servers import free_port, wait_for  # noqa: E402
from planted import ADDRESSES, NUMBERS, SHAPED, UNSHAPED, WHOLE, WORDS, findings  # noqa: E402

BIN = os.environ.get("ANONLOG_BIN") or str(SOURCE / "build/release/anonlog")
EXAMPLE = SOURCE / "bindings/go/otelcol/example"
NOW = 1768480496  # 2026-01-15T12:34:56Z
HOUR = NOW - NOW % 3600
SEQUENCE = re.compile(r"/seq/(\w+)/x(\d+)x")
USER, ADDRESS = "zqplanteduser", "203.0.113.177"
COLLECTOR, AROUND = None, None


def fail(what):
    sys.exit(f"otel collector: {what}")


def to_otlp(value):
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int):
        return {"intValue": str(value)}
    if isinstance(value, float):
        return {"doubleValue": value}
    if isinstance(value, bytes):
        return {"bytesValue": base64.b64encode(value).decode()}
    if isinstance(value, str):
        return {"stringValue": value}
    if isinstance(value, list):
        return {"arrayValue": {"values": [to_otlp(element) for element in value]}}
    if isinstance(value, dict):
        return {"kvlistValue": {"values": attributes_of(value)}}
    return {}


def attributes_of(values):
    return [{"key": name, "value": to_otlp(value)} for name, value in values.items()]


def from_otlp(value):
    for kind, read in (("stringValue", str), ("boolValue", bool), ("intValue", int), ("doubleValue", float), ("bytesValue", base64.b64decode)):
        if kind in value:
            return read(value[kind])
    if "arrayValue" in value:
        return [from_otlp(element) for element in value["arrayValue"].get("values", [])]
    if "kvlistValue" in value:
        return values_of(value["kvlistValue"].get("values", []))
    return None


def values_of(attributes):
    return {attribute["key"]: from_otlp(attribute["value"]) for attribute in attributes}


def request_of(records, resource=None, scope=None):
    scopes = [{"scope": {"name": "shop", **(scope or {})}, "logRecords": records}]
    return {"resourceLogs": [{"resource": {"attributes": attributes_of(resource or {"service.name": "shop"})}, "scopeLogs": scopes}]}


def line_of(number):
    return f'{ADDRESS} - {USER}{number % 5} [15/Jan/2026:12:34:56 +0000] "GET /users/{number}?token={USER} HTTP/1.1" 200 512 "-" "curl/8.5.0"'


def values_sent(name, number):
    return {
        "url.path": f"/seq/{name}/x{number}x", "client.address": ADDRESS, "client.port": 51234, "user.name": f"{USER}{number % 5}", "nobody": USER, "number": int(NUMBERS["ipv4 number"][0]),
        "http.response.status_code": 200 + number % 3, "duration": 0.25, "tls.resumed": True, "is_staff": True, "nothing": None, "url.query": f"page=2&sid={USER}",
        "http.request.header": {"x-forwarded-for": [ADDRESS, "10.0.0.1"], "cookie": [f"sid={USER}"]}, "deep": {"a": [{"user": USER}, [1, 2.5, USER]]},
    }


def record_of(name, number, **more):
    return {"timeUnixNano": str(NOW * 10**9 + number), "severityNumber": 9, "severityText": "INFO", "attributes": attributes_of(values_sent(name, number)), "body": to_otlp(line_of(number)), **more}


class Backend:
    """Where the collector sends what it lets through."""

    def __init__(self):
        self.bodies, self.refused, self.refuses, self.lock = [], 0, False, threading.Lock()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with outer.lock:
                    if outer.refuses:
                        outer.refused += 1
                    else:
                        outer.bodies.append(gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body)
                    self.send_response(503 if outer.refuses else 200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.handle_error = lambda *_: None  # a collector that was killed
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def requests(self):
        with self.lock:
            return [json.loads(body) for body in self.bodies]

    def records(self):
        return [record for request in self.requests() for resource in request["resourceLogs"] for scope in resource["scopeLogs"] for record in scope["logRecords"]]

    def sequences(self):
        found = collections.defaultdict(list)
        for record in self.records():
            match = SEQUENCE.search(str(values_of(record.get("attributes", [])).get("url.path")))
            if match:
                found[match[1]].append(int(match[2]))
        return found


class Collector:
    def __init__(self, folder, backend, change=lambda text: text):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.port, self.metrics_port = free_port(), free_port()
        self.keyring = folder / "keyring"
        if not self.keyring.exists():
            subprocess.run([BIN, "key", "new", self.keyring], check=True, capture_output=True)
        (folder / "policy.toml").write_text((EXAMPLE / "policy.toml").read_text())
        text = (EXAMPLE / "collector.yaml").read_text()
        for old, new in (("/etc/anonlog", str(folder)), ("127.0.0.1:4318", f"127.0.0.1:{self.port}"), ("port: 8888", f"port: {self.metrics_port}"),
                         # JSON, for Python's sake
                         ("endpoint: http://127.0.0.1:4319", f"endpoint: http://127.0.0.1:{backend.port}\n    encoding: json")):
            if old not in text:
                fail(f"the example has no {old}")
            text = text.replace(old, new)
        (folder / "collector.yaml").write_text(change(text))

    def start(self):
        self.log = open(self.folder / "log", "ab")
        self.process = subprocess.Popen([COLLECTOR, "--config", self.folder / "collector.yaml"], stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL, env=AROUND, cwd=self.folder)
        return self

    def __enter__(self):
        self.start()
        wait_for("the collector", self.listens, 30)
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self, how=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            status = self.process.wait(90)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            fail("SIGTERM does not end the collector")
        self.log.close()
        return status

    def listens(self):
        if self.process.poll() is not None:
            fail(f"the collector ended: {(self.folder / 'log').read_text()[-2000:]}")
        try:
            for port in (self.port, self.metrics_port):
                socket.create_connection(("127.0.0.1", port), 1).close()
            return True
        except OSError:
            return False

    def get_metrics(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.metrics_port, timeout=5)
        try:
            connection.request("GET", "/metrics")
            return connection.getresponse().read().decode()
        finally:
            connection.close()

    def metric(self, name, label=""):
        return sum(float(line.rsplit(" ", 1)[1]) for line in self.get_metrics().splitlines() if line.startswith(name) and label in line)

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def check_nothing_planted(self, backend):
        for what, text in [("its log", (self.folder / "log").read_bytes())] + [("what it sent on", body) for body in backend.bodies]:
            found = findings(text)
            if found:
                fail(f"{sorted(found)} in {what}")


def post(connection, payload, kind="application/json"):
    """True if it was accepted, False if not; an OSError or HTTPException if nobody knows."""
    connection.request("POST", "/v1/logs", payload if isinstance(payload, bytes) else json.dumps(payload).encode(), {"Content-Type": kind})
    answer = connection.getresponse()
    answer.read()
    return answer.status == 200


def send_all(collector, name, requests, per_request, accepted, until=lambda: False, tries=1):
    """One connection; the numbers of the records that were accepted are added to `accepted`."""
    connection = collector.connect()
    for request in range(requests):
        numbers = range(request * per_request, (request + 1) * per_request)
        payload = request_of([record_of(name, number) for number in numbers])
        try:
            if any(post(connection, payload) for _ in range(tries)):
                accepted.extend(numbers)
        except (OSError, http.client.HTTPException):
            connection.close()
        if until():
            break
    connection.close()


def in_parallel(collector, names, requests, per_request, **more):
    accepted = {name: [] for name in names}
    threads = [threading.Thread(target=send_all, args=(collector, name, requests, per_request, accepted[name]), kwargs=more) for name in names]
    for thread in threads:
        thread.start()
    return accepted, threads


def check_each_once(what, backend, accepted):
    got = backend.sequences()
    for name, numbers in accepted.items():
        if got[name] != numbers:
            fail(f"{what}: {name}: {len(got[name])} records of {len(numbers)}, {len(set(got[name]))} different, {'in' if got[name] == sorted(got[name]) else 'out of'} order")


def ordinary_traffic(folder):
    with Backend() as backend, Collector(folder, backend) as collector:
        accepted, threads = in_parallel(collector, "abcd", 25, 20)
        for thread in threads:
            thread.join()
        check_each_once("ordinary", backend, accepted)
        if any(len(numbers) != 500 for numbers in accepted.values()):
            fail(f"an ordinary request was refused: {(folder / 'log').read_text()[-1500:]}")
        # The same as the command with the same keyring. The names that the policy of the example adds are in no line.
        names = [(name, number) for name in accepted for number in range(0, 500, 7)]
        given = "".join(json.dumps({"time_unix_nano": str(NOW * 10**9), **values_sent(name, number)}) + "\n" for name, number in names)
        arguments = ["-k", collector.keyring]
        said = [json.loads(line) for line in subprocess.run([BIN, *arguments], input=given, capture_output=True, text=True, check=True).stdout.splitlines()]
        lines = subprocess.run([BIN, *arguments], input="".join(line_of(number) + "\n" for _, number in names), capture_output=True, text=True, check=True).stdout.splitlines()
        made = {SEQUENCE.search(values_of(record["attributes"])["url.path"]).groups(): record for record in backend.records()}
        if len(said) != len(names) or len(lines) != len(names):
            fail("the command left lines out")
        for (name, number), values, line in zip(names, said, lines):
            record = made[name, str(number)]
            if {"time_unix_nano": record["timeUnixNano"], **values_of(record["attributes"])} != values or from_otlp(record["body"]) != line:
                fail(f"the command gives other values: {values}\n{line}\nthan {record}")
            if record["timeUnixNano"] != str(HOUR * 10**9) or record["severityText"] != "INFO" or not values["user.name"].startswith("u-") or values["user.name"] not in line:
                fail(f"the record is {record}")
        # What the page asks for.
        asked = re.search(r"-d '(\{.*?\})'", (EXAMPLE.parent / "README.md").read_text(), re.S)[1]
        if not post(collector.connect(), asked.encode()):
            fail("the page's request is refused")
        answer = backend.records()[-1]
        if answer["timeUnixNano"] != str(HOUR * 10**9) or not values_of(answer["attributes"])["user.name"].startswith("u-"):
            fail(f"the page's record is {answer}")
        request = backend.requests()[0]["resourceLogs"][0]
        if values_of(request["resource"]["attributes"]) != {"service.name": "shop"} or request["scopeLogs"][0]["scope"].get("name") != "shop":
            fail(f"resource and scope are {request['resource']}, {request['scopeLogs'][0]['scope']}")
        if collector.metric("otelcol_processor_outgoing_items") != 2001 or collector.metric("otelcol_processor_anonlog_dropped_records") != 0:
            fail("the collector counts otherwise")
        collector.check_nothing_planted(backend)
    return 2000


# OTLP's own form, as little of it as is needed for what JSON cannot say.
def wire(number, content):
    """A field of a message: text, bytes or a message within."""
    size, head = len(content), b""
    for n in ((number << 3) | 2, size):
        while n > 127:
            head += bytes([n & 127 | 128])
            n >>= 7
        head += bytes([n])
    return head + content


def hostile_messages():
    """Text that is no UTF-8, fields that no version of OTLP has, entities of resources; between them an ordinary record."""
    planted = f"{USER} {ADDRESS}".encode()
    def attribute(name, value):
        return wire(1, name) + wire(2, wire(1, value))
    ordinary = wire(6, attribute(b"url.path", b"/seq/w/x0x"))
    record = wire(6, attribute(b"nobody", b"\xff\xfe" + planted)) + wire(6, attribute(b"\xff" + planted, b"x")) + wire(6, attribute(b"user", planted + b"\0\xc0")) + wire(5, wire(1, b"\xff" + planted)) + wire(99, planted)
    entity = wire(1, planted) + wire(2, planted) + wire(3, planted) + wire(4, planted)
    resource = wire(1, attribute(b"\xfe" + planted, planted)) + wire(3, entity) + wire(99, planted)
    scope = wire(1, wire(1, b"\xff" + planted) + wire(2, planted) + wire(99, planted)) + wire(2, ordinary) + wire(2, record) + wire(3, planted) + wire(99, planted)
    return wire(1, wire(1, resource) + wire(2, scope) + wire(3, planted) + wire(99, planted)) + wire(99, planted)


def hostile_records():
    kept = ["service.name", "event_name"]  # words of the operator's own, as the policy of the example says
    names = ["client.address", "network.peer.address", "user.name", "enduser.id", "user.email", "session.id", "url.full", "url.path", "url.query", "user_agent.original", "http.request.header.cookie",
             "http.request.header.referer", "exception.message", "message", "log", "trace_id", "http.response.status_code", "unknown", "time", *kept]
    unruled = {text for kinds in (UNSHAPED, WHOLE, WORDS) for texts in kinds.values() for text in texts}  # no rule sees these inside of a path
    for kinds in (ADDRESSES, NUMBERS, SHAPED, UNSHAPED, WHOLE, WORDS):
        for text in (text for texts in kinds.values() for text in texts):
            unprotected = ["url.path", "url.full", *kept] if text in unruled else kept if text.isdigit() else []  # a number may be the operator's own
            values = {name: text for name in names if name not in unprotected}
            yield {"attributes": attributes_of({**values, "nested": {"list": [text, {"user": text}], "client.address": text}}), "body": to_otlp(text), "severityText": text}
            yield {"attributes": attributes_of({name: text.encode() for name in values}), "body": to_otlp(text.encode())}
            yield {"attributes": attributes_of({"user": text.encode() + b"\xff", "list": [text.encode(), text]}), "body": to_otlp({"user": text, "client.address": [text], "unknown": {"x": text}})}
            yield {"attributes": [], "body": to_otlp([text, {"user": text}, [text.encode()]])}
            if text not in unruled:
                yield {"attributes": attributes_of({text: text, "map": {text: {"x": 1}}, f"user.{text}": 1}), "eventName": "" if text.isdigit() else text}
            if text.isdigit():
                yield {"attributes": attributes_of({name: int(text) for name in values}), "body": to_otlp(int(text))}
                yield {"attributes": attributes_of({name: float(text) for name in values}), "body": to_otlp(float(text)), "timeUnixNano": text, "observedTimeUnixNano": text}
    ids = USER.encode().ljust(16, b"x")
    number = int(NUMBERS["ipv4 number"][0])
    yield {"traceId": ids.hex(), "spanId": ids[:8].hex(), "flags": number, "droppedAttributesCount": number, "attributes": [], "severityNumber": 2**31 - 1}
    yield {"attributes": attributes_of({"url.path": "/" + USER * 6000}), "body": to_otlp(USER)}
    yield {"attributes": attributes_of({f"n{i}": USER for i in range(4100)}), "body": to_otlp(USER)}
    deep = USER
    for _ in range(80):
        deep = {"user": deep}
    yield {"attributes": attributes_of({"deep": deep}), "body": to_otlp(USER)}


def hostile_traffic(folder):
    planted = f"{USER} {ADDRESS}"
    with Backend() as backend, Collector(folder, backend) as collector:
        connection = collector.connect()
        records = list(hostile_records())
        number = 0
        for at in range(0, len(records), 20):
            some = []
            for record in records[at:at + 20]:
                some += [record_of("h", number), record]
                number += 1
            if not post(connection, request_of(some, {"service.name": "shop", "client.address": planted, "host.name": ADDRESS, "unknown": USER, USER + "@mail.example": [USER], "user": {"name": USER}},
                                               {"name": planted, "version": planted, "attributes": attributes_of({"user.name": USER, "unknown": planted.encode()}), "droppedAttributesCount": int(NUMBERS["ipv4 number"][0])})):
                fail("a hostile request of OTLP was refused")
        if not post(connection, hostile_messages(), "application/x-protobuf"):
            fail("a hostile message was refused")
        check_each_once("hostile", backend, {"h": list(range(number)), "w": [0]})
        dropped = collector.metric("otelcol_processor_anonlog_dropped_records")
        too_deep = collector.metric("otelcol_processor_anonlog_dropped_records", 'cause="too_deep"')
        if dropped != 3 or too_deep != 1 or number + len(records) + 2 - dropped != len(backend.records()):
            fail(f"{dropped} records were counted as dropped, {len(backend.records())} came out of {number + len(records)}")
        # What is no OTLP; then the collector still works.
        for body, kind in ((planted, "application/json"), ('{"resourceLogs":[{"' + planted, "application/json"), (json.dumps({planted: planted}), "application/json"), ("[" * 5000 + planted, "application/json"),
                           (planted, "application/x-protobuf"), ("\n\xff\xff\xff\x7f" + planted, "application/x-protobuf"), (planted, "text/" + USER)):
            connection = collector.connect()
            try:
                post(connection, body.encode("latin-1"), kind)
            except (OSError, http.client.HTTPException):
                pass
            connection.close()
        if not post(collector.connect(), request_of([record_of("z", 0)])):
            fail("an ordinary request after hostile ones was refused")
        if findings(collector.get_metrics().encode()):
            fail("planted in the metrics")
        collector.check_nothing_planted(backend)
    return len(records)


def back_pressure(folder):
    """While the backend refuses, those who send wait, or are told to come again; then each record is there once. With SIGTERM while
    it refuses, nobody is told that a record was taken."""
    with Backend() as backend:
        with Collector(folder, backend) as collector:
            backend.refuses = True
            accepted, threads = in_parallel(collector, "abcd", 5, 10, tries=20)
            wait_for("a refusal of each", lambda: backend.refused >= 8, 20)
            if any(accepted.values()) or backend.bodies:
                fail("a record was taken that could not be sent on")
            backend.refuses = False
            for thread in threads:
                thread.join()
            check_each_once("back-pressure", backend, {name: list(range(50)) for name in "abcd"})
            backend.refuses, backend.refused = True, 0
            accepted, threads = in_parallel(collector, "ef", 1, 10)
            wait_for("a refusal of each", lambda: backend.refused >= 2, 20)
            if collector.stop() != 0:
                fail("SIGTERM while the backend refuses is an error")
            for thread in threads:
                thread.join()
            if any(accepted.values()) or backend.sequences()["e"]:
                fail("a record was taken and not sent on")
        collector.check_nothing_planted(backend)


def stopped_in_mid_stream(folder):
    """SIGTERM, again and again: what was accepted was sent on, once. SIGKILL: what was accepted was sent on."""
    count = 0
    with Backend() as backend:
        for turn, how in enumerate([signal.SIGTERM] * 3 + [signal.SIGKILL]):
            names = [f"{letter}{turn}" for letter in "abcd"]
            with Collector(folder, backend) as collector:
                ended = threading.Event()
                accepted, threads = in_parallel(collector, names, 10**6, 10, until=ended.is_set)
                wait_for("traffic", lambda: sum(map(len, accepted.values())) > 200 * (turn + 1), 30)
                if collector.stop(how) != (0 if how == signal.SIGTERM else -signal.SIGKILL):
                    fail(f"the collector's status after {how.name}")
                ended.set()
                for thread in threads:
                    thread.join()
            got = backend.sequences()
            for name in names:
                count += len(accepted[name])
                if len(set(got[name])) != len(got[name]) or set(accepted[name]) - set(got[name]):
                    fail(f"{how.name}: {len(accepted[name])} records accepted, {len(got[name])} came out, {len(set(got[name]))} different")
        collector.check_nothing_planted(backend)
    return count


def faults_at_the_start(folder):
    """It does not start, says what is to be mended, and takes nothing."""
    def policy(text):
        return text.replace("policy.toml # or", "wrong.toml # or")

    with Backend() as backend:
        for name, change, expected in (("policy", policy, "policy:2:8"), ("keyring", lambda text: text, "chmod 600"), ("missing", lambda text: text.replace("/keyring #", "/no-keyring #"), "no such file"),
                                       ("body", lambda text: text.replace("body: line", "body: raw"), "unknown word"), ("option", lambda text: text.replace("body: line", "bodies: line"), "bodies")):
            collector = Collector(folder / name, backend, change)
            (collector.folder / "wrong.toml").write_text('[ip]\nmode = "trunc"\n')
            if name == "keyring":
                collector.keyring.chmod(0o644)
            status = collector.start().process.wait(30)
            collector.log.close()
            log = (collector.folder / "log").read_text()
            if status == 0 or expected not in log:
                fail(f"{name}: status {status}: {log[-1000:]}")
            if re.search(r"\b[0-9a-f]{64}\b", collector.keyring.read_text())[0] in log:
                fail(f"{name}: its log holds a key")


def main():
    global COLLECTOR, AROUND
    began = time.monotonic()
    COLLECTOR, AROUND = build_collector()
    built = time.monotonic()
    with tempfile.TemporaryDirectory() as made:
        folder = pathlib.Path(made)
        ordinary = ordinary_traffic(folder / "ordinary")
        hostile = hostile_traffic(folder / "hostile")
        back_pressure(folder / "refused")
        stopped = stopped_in_mid_stream(folder / "stopped")
        faults_at_the_start(folder / "faults")
    print(f"otel collector: {ordinary} ordinary and {hostile} hostile records, {stopped} around a stop, each once; {time.monotonic() - built:.0f} s, and {built - began:.0f} s to build it")
    return 0


if __name__ == "__main__":
    sys.exit(main())
