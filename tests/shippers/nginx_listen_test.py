#!/usr/bin/env python3
# nginx_listen_test.py: a real nginx sends its logs to anonlog-listen (UDP, Unix socket) and writes into a FIFO, with the documented
# configurations: each request is one safe line of each way, in order, the same bytes as from the raw log; real logrotate meanwhile.
#
# Then anonlog-listen is killed while requests come: what is lost is counted, and nothing raw is anywhere.
import os
import socket
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import metrics_page
import shipper_support as support
from shipper_support import BIN, DOCUMENTS, LISTEN, Program, documented, fault

import local_servers
import requests
from local_servers import wait_for

BATCH = 32  # datagrams that anonlog-listen has in hand at most
KILLS = 8


class LoggingNginx(local_servers.Nginx):
    """With more configuration in `http`, and two workers."""

    def __init__(self, directory, logs, more):
        super().__init__(directory, logs)
        path = self.directory / "nginx.conf"
        path.write_text(path.read_text().replace("http {\n", "http {\n" + more, 1).replace("worker_processes 1", "worker_processes 2"))


def start_all(here, keyring):
    """The ways that the log takes: name -> (program, output, metrics), and what nginx has to be told."""
    settings = ["-k", keyring, "-p", DOCUMENTS / "policy.toml"]
    ports = {name: local_servers.free_port() for name in ("udp", "error")}
    fifo = here / "nginx.fifo"
    os.mkfifo(fifo)
    held = os.open(fifo, os.O_RDWR | os.O_NONBLOCK)  # as anonlog-fifo.socket holds it
    commands = {
        "udp": [LISTEN, "--udp", f"127.0.0.1:{ports['udp']}", "-f", "combined"],
        "error": [LISTEN, "--udp", f"127.0.0.1:{ports['error']}"],
        "unix": [LISTEN, "--unix", here / "nginx.sock", "-f", "combined"],
        "unix-error": [LISTEN, "--unix", here / "nginx-error.sock"],
        "fifo": [BIN, "-f", "combined", "--max-reject", "100%", "--append"],
    }
    ways = {}
    os.umask(0)  # nginx' workers are another user
    for name, command in commands.items():
        out, metrics = here / f"{name}.log", here / f"{name}.prom"
        more = {"stdin": held} if name == "fifo" else {}
        program = Program(here / f"{name}.said", *command, *settings, "-o", out, "--metrics", metrics, **more)
        ways[name] = (program, out, metrics)
    os.umask(0o022)
    for program, _, metrics in ways.values():
        wait_for(f"{metrics.name}", lambda m=metrics, p=program: m.exists() or p.process.poll() is not None)
    for place in ("nginx.sock", "nginx-error.sock"):
        wait_for(place, (here / place).exists)
    configuration = documented("nginx/anonlog.conf", texts={"127.0.0.1:540": f"127.0.0.1:{ports['udp']}", "127.0.0.1:541": f"127.0.0.1:{ports['error']}"})
    configuration += documented("nginx/anonlog-unix.conf", texts={"/run/anonlog/nginx.sock": here / "nginx.sock", "/run/anonlog/nginx-error.sock": here / "nginx-error.sock"})
    configuration += documented("nginx/anonlog-fifo.conf", texts={"/run/anonlog/nginx.fifo": fifo})
    os.close(held)
    return ways, configuration


def check_way(name, out, metrics, raw, keyring, may_lose=0):
    data, page = support.rotated(out), metrics_page.read(metrics)
    support.check_nothing_planted(name, data)
    support.check_nothing_planted(f"{name}, metrics", metrics.read_bytes())
    lost = support.check_same_sequences(name, support.sequences(raw), data, may_lose)
    wanted = support.anonymised(raw, keyring)
    if may_lose:
        if not set(data.splitlines()) <= set(wanted.splitlines()):
            fault(name, "a line that the command does not make of the raw log")
        return lost
    if sorted(data.splitlines()) != sorted(wanted.splitlines()):
        fault(name, f"{data.count(bytes([10]))} lines are not the {wanted.count(bytes([10]))} that the command makes of the raw log")
    read, written = (metrics_page.of(page, f"anonlog_lines_{what}_total") for what in ("read", "written"))
    rejected = sum(page["anonlog_lines_rejected_total"].values())
    if (read, written) != (raw.count(b"\n"), data.count(b"\n")) or read != written + rejected:
        fault(name, f"metrics: {read} read, {written} written, {rejected} rejected; {raw.count(bytes([10]))} lines were logged")
    for what in ("datagrams_dropped", "lines_lost"):
        if metrics_page.of(page, f"anonlog_{what}_total") if f"anonlog_{what}_total" in page else 0:
            fault(name, f"{what}: {metrics_page.of(page, f'anonlog_{what}_total')}")
    return lost


def run_all_ways(here, keyring):
    ways, configuration = start_all(here, keyring)
    raw = here / "raw.log"
    outs = [out for _, out, _ in ways.values()]
    texts = {"/var/log/anonlog/access.log /var/log/anonlog/error.log": " ".join(map(str, outs)), "  su anonlog anonlog\n": "",
             "systemctl kill --signal=HUP anonlog-listen.service anonlog-listen-alone.service":
                 "kill -HUP " + " ".join(str(program.process.pid) for program, _, _ in ways.values())}
    with LoggingNginx(here / "nginx", [(raw, "combined")], configuration) as server:
        visitors = support.Visitors(server.port)
        sending = threading.Thread(target=visitors.send, args=(500, 0.002))
        sending.start()
        turns = 0
        while sending.is_alive():
            time.sleep(0.15)
            support.rotate(here, "systemd/logrotate", texts)
            turns += 1
        sending.join()
        hostile = requests.for_this_machine(requests.hostile(requests.CANARIES) + requests.ordinary(requests.CANARIES, rounds=3))
        requests.send_all(hostile, server.port)
        for name in ("udp", "fifo"):
            wait_for(f"the last request in {name}", lambda out=ways[name][1]: out.exists() and requests.LAST.encode() in support.rotated(out))
    for name, (program, _, _) in ways.items():
        program.stop(-15 if name == "fifo" else 0)  # the command dies by the signal, a service ends well
    data = raw.read_bytes()
    if any(kind not in ("password", "cookie", "forwarded") and canary.encode() not in data for kind, canary in vars(requests.CANARIES).items()):
        fault("bait", "something planted was not logged at all")
    if sum(map(len, support.sequences(data).values())) < 900 or turns < 2:
        fault("bait", f"only {support.sequences(data)} requests, {turns} rotations")
    for name in ("udp", "fifo"):
        check_way(name, ways[name][1], ways[name][2], data, keyring)
    # nginx does not wait for a Unix socket that is full, and does not say so either.
    lost = check_way("unix", ways["unix"][1], ways["unix"][2], data, keyring, data.count(b"\n") // 2)
    for name in ("error", "unix-error"):
        log = support.rotated(ways[name][1])
        support.check_nothing_planted(name, log, {"user", "stranger", "password", "email", "token", "cookie", "referrer", "agent"})
        if log.count(b"\n") < 10:
            fault(name, "hardly an error was logged")
    for path in (server.directory / "error.log", server.directory / "stderr", *here.glob("*.said")):
        support.check_nothing_planted(path.name, path.read_bytes())
    return data.count(b"\n"), turns, lost


def run_with_kills(here, keyring):
    """The port stays open in the parent, as in systemd; anonlog-listen is killed again and again while requests come."""
    raw, out = here / "raw.log", here / "safe.log"
    kills, enough = 0, threading.Event()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as port:
        port.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        port.bind(("127.0.0.1", 0))
        command = [LISTEN, "-f", "combined", "-k", keyring, "-p", DOCUMENTS / "policy.toml", "-o", out]
        configuration = documented("nginx/anonlog.conf", texts={"127.0.0.1:540": f"127.0.0.1:{port.getsockname()[1]}",
                                                                 "error_log syslog:server=127.0.0.1:541,nohostname warn;": f"error_log {here}/error.log crit;"})
        with LoggingNginx(here / "nginx", [(raw, "combined")], configuration) as server:
            visitors = support.Visitors(server.port)

            def send():
                while not enough.is_set():
                    visitors.send(100)
            sending = threading.Thread(target=send)
            program = support.handed_over([port], here / "said", *command)
            sending.start()
            try:
                while kills < KILLS:
                    written = out.stat().st_size if out.exists() else 0
                    wait_for("it to be at work", lambda: out.exists() and out.stat().st_size > written)
                    time.sleep(0.05)
                    program.process.kill()
                    program.process.wait()
                    kills += 1
                    program = support.handed_over([port], here / "said", *command)
            finally:
                enough.set()
                sending.join()
            requests.send_all([], server.port)
            wait_for("the last request", lambda: out.exists() and requests.LAST.encode() in out.read_bytes())
        program.stop()
    lost = support.check_same_sequences("killed", support.sequences(raw.read_bytes()), out.read_bytes(), kills * BATCH)
    support.check_nothing_planted("killed", out.read_bytes())
    if not set(out.read_bytes().splitlines()) <= set(support.anonymised(raw.read_bytes(), keyring).splitlines()):
        fault("killed", "a line that no whole line of the log becomes")
    return lost, kills


def main():
    absent = [name for name in ("nginx", "logrotate") if not local_servers.find_program(name)]
    if absent:
        print(f"SKIPPED: not installed: {' '.join(absent)} (scripts/setup test installs them)")
        return 77
    secrets = requests.CANARIES
    local_servers.known_users.update({secrets.user: secrets.password})
    with tempfile.TemporaryDirectory() as directory:
        top = Path(directory)
        top.chmod(0o755)
        for name in ("ways", "kills"):
            (top / name).mkdir(mode=0o755)
        keyring = support.make_keyring(top / "keyring")
        lines, turns, full = run_all_ways(top / "ways", keyring)
        lost, kills = run_with_kills(top / "kills", keyring)
    return support.finish(f"nginx: {lines} lines three ways through {turns} rotations, {full} of them dropped by nginx at a full Unix socket; {lost} lines lost by {kills} kills")


if __name__ == "__main__":
    sys.exit(main())
