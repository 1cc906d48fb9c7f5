#!/usr/bin/env python3
# units_test.py: the documented systemd units are what systemd understands, as tight as promised, and allow what the programs do;
# a real systemd-socket-activate starts anonlog-listen with the first datagram.
#
# No systemd runs here: units are read by systemd-analyze, and system calls that strace sees are looked up in the units' filters.
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import shipper_support as support
from shipper_support import BIN, DOCUMENTS, LISTEN, Program, fault

import local_servers
import requests
from local_servers import wait_for

UNITS = DOCUMENTS / "systemd"
MOST_EXPOSED = {"anonlog-listen.service": 5, "anonlog-fifo.service": 5, "anonlog-listen-alone.service": 15}  # tenths, of 100
LINE = b'203.0.113.77 - zquserqz [26/Nov/2026:08:00:00 +0000] "GET /a?x=zqtokenqz HTTP/1.1" 200 5 "-" "curl/8.5.0"'
HEAD = b"<190>Nov 26 08:00:00 nginx: "


def verify(folder):
    paths = sorted(folder.glob("*.service")) + sorted(folder.glob("*.socket"))
    done = subprocess.run(["systemd-analyze", "verify", *paths], capture_output=True, text=True, timeout=60)
    return done.stdout + done.stderr


def sections(text):
    found, name = {}, None
    for line in text.splitlines():
        if match := re.fullmatch(r"\[(\w+)\]", line):
            name = match[1]
        elif "=" in line and not line.startswith("#"):
            key, value = line.split("=", 1)
            found.setdefault(name, {})[key] = value
    return found


def check_restarts(name, text):
    """systemd gives a unit up after five failures in ten seconds, and the socket with it, unless it is told not to."""
    said = sections(text)
    if said["Service"].get("Restart") != "on-failure" or said["Unit"].get("StartLimitIntervalSec") != "0" or "StartLimitIntervalSec" in said["Service"]:
        fault(name, "is given up after some failures, and what it reads from with it")
    # SIGHUP: only anonlog-listen takes over what has changed.
    page = (DOCUMENTS / "systemd.md").read_text()
    if "/anonlog-listen " not in said["Service"]["ExecStart"] and Path(said["Service"]["ExecStart"].split()[0]).name == "anonlog" and f"restart `{name}`" not in page:
        fault(name, "systemd.md does not say that a changed keyring takes a restart")


def check_units(here):
    for path in list(UNITS.glob("*.service")) + list(UNITS.glob("*.socket")):
        text = path.read_text().replace("/usr/bin/anonlog-listen", LISTEN).replace("/usr/bin/anonlog", BIN)
        (here / path.name).write_text(text)
        if path.suffix == ".service":
            check_restarts(path.name, text)
    if said := verify(here):
        fault("verify", said)
    for name, most in MOST_EXPOSED.items():
        done = subprocess.run(["systemd-analyze", "security", "--offline=yes", f"--threshold={most}", here / name], capture_output=True, text=True, timeout=60)
        if done.returncode != 0:
            fault(name, "more exposed than promised: " + done.stdout.strip().splitlines()[-1])
    # Both can say no.
    broken = here / "broken"
    broken.mkdir()
    for path in here.glob("*.*"):
        (broken / path.name).write_text(path.read_text().replace("PrivateTmp=yes", "PrivateTemp=yes").replace("ProtectSystem=strict\n", ""))
    if "PrivateTemp" not in verify(broken):
        fault("verify", "did not notice a name that systemd does not know")
    if subprocess.run(["systemd-analyze", "security", "--offline=yes", "--threshold=5", broken / "anonlog-listen.service"], capture_output=True).returncode == 0:
        fault("security", "did not notice a missing protection")


def calls_of(name):
    """The system calls that a set or a word of SystemCallFilter= stands for."""
    if not name.startswith("@"):
        return {name}
    listing = subprocess.run(["systemd-analyze", "syscall-filter", name], capture_output=True, text=True, check=True).stdout
    found = set()
    for word in re.findall(r"^\s+([@\w-]+)$", listing, re.M):
        found |= calls_of(word)
    return found


def allowed_by(unit):
    allowed = calls_of("@default")
    for value in re.findall(r"^SystemCallFilter=(.*)$", (UNITS / unit).read_text(), re.M):
        words = value.lstrip("~").split()
        for word in words:
            allowed = allowed - calls_of(word) if value.startswith("~") else allowed | calls_of(word)
    return allowed | {"execve"}


# What a program tries and does without, where it is refused.
DISPENSABLE = {"prlimit64", "setrlimit"}  # core dumps are forbidden by LimitCORE=0, too


def traced(trace):
    return {found[1] for found in re.finditer(r"^\d+ +(\w+)\(", trace.read_text(), re.M)}


def check_calls(here):
    if not shutil.which("strace") or subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True).returncode != 0:
        print("system calls not checked: strace cannot trace here")
        return 0
    keyring = support.make_keyring(here / "keyring")
    settings = ["-f", "combined", "-k", keyring, "-p", DOCUMENTS / "policy.toml"]
    tracer = lambda name: [shutil.which("strace"), "-f", "-o", here / f"{name}.trace"]

    def use(name, program, send):
        out, metrics = here / f"{name}.log", here / f"{name}.prom"
        with program:
            wait_for(metrics.name, metrics.exists)
            send()
            wait_for(out.name, lambda: out.exists() and out.read_bytes().count(b"\n") >= 1)
            tracer_of = program.process.pid
            traced_program = int(Path(f"/proc/{tracer_of}/task/{tracer_of}/children").read_text().split()[0])
            out.rename(here / f"{name}.log.1")
            os.kill(traced_program, 1)
            wait_for(out.name, out.exists)
            os.kill(traced_program, 15)
            program.process.wait(20)

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as port:
        port.bind(("127.0.0.1", 0))
        send = lambda to=port.getsockname(): socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(HEAD + LINE, to)
        code = "import os, sys; os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS='1'); os.dup2(int(sys.argv[1]), 3); os.set_inheritable(3, True); os.execv(sys.argv[2], sys.argv[2:])"
        command = [LISTEN, *settings, "-o", here / "handed.log", "--metrics", here / "handed.prom"]
        use("handed", Program(here / "handed.said", *tracer("handed"), sys.executable, "-c", code, port.fileno(), *command, pass_fds=[port.fileno()]), send)
    udp = local_servers.free_port()
    use("alone", Program(here / "alone.said", *tracer("alone"), LISTEN, *settings, "--udp", f"127.0.0.1:{udp}", "-o", here / "alone.log", "--metrics", here / "alone.prom"),
        lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(HEAD + LINE, ("127.0.0.1", udp)))
    os.mkfifo(here / "fifo")
    held = os.open(here / "fifo", os.O_RDWR | os.O_NONBLOCK)
    use("fifo", Program(here / "fifo.said", *tracer("fifo"), BIN, *settings, "--append", "-o", here / "fifo.log", "--metrics", here / "fifo.prom", stdin=held),
        lambda: os.write(held, LINE + b"\n"))
    os.close(held)
    seen = 0
    for name, unit in (("handed", "anonlog-listen.service"), ("alone", "anonlog-listen-alone.service"), ("fifo", "anonlog-fifo.service")):
        text = (here / f"{name}.trace").read_text()
        begin = text.rfind("execve(")  # what Python did before is no business of the unit
        (here / f"{name}.trace").write_text(text[text.rfind("\n", 0, begin) + 1:])
        calls = traced(here / f"{name}.trace")
        seen += len(calls)
        if len(calls) < 20:
            fault(name, f"strace saw only {sorted(calls)}")
        if refused := calls - allowed_by(unit) - DISPENSABLE:
            fault(unit, f"does not allow {sorted(refused)}")
    if {"socket", "connect"} & (traced(here / "fifo.trace") | traced(here / "handed.trace")):
        fault("calls", "a program with its input handed over has opened a socket")
    return seen


def check_activation(here):
    """With the first datagram, and none is lost."""
    port = local_servers.free_port()
    out = here / "activated.log"
    with Program(here / "activated.said", shutil.which("systemd-socket-activate"), "--datagram", "-l", f"127.0.0.1:{port}", LISTEN, "-f", "combined",
                 "-p", DOCUMENTS / "policy.toml", "-k", support.make_keyring(here / "activated.keys"), "-o", out) as program:
        wait_for("the port", lambda: f"0100007F:{port:04X}" in Path("/proc/net/udp").read_text())
        time.sleep(0.1)
        if out.exists():
            fault("activation", "started before there was anything to do")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as channel:
            for _ in range(100):
                channel.sendto(HEAD + LINE, ("127.0.0.1", port))
        wait_for("all lines", lambda: out.exists() and out.read_bytes().count(b"\n") == 100)
        program.stop()
    support.check_nothing_planted("activation", out.read_bytes() + (here / "activated.said").read_bytes())


def main():
    absent = [name for name in ("systemd-analyze", "systemd-socket-activate") if not shutil.which(name)]
    if absent:
        print(f"SKIPPED: not installed: {' '.join(absent)} (scripts/setup test installs them)")
        return 77
    with tempfile.TemporaryDirectory() as directory:
        here = Path(directory)
        check_units(here)
        seen = check_calls(here)
        check_activation(here)
    if shutil.which("promtool"):
        done = subprocess.run(["promtool", "check", "rules", DOCUMENTS / "metrics/alerts.yml"], capture_output=True, text=True, timeout=60)
        if done.returncode != 0:
            fault("alerts", done.stdout + done.stderr)
    return support.finish(f"units: {len(MOST_EXPOSED)} services, {seen} kinds of system calls seen")


if __name__ == "__main__":
    sys.exit(main())
