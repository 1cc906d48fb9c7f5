#!/usr/bin/env python3
"""A real rsyslogd hands its messages to anonlog, with the configuration that docs/shippers/rsyslog.md shows: each message comes
out exactly once and in order, or is counted as withheld; nothing that was planted is in anything that was written, whatever is
killed, full, wrong or hostile.

rsyslogd listens on free ports of 127.0.0.1; all that it writes is in a folder of the test. Exit status 77: it is not installed.
"""
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
sys.path[:0] = [str(SOURCE / "tests"), str(SOURCE / "tests/servers"), str(SOURCE / "tests/shippers")]
import syslog_messages  # noqa: E402
from local_servers import find_program, free_port, wait_for  # noqa: E402
from planted import findings  # noqa: E402
from syslog_messages import SEQUENCE, line_of  # noqa: E402

BIN = os.environ.get("ANONLOG_BIN") or str(SOURCE / "build/release/anonlog")
PAGE = (SOURCE / "docs/shippers/rsyslog.md").read_text()
CONFIGURATION = re.search(r"^```\n(# The longest message.*?)^```$", PAGE, re.S | re.M)[1]
RSYSLOGD = find_program("rsyslogd")


def fail(what):
    sys.exit(f"rsyslog: {what}")


def is_anonlog(pid):
    try:
        return b"anonlog" in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:  # gone
        return False


class Rsyslog:
    def __init__(self, folder, change=lambda text: text, configuration=CONFIGURATION):
        self.folder = folder
        self.port = free_port()
        self.written = folder / "written"
        for sub in (self.written, folder / "spool"):
            sub.mkdir(parents=True)
        self.keyring = folder / "keyring"
        subprocess.run([BIN, "key", "new", self.keyring], check=True, capture_output=True)
        text = change(configuration)
        for old, new in (("/usr/bin/anonlog", BIN), ("/etc/anonlog", str(folder)), ("/var/log/anonymised", str(self.written)), ('"542"', f'"{self.port}"')):
            if old not in text:
                fail(f"the configuration of the page has no {old}")
            text = text.replace(old, new)
        # What rsyslog says of itself goes to a file, and what no ruleset took would be seen there.
        own = f'global(workDirectory="{folder}/spool" processInternalMessages="on")\naction(type="omfile" file="{self.written}/rsyslog.log")\n'
        (folder / "rsyslog.conf").write_text(text + own)
        self.process = None

    def __enter__(self):
        self.errors = open(self.written / "standard_error", "wb")
        self.process = subprocess.Popen([RSYSLOGD, "-n", "-f", self.folder / "rsyslog.conf", "-i", self.folder / "pid"], stdout=self.errors, stderr=self.errors)
        wait_for("rsyslogd", self.listens, 30)
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.errors.close()

    def listens(self):
        if self.process.poll() is not None:
            fail(f"rsyslogd ended: {(self.written / 'standard_error').read_text()}")
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
            return True
        except OSError:
            return False

    def send(self, lines, pause=0.0):
        syslog_messages.send(self.port, lines, pause)

    def send_datagrams(self, lines):
        syslog_messages.send_datagrams(self.port, lines)

    def lines(self, name):
        path = self.written / name
        whole, _, _ = path.read_bytes().rpartition(b"\n") if path.exists() else (b"", b"", b"")  # the last one may be half written
        return whole.decode("latin-1").split("\n") if whole else []

    def wait_for_all(self, count, seconds=60.0):
        wait_for(f"{count} messages", lambda: len(self.lines("access.log")) + len(self.lines("withheld.log")) >= count, seconds)
        time.sleep(0.2)  # for one too many
        got = len(self.lines("access.log")) + len(self.lines("withheld.log"))
        if got != count:
            fail(f"{count} messages became {got} lines")

    def anonlogs(self):
        """Those that work, in the order in which they were started."""
        children = []
        for task in pathlib.Path(f"/proc/{self.process.pid}/task").iterdir():
            children += map(int, (task / "children").read_text().split())
        return sorted(filter(is_anonlog, children))

    def check_nothing_planted(self, kinds=findings):
        for path in [*self.written.iterdir(), *(self.folder / "spool").iterdir()]:
            found = kinds(path.read_bytes())
            if found:
                fail(f"{sorted(found)} in {path.name}")


def check_sequences(rsyslog, sent):
    """Each once; in order on each connection."""
    fault = syslog_messages.fault_in_sequences(rsyslog.lines("access.log"), sent)
    if fault:
        fail(fault)


def ordinary_traffic(folder):
    with Rsyslog(folder) as rsyslog:
        count = {"a": 60000, "b": 6000, "c": 1000}  # enough for rsyslog to think of a second worker
        senders = [threading.Thread(target=rsyslog.send, args=([line_of(name, i) for i in range(count[name])],)) for name in "ab"]
        senders.append(threading.Thread(target=rsyslog.send_datagrams, args=([line_of("c", i) for i in range(count["c"])],)))
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
        rsyslog.wait_for_all(sum(count.values()))
        check_sequences(rsyslog, count)
        if rsyslog.lines("withheld.log"):
            fail("ordinary messages were withheld")
        # The same as the command with the same keyring.
        given = "".join(line_of("a", i) + "\n" for i in range(count["a"]))
        said = subprocess.run([BIN, "-k", rsyslog.keyring], input=given, capture_output=True, text=True, check=True).stdout.splitlines()
        if [line[1:] for line in rsyslog.lines("access.log") if "/seq/a/" in line] != said:
            fail("the command gives other lines")
        rsyslog.check_nothing_planted()


def killed(folder):
    """One at a time: nothing is lost. All at once: at worst what was in their hands, and it is counted."""
    with Rsyslog(folder) as rsyslog:
        count, kills = 2500, 0
        sender = threading.Thread(target=rsyslog.send, args=([line_of("a", i) for i in range(count)], 0.0004))
        sender.start()
        while sender.is_alive():
            for pid in rsyslog.anonlogs()[:1]:
                os.kill(pid, signal.SIGKILL)
                kills += 1
            written = len(rsyslog.lines("access.log"))  # until the one that stood by, and its successor, are at work
            while sender.is_alive() and len(rsyslog.lines("access.log")) < written + 30:
                time.sleep(0.005)
        sender.join()
        rsyslog.wait_for_all(count)
        check_sequences(rsyslog, {"a": count})
        if kills < 10 or not any("signal 9" in line for line in rsyslog.lines("rsyslog.log")):
            fail(f"only {kills} kills, or rsyslog did not notice: {rsyslog.lines('rsyslog.log')[-3:]}")

        sender = threading.Thread(target=rsyslog.send, args=([line_of("b", i) for i in range(count)], 0.0004))
        sender.start()
        while sender.is_alive():
            for pid in rsyslog.anonlogs():
                os.kill(pid, signal.SIGKILL)
            time.sleep(0.005)
        sender.join()
        rsyslog.wait_for_all(2 * count)
        numbers = [int(SEQUENCE.search(line)[2]) for line in rsyslog.lines("access.log") if "/seq/b/" in line]
        if numbers != sorted(set(numbers)) or len(numbers) + len(rsyslog.lines("withheld.log")) != count:
            fail("after all were killed: a message twice, out of order, or neither written nor counted")
        rsyslog.check_nothing_planted()
    return kills, len(rsyslog.lines("withheld.log"))


def hostile_traffic(folder):
    def with_json_of_senders(text):
        return 'module(load="mmjsonparse")\n' + text.replace("  unset $!anonlog;", '  action(type="mmjsonparse" cookie="")\n  unset $!anonlog;')

    with Rsyslog(folder, with_json_of_senders) as rsyslog:
        sent = []
        for i, message in enumerate(syslog_messages.hostile() * 3):
            sent += [message, line_of("a", i)]
        rsyslog.send(sent)
        # rsyslog cuts what is too long and goes on with the rest as a message of its own.
        wait_for("all", lambda: any(f"/x{len(sent) // 2 - 1}x" in line for line in rsyslog.lines("access.log")), 60)
        time.sleep(0.3)
        numbers = [int(match[2]) for match in map(SEQUENCE.search, rsyslog.lines("access.log")) if match]
        if [number for number in numbers if number != 1 or numbers.count(1) == 1] == [] or sorted(set(numbers)) != list(range(len(sent) // 2)):
            fail("an ordinary message among hostile ones is missing")
        if len(rsyslog.lines("withheld.log")) < 3 * 10:
            fail("hostile messages were not withheld")
        rsyslog.check_nothing_planted()


def faults_at_the_start(folder):
    """Every message is withheld and counted; rsyslog's log says what is to be mended."""
    def bad_policy(text):
        return text.replace("--policy balanced", f"--policy {folder}/policy/policy.toml")

    def open_keyring(rsyslog):
        rsyslog.keyring.chmod(0o644)

    def policy(rsyslog):
        (rsyslog.folder / "policy.toml").write_text('[ip]\nmode = "trunc"\n')

    for name, change, prepare, expected in (("policy", bad_policy, policy, "policy.toml:2:8"), ("keyring", lambda text: text, open_keyring, "chmod 600")):
        rsyslog = Rsyslog(folder / name, change)
        prepare(rsyslog)
        with rsyslog:
            rsyslog.send([line_of("a", i) for i in range(8)])
            rsyslog.wait_for_all(8)
            if rsyslog.lines("access.log") or rsyslog.lines("withheld.log") != ["withheld: "] * 8:
                fail(f"{name}: a message was written, or none was counted")
            if not any(expected in line for line in rsyslog.lines("rsyslog.log")):
                fail(f"{name}: rsyslog's log does not say what is wrong: {rsyslog.lines('rsyslog.log')[-3:]}")
            rsyslog.check_nothing_planted()


def full_disk(folder):
    with Rsyslog(folder, lambda text: text.replace("/var/log/anonymised/access.log", "/dev/full")) as rsyslog:
        rsyslog.send([line_of("a", i) for i in range(200)])
        wait_for("the suspended action", lambda: any("/dev/full" in line or "suspended" in line for line in rsyslog.lines("rsyslog.log")), 30)
        if rsyslog.process.poll() is not None or rsyslog.lines("access.log"):
            fail("a full disk ends rsyslog")
    rsyslog.check_nothing_planted()


def other_inputs(folder):
    """The whole message, and all properties as JSON."""
    def as_form(form):
        return lambda text: text.replace('interface.input="msg"', f'interface.input="{form}"').replace("shipper --rsyslog", f"shipper --rsyslog --input {form}")

    with Rsyslog(folder / "raw", as_form("rawmsg")) as rsyslog:
        rsyslog.send([line_of("a", i) for i in range(50)])
        rsyslog.wait_for_all(50)
        check_sequences(rsyslog, {"a": 50})
        rsyslog.check_nothing_planted()

    def with_record(text):
        text = text.replace("%$!anonlog!msg%", "%$!anonlog!record%").replace("  unset $!anonlog;", '  set $!user = "zqplanteduser"; set $!remote_addr = "203.0.113.177"; set $!own = "zqplanteduser";\n  unset $!anonlog;')
        return as_form("fulljson")(text)

    with Rsyslog(folder / "json", with_record) as rsyslog:
        rsyslog.send([line_of("a", i) for i in range(50)])
        rsyslog.wait_for_all(50)
        check_sequences(rsyslog, {"a": 50})
        for line in rsyslog.lines("access.log"):
            record = json.loads(line)
            if record["$!"]["remote_addr"] != "203.0.113.0" or not record["$!"]["user"].startswith("u-") or record["$!"]["own"] != "-" or record["$!"]["user"] not in record["msg"]:
                fail(f"the record is {record}")
        rsyslog.check_nothing_planted()


def main():
    if RSYSLOGD is None or not any(path.exists() for path in pathlib.Path("/usr/lib").glob("*/rsyslog/mmexternal.so")):
        print("skipped: rsyslogd with mmexternal is not installed")
        return 77
    if "--policy balanced" not in CONFIGURATION:
        fail("the page shows another command")
    with tempfile.TemporaryDirectory() as made:
        folder = pathlib.Path(made)
        folder.chmod(0o755)
        began = time.monotonic()
        ordinary_traffic(folder / "ordinary")
        kills, lost = killed(folder / "killed")
        hostile_traffic(folder / "hostile")
        faults_at_the_start(folder / "faults")
        full_disk(folder / "full")
        other_inputs(folder / "other")
        print(f"rsyslog: each message once, {kills} kills without a loss, {lost} of 2500 withheld when all were killed at once again and again; {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
