#!/usr/bin/env python3
"""A real rsyslogd writes its messages into the command, by omprog and with the configuration that docs/shippers/rsyslog.md shows: each
line comes out once and in order, also over a rotation; nothing that was planted is written anywhere, whatever is killed or wrong.

Exit status 77: rsyslogd is not installed.
"""
import os
import pathlib
import re
import signal
import sys
import tempfile
import threading
import time

SOURCE = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(SOURCE / "tests"), str(SOURCE / "tests/servers"), str(SOURCE / "tests/shippers")]
import rsyslog_test  # noqa: E402
import syslog_messages  # noqa: E402
from local_servers import wait_for  # noqa: E402
from rsyslog_test import PAGE, RSYSLOGD, Rsyslog, check_sequences, fail  # noqa: E402
from syslog_messages import SEQUENCE, line_of  # noqa: E402

CONFIGURATION = re.search(r"^```\n(# The line of the web server.*?)^```$", PAGE, re.S | re.M)[1]


COLLECTED = "/var/lib/prometheus/node-exporter"  # by node_exporter, see docs/shippers/metrics.md
METRICS = re.search(rf"--metrics {COLLECTED}/(\S*anonlog\S*\.prom)", CONFIGURATION)  # a name that the alerts watch


def started(folder, change=lambda text: text):
    if METRICS is None or not re.fullmatch(re.search(r'file=~"(.*?)"', (SOURCE / "docs/shippers/metrics/alerts.yml").read_text())[1], f"{COLLECTED}/{METRICS[1]}"):
        fail("nobody would see the metrics of the page")
    return Rsyslog(folder, lambda text: change(text.replace(COLLECTED, str(folder / "written"))), CONFIGURATION)


def ordinary_traffic(folder):
    """With a rotation in the middle, and one connection that never pauses."""
    count = {"a": 60000, "b": 3000}
    with started(folder) as rsyslog:
        senders = [threading.Thread(target=rsyslog.send, args=([line_of("a", i) for i in range(count["a"])],)),
                   threading.Thread(target=rsyslog.send, args=([line_of("b", i) for i in range(count["b"])], 0.0003))]
        for sender in senders:
            sender.start()
        wait_for("the first lines", lambda: len(rsyslog.lines("access.log")) > 100, 30)
        (rsyslog.written / "access.log").rename(rsyslog.written / "access.log.1")
        rsyslog.process.send_signal(signal.SIGHUP)
        for sender in senders:
            sender.join()
        wait_for("the new file", lambda: rsyslog.lines("access.log"), 30)
        wait_for("all", lambda: len(rsyslog.lines("access.log.1")) + len(rsyslog.lines("access.log")) >= sum(count.values()), 60)
    both = rsyslog.lines("access.log.1") + rsyslog.lines("access.log")
    if not rsyslog.lines("access.log.1"):
        fail("nothing was written before the rotation")
    fault = syslog_messages.fault_in_sequences(both, count)
    if fault:
        fail(fault)
    if "anonlog_lines_written_total" not in "\n".join(rsyslog.lines(METRICS[1])):
        fail("no metrics")
    rsyslog.check_nothing_planted()


def no_sender_names_the_columns(folder):
    """The first one least of all: what others send stays a line of the format, and what it sends after its header is a reject."""
    with started(folder) as rsyslog:
        table = ["#Fields: date time x-event c-ip", "2026-01-15 12:34:56 zqplanteduser 203.0.113.177"]
        rsyslog.send([*table, *(line_of("a", i) for i in range(20)), *table])
        rsyslog.send([line_of("b", i) for i in range(20)])
        wait_for("the lines", lambda: len(rsyslog.lines("access.log")) >= 40, 30)
    fault = syslog_messages.fault_in_sequences(rsyslog.lines("access.log"), {"a": 20, "b": 20})
    if fault or len(rsyslog.lines("access.log")) != 40:
        fail(fault or "a table came out")
    rsyslog.check_nothing_planted()


def the_end_of_rsyslog(folder):
    """What it took is written before it is gone."""
    with started(folder) as rsyslog:
        rsyslog.send([line_of("a", i) for i in range(2000)])
        wait_for("the first lines", lambda: rsyslog.lines("access.log"), 30)
    check_sequences(rsyslog, {"a": 2000})
    rsyslog.check_nothing_planted()


def killed(folder):
    """Lines are lost, none comes out twice, out of order or raw, and the rest comes."""
    with started(folder) as rsyslog:
        count, kills = 5000, 0
        sender = threading.Thread(target=rsyslog.send, args=([line_of("a", i) for i in range(count)], 0.0003))
        sender.start()
        while sender.is_alive():
            for pid in rsyslog.anonlogs():
                os.kill(pid, signal.SIGKILL)
                kills += 1
            time.sleep(0.3)
        sender.join()
        rsyslog.send([line_of("end", i) for i in range(10)])
        wait_for("the lines behind the last kill", lambda: sum("/seq/end/" in line for line in rsyslog.lines("access.log")) == 10, 60)
        numbers = [int(match[2]) for match in map(SEQUENCE.search, rsyslog.lines("access.log")) if match and match[1] == "a"]
        if kills < 2 or numbers != sorted(set(numbers)) or not numbers:
            fail(f"{kills} kills: a line came twice, out of order, or none came")
        rsyslog.check_nothing_planted()
    return kills, count - len(numbers)


def hostile_traffic(folder):
    with started(folder) as rsyslog:
        sent = []
        for i, message in enumerate(syslog_messages.hostile()):
            sent += [message, line_of("z", i)]
        rsyslog.send(sent)
        wait_for("the last line", lambda: any(f"/seq/z/x{len(sent) // 2 - 1}x" in line for line in rsyslog.lines("access.log")), 60)
        numbers = [int(match[2]) for match in map(SEQUENCE.search, rsyslog.lines("access.log")) if match and match[1] == "z"]
        if numbers != list(range(len(sent) // 2)):
            fail("an ordinary line among hostile ones is missing")
        rsyslog.check_nothing_planted()


def faults(folder):
    """Nothing is written, and a file says why."""
    def open_keyring(rsyslog):
        rsyslog.keyring.chmod(0o644)

    for name, change, prepare, expected in (
            ("policy", lambda text: text.replace("--max-reject", "--set ip.mode=trunc --max-reject"), lambda rsyslog: None, "ip.mode"),
            ("keyring", lambda text: text, open_keyring, "chmod 600"),
            ("disk", lambda text: text.replace("/var/log/anonymised/access.log", "/dev/full"), lambda rsyslog: None, "No space left")):
        rsyslog = started(folder / name, change)
        prepare(rsyslog)
        with rsyslog:
            rsyslog.send([line_of("a", i) for i in range(200)])
            wait_for(f"what is said of the {name}", lambda: any(expected in line for line in rsyslog.lines("anonlog.messages")), 30)
            if rsyslog.lines("access.log") or rsyslog.process.poll() is not None:
                fail(f"{name}: something was written, or rsyslogd ended")
            rsyslog.check_nothing_planted()


def main():
    if RSYSLOGD is None or not any(path.exists() for path in pathlib.Path("/usr/lib").glob("*/rsyslog/omprog.so")):
        print("skipped: rsyslogd with omprog is not installed")
        return 77
    with tempfile.TemporaryDirectory() as made:
        folder = pathlib.Path(made)
        folder.chmod(0o755)
        began = time.monotonic()
        ordinary_traffic(folder / "ordinary")
        no_sender_names_the_columns(folder / "columns")
        the_end_of_rsyslog(folder / "end")
        kills, lost = killed(folder / "killed")
        hostile_traffic(folder / "hostile")
        faults(folder / "faults")
        print(f"rsyslog, omprog: each line once; {kills} kills lost {lost} of 5000 lines; {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
