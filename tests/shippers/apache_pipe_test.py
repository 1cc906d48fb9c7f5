#!/usr/bin/env python3
# apache_pipe_test.py: a real Apache pipes its access log and its error log into anonlog as documented: graceful restarts, a full
# restart, rotation by logrotate, killed pipes, a policy with an error, a key file that others can read.
#
# Each connection's requests come out in order; what a kill or a restart loses is counted against a raw log that only the test has.
import os
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import shipper_support as support
from shipper_support import BIN, DOCUMENTS, documented, fault

import local_servers
import requests
from local_servers import wait_for


class LoggingApache(local_servers.Apache):
    """With the documented configuration in the place of its own ErrorLog, and a raw log to compare with."""

    def __init__(self, directory, configuration):
        super().__init__(directory, [(Path(directory) / "raw.log", "combined")])
        path = self.directory / "apache.conf"
        own = f'ErrorLog "{self.directory}/error.log"\n'
        text = path.read_text()
        if own not in text:
            raise ValueError("the configuration of local_servers.py has changed")
        path.write_text(text.replace(own, "").replace("MaxRequestWorkers 4", "MaxRequestWorkers 8").replace("ServerLimit 1", "ServerLimit 4")
                        .replace("ThreadsPerChild 4", "ThreadsPerChild 4\nThreadLimit 4\nMaxKeepAliveRequests 0") + configuration)

    def is_up(self):
        if self.process.poll() is not None:
            raise RuntimeError("the server ended:\n" + (self.directory / "stderr").read_text())
        return super().is_up()

    def pipes(self, out):
        """The processes of ours that write there."""
        found = []
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                words = path.read_bytes().split(b"\0")
                status = (path.parent / "status").read_text()
            except OSError:
                continue
            if words[0].endswith(b"/anonlog") and str(out).encode() in words and "State:\tZ" not in status:
                found.append(int(path.parent.name))
        return found


def configuration_in(here, keyring, policy):
    texts = {"/usr/bin/anonlog": BIN, "/etc/anonlog/apache.keyring": keyring, "/etc/anonlog/policy.toml": policy,
             "/var/log/apache2/safe.log": here / "safe.log", "/var/log/apache2/safe-error.log": here / "safe-error.log",
             "/var/lib/prometheus/node-exporter/anonlog-apache.prom": here / "apache.prom",
             "/var/lib/prometheus/node-exporter/anonlog-apache-error.prom": here / "apache-error.prom",
             "/var/log/apache2/anonlog.messages": here / "messages"}
    return documented("apache/anonlog.conf", texts)


def last_is_logged(server, out, word):
    """One more request, until it is there: the pipe works again."""
    def is_there():
        requests.send(requests.Request("probe", requests.http(f"/{word}", requests.agent("curl/8.5.0"))), server.port)
        return out.exists() and word.encode() in support.rotated(out)
    wait_for(f"{word} in {out.name}", is_there, 30)


def check(what, server, here, keyring, may_lose):
    raw, data = (server.directory / "raw.log").read_bytes(), support.rotated(here / "safe.log")
    lost = support.check_same_sequences(what, support.sequences(raw), data, may_lose)
    support.check_nothing_planted(what, data)
    if not set(data.splitlines()) <= set(support.anonymised(raw, keyring).splitlines()):
        fault(what, "a line that no line of the log becomes")
    errors = support.rotated(here / "safe-error.log")
    support.check_nothing_planted(what + ", errors", errors, {"user", "stranger", "password", "email", "token", "cookie"})
    for path in [server.directory / "stderr", here / "messages", *here.glob("*.prom")]:
        support.check_nothing_planted(f"{what}, {path.name}", path.read_bytes())
    return lost


def during(visitors, count, pause, deed, every):
    """Requests, and again and again what is done meanwhile."""
    sending, times = threading.Thread(target=visitors.send, args=(count, pause)), 0
    sending.start()
    while sending.is_alive():
        time.sleep(every)
        deed()
        times += 1
    sending.join()
    return times


def run_quietly(here, keyring, policy):
    """Ordinary and hostile, undisturbed: every line, the same bytes as from the raw log."""
    with LoggingApache(here / "apache", configuration_in(here, keyring, policy)) as server:
        visitors = support.Visitors(server.port)
        visitors.send(150)
        requests.send_all(requests.for_this_machine(requests.hostile(requests.CANARIES) + requests.ordinary(requests.CANARIES, rounds=3)), server.port)
        wait_for("the last request", lambda: requests.LAST.encode() in (here / "safe.log").read_bytes())
    wait_for("the pipe's end", lambda: not server.pipes(here / "safe.log"))
    check("undisturbed", server, here, keyring, 0)
    raw, data = (server.directory / "raw.log").read_bytes(), (here / "safe.log").read_bytes()
    if sorted(data.splitlines()) != sorted(support.anonymised(raw, keyring).splitlines()):
        fault("undisturbed", "not the lines that the command makes of the raw log")
    for kind, canary in vars(requests.CANARIES).items():
        if kind not in ("password", "cookie", "forwarded") and canary.encode() not in raw:
            fault("bait", f"no {kind} was logged")
    if b"\n" not in (here / "safe-error.log").read_bytes():
        fault("bait", "no error was logged")
    return data.count(b"\n")


def run_with(what, here, keyring, policy, deed, every, most_lost_a_time, count=400, pause=0.004):
    with LoggingApache(here / "apache", configuration_in(here, keyring, policy)) as server:
        visitors = support.Visitors(server.port)
        times = during(visitors, count, pause, lambda: deed(server), every)
        last_is_logged(server, here / "safe.log", "thelastrequest")
        if visitors.answered < count:
            fault(what, f"only {visitors.answered} requests were answered")
        wait_for("one pipe", lambda: len(server.pipes(here / "safe.log")) == 1)
    wait_for("the pipe's end", lambda: not server.pipes(here / "safe.log"))
    lost = check(what, server, here, keyring, times * most_lost_a_time)
    return f"{what}: {lost} of {visitors.answered} lost in {times} times"


def kill_pipe(here):
    def kill(server):
        for pid in server.pipes(here / "safe.log"):
            os.kill(pid, signal.SIGKILL)
    return kill


def rotate(here):
    def deed(server):
        support.rotate(here, "apache/logrotate", {"/var/log/apache2/safe.log /var/log/apache2/safe-error.log": f"{here}/safe.log {here}/safe-error.log",
                                                  "systemctl reload apache2.service": f"kill -USR1 {server.process.pid}"})
    return deed


def run_with_bad_settings(here, keyring, policy):
    """A policy with an error, then a key file with wrong rights: said in the log of Apache, nothing raw, and all is well when mended."""
    good = policy.read_bytes()
    with LoggingApache(here / "apache", configuration_in(here, keyring, policy)) as server:
        visitors = support.Visitors(server.port, 1)
        last_is_logged(server, here / "safe.log", "first")
        policy.write_bytes(good + b"[ip]\nv4 = \"zqwordqz\"\n")
        server.process.send_signal(signal.SIGUSR1)
        time.sleep(1.5)
        visitors.send(5)
        policy.write_bytes(good)
        last_is_logged(server, here / "safe.log", "policymended")
        os.chmod(keyring, 0o644)
        server.process.send_signal(signal.SIGUSR1)
        time.sleep(1.5)
        visitors.send(5)
        os.chmod(keyring, 0o600)
        last_is_logged(server, here / "safe.log", "keyringmended")
    said = (here / "messages").read_bytes()
    for wanted in (policy.name.encode() + b":", keyring.name.encode()):
        if wanted not in said:
            fault("bad settings", f"nothing is said of {wanted.decode()}: {said[-800:]!r}")
    if said.count(b"\n") > 40:
        fault("bad settings", f"{said.count(bytes([10]))} messages")

    if b"zqwordqz" in said:
        fault("bad settings", "the message quotes a value")
    return check("bad settings", server, here, keyring, 10), said.count(b"\n")


def run_with_a_full_disk(here, keyring, policy):
    """Lines are lost until there is room; Apache answers, and starts anonlog again and again."""
    (here / "safe.log").symlink_to("/dev/full")
    with LoggingApache(here / "apache", configuration_in(here, keyring, policy)) as server:
        visitors = support.Visitors(server.port, 1)
        visitors.send(20, 0.1)
        (here / "safe.log").unlink()
        last_is_logged(server, here / "safe.log", "roomagain")
    if visitors.answered != 20:
        fault("full disk", f"only {visitors.answered} requests were answered")
    said = (here / "messages").read_bytes()
    if b"safe.log: No space left on device" not in said or said.count(b"\n") > 20:
        fault("full disk", f"{said.count(bytes([10]))} messages: {said[-300:]!r}")
    return check("full disk", server, here, keyring, 20)


def main():
    absent = [name for name in ("apache2", "logrotate") if not local_servers.find_program(name)]
    if absent:
        print(f"SKIPPED: not installed: {' '.join(absent)} (scripts/setup test installs them)")
        return 77
    secrets = requests.CANARIES
    local_servers.known_users.update({secrets.user: secrets.password})
    told = []
    with tempfile.TemporaryDirectory() as directory:
        top = Path(directory)
        top.chmod(0o755)
        keyring = support.make_keyring(top / "keyring")
        policy = top / "policy.toml"
        policy.write_bytes((DOCUMENTS / "policy.toml").read_bytes())
        folder = {}
        for name in ("quiet", "graceful", "rotate", "restart", "kill", "bad", "full"):
            folder[name] = top / name
            folder[name].mkdir(mode=0o755)
        lines = run_quietly(folder["quiet"], keyring, policy)
        signalled = lambda number: lambda server: server.process.send_signal(number)
        told += [
            run_with("graceful restart", folder["graceful"], keyring, policy, signalled(signal.SIGUSR1), 0.4, 0),
            run_with("rotation", folder["rotate"], keyring, policy, rotate(folder["rotate"]), 0.4, 0),
            run_with("restart", folder["restart"], keyring, policy, signalled(signal.SIGHUP), 0.5, 8),
            run_with("killed pipe", folder["kill"], keyring, policy, kill_pipe(folder["kill"]), 0.5, 200),
        ]
        told.append("bad settings: %d of 10 lost, %d messages" % run_with_bad_settings(folder["bad"], keyring, policy))
        told.append(f"full disk: {run_with_a_full_disk(folder['full'], keyring, policy)} of 20 lost")
    print("\n".join(told))
    return support.finish(f"apache: {lines} lines undisturbed")


if __name__ == "__main__":
    sys.exit(main())
