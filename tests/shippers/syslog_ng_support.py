# syslog_ng_support.py: syslog-ng with the module of bindings/syslog-ng, on free ports of 127.0.0.1; all that it writes is in a
# folder of the test. It is found in /usr, or where scripts/setup unpacks it, for it cannot be installed beside rsyslog.
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys

SOURCE = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(SOURCE / "tests/shippers"), str(SOURCE / "tests/servers")]
import syslog_messages  # noqa: E402
from local_servers import free_port, wait_for  # noqa: E402

BIN = os.environ.get("ANONLOG_BIN") or str(SOURCE / "build/release/anonlog")
LIBRARY = pathlib.Path(os.environ.get("ANONLOG_LIBRARY") or pathlib.Path(BIN).with_name("libanonlog.so"))
MODULE = SOURCE / "bindings/syslog-ng"
PREFIX = next((prefix for prefix in map(pathlib.Path, ("/usr", "/opt/syslog-ng/usr"))
               if (prefix / "sbin/syslog-ng").exists() and (prefix / "include/syslog-ng/syslog-ng.h").exists()), None)
ENVIRONMENT = {**os.environ, "TZ": "UTC", "LD_LIBRARY_PATH": f"{PREFIX}/lib/syslog-ng", "SYSLOGNG_PREFIX": str(PREFIX)}
VERSION = "@version: 3.38\n"


def missing():
    """What keeps this from running; None: nothing."""
    if PREFIX is None:
        return "syslog-ng with its headers is not installed (scripts/setup test)"
    if shutil.which("bison") is None:
        return "bison is not installed (scripts/setup test)"
    return None if LIBRARY.exists() else f"no shared library was built: {LIBRARY}"


def build_module(folder):
    """As its README says; returns where it is. ANONLOG_SYSLOG_NG_FLAGS: more for the compiler, such as a sanitizer."""
    flags = os.environ.get("ANONLOG_SYSLOG_NG_FLAGS", "")
    for command in (["cmake", "-S", MODULE, "-B", folder, f"-DSYSLOG_NG_PREFIX={PREFIX}", f"-DANONLOG_LIBRARY={LIBRARY}", "-DCMAKE_C_FLAGS=-Werror " + flags],
                    ["cmake", "--build", folder]):
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"syslog-ng: the module cannot be built:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    return folder


def documented(texts):
    """The documented configuration with the paths of this test in the place of its own; each must have stood in it."""
    text = (MODULE / "example/web-logs.conf").read_text()
    if f"```\n{text}```\n" not in (MODULE / "README.md").read_text():
        sys.exit("syslog-ng: README.md shows another configuration than example/web-logs.conf")
    for old, new in texts.items():
        if old not in text:
            sys.exit(f"syslog-ng: the example has no {old}")
        text = text.replace(old, str(new))
    return text


class SyslogNg:
    """`configuration`: a function of this that gives the text; started on entering. Without: the documented one."""

    def __init__(self, folder, module, configuration=None):
        self.folder, self.module, self.port = folder, module, free_port()
        self.written = folder / "written"  # outputs, its own log, its state
        self.written.mkdir(parents=True)
        self.keyring = folder / "keyring"
        subprocess.run([BIN, "key", "new", self.keyring], check=True, capture_output=True)
        self.process = None
        self.configure(configuration(self) if configuration else self.documented())

    def documented(self):
        return documented({"port(542)": f"port({self.port})", "/etc/anonlog": self.folder, "/var/log/anonymised": self.written})

    def configure(self, text):
        own = f'log {{ source {{ internal(); }}; destination {{ file("{self.written}/internal.log"); }}; }};\n'
        (self.folder / "syslog-ng.conf").write_text(VERSION + "options { keep-hostname(yes); time-reopen(1); };\n" + text + own)

    def command(self):
        return [PREFIX / "sbin/syslog-ng", "-F", "--stderr", "--no-caps", f"--module-path={self.module}:{next((PREFIX / 'lib/syslog-ng').glob('[0-9]*'))}",
                "-f", self.folder / "syslog-ng.conf", "-R", self.written / "persist", "-c", self.folder / "control", "-p", self.folder / "pid"]

    def start(self):
        with open(self.written / "standard_error", "ab") as errors:
            self.process = subprocess.Popen(self.command(), stdin=subprocess.DEVNULL, stdout=errors, stderr=errors, env=ENVIRONMENT)

    def said(self):
        return (self.written / "standard_error").read_text("latin-1")

    def __enter__(self):
        self.start()
        wait_for("syslog-ng", self.listens, 30)
        return self

    def __exit__(self, *_):
        self.stop(signal.SIGTERM)

    def stop(self, number):
        self.process.send_signal(number)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def listens(self):
        if self.process.poll() is not None:
            sys.exit(f"syslog-ng ended: {self.said()}")
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
            return True
        except OSError:
            return False

    def refuses(self):
        """Starts, and must end by itself; returns what it said."""
        self.start()
        try:
            code = self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            code = 0
        return self.said() if code != 0 else None

    def control(self, *words):
        return subprocess.run([PREFIX / "sbin/syslog-ng-ctl", *words, "-c", self.folder / "control"], capture_output=True, text=True, env=ENVIRONMENT, timeout=30)

    def counters(self, name="p_anonlog"):
        rows = [line.split(";") for line in self.control("stats").stdout.splitlines()]
        return {row[4]: int(row[5]) for row in rows if row[:2] == ["parser", name]}

    def send(self, lines, pause=0.0):
        syslog_messages.send(self.port, lines, pause)

    def lines(self, name="access.log"):
        path = self.written / name
        whole, _, _ = path.read_bytes().rpartition(b"\n") if path.exists() else (b"", b"", b"")  # the last one may be half written
        return whole.decode("latin-1").split("\n") if whole else []
