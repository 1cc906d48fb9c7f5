# shipper_support.py: what the tests of anonlog behind real servers share: the documented configurations on paths of the test,
# requests with sequence numbers over several connections, and the search for what was planted.
#
# A sequence number is spelled in letters that no rule of SPEC 3.8 takes for an identifier, so that it survives in the path.
import gzip
import itertools
import os
import re
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOP = HERE.parent.parent
sys.path[:0] = [str(HERE), str(HERE.parent / "servers")]
sys.dont_write_bytecode = True

import local_servers  # noqa: E402
import requests  # noqa: E402

BIN = os.environ.get("ANONLOG_BIN") or str(TOP / "build/release/anonlog")
LISTEN = str(Path(BIN).parent / "anonlog-listen")
DOCUMENTS = TOP / "docs/shippers"
DIGITS = "ghjklmnpqr"
SEQUENCE = re.compile(rb"/seq/([%s]+)/([%s]+)" % (DIGITS.encode(), DIGITS.encode()))

faults = []


def fault(where, what):
    faults.append(f"{where}: {what}")


def finish(what):
    print("\n".join(faults[:60]))
    print(f"{what}, {len(faults)} faults")
    return 1 if faults else 0


def spelled(number):
    return "".join(DIGITS[int(digit)] for digit in str(number))


def number_of(letters):
    return int("".join(str(DIGITS.index(letter)) for letter in letters.decode()))


def sequences(data):
    """{connection: [numbers in the order of the lines]}"""
    found = {}
    for match in SEQUENCE.finditer(data):
        found.setdefault(number_of(match[1]), []).append(number_of(match[2]))
    return found


def documented(name, texts):
    """A file of docs/shippers with the paths of this test in the place of its own; each must have stood in it."""
    text = (DOCUMENTS / name).read_text()
    for old, new in texts.items():
        if old not in text:
            raise ValueError(f"{name} does not hold {old!r} any more")
        text = text.replace(old, str(new))
    return text


def make_keyring(path):
    subprocess.run([BIN, "key", "new", path], check=True, capture_output=True)
    return path


def check_nothing_planted(where, data, kinds=None):
    text = data.decode("latin-1").lower()
    for kind, canary in vars(requests.CANARIES).items():
        if (kinds is None or kind in kinds) and canary.lower() in text:
            at = text.index(canary.lower())
            fault(where, f"the {kind} came out: {text[max(0, at - 80):at + 40]!r}")
    for address in requests.CLIENTS:
        if re.search(r"(?<![\w.:])" + re.escape(address) + r"(?![\w.])", text):
            fault(where, f"the address {address} came out")


def check_same_sequences(where, expected, data, may_lose=0):
    """Every number of every connection, in order; `may_lose`: so many may be missing. Returns how many are."""
    found = sequences(data)
    lost = sum(map(len, expected.values())) - sum(map(len, found.values()))
    if found == expected:
        return 0
    is_in_order = all(numbers == sorted(set(numbers)) and set(numbers) <= set(expected.get(connection, [])) for connection, numbers in found.items())
    if is_in_order and 0 <= lost <= may_lose:
        return lost
    for connection, numbers in expected.items():
        ours = found.get(connection, [])
        if sorted(ours) == sorted(numbers):
            if ours != numbers:
                fault(where, f"connection {connection} is out of order")
        else:
            missing, more = sorted(set(numbers) - set(ours)), len(ours) - len(set(ours))
            fault(where, f"connection {connection}: {len(ours)} of {len(numbers)} lines, missing {missing[:8]}, {more} twice")
    if set(found) - set(expected):
        fault(where, f"connections that were not: {sorted(set(found) - set(expected))[:8]}")
    return lost


class Visitors:
    """So many connections at once, each sending numbered requests one after the other and reading each answer."""

    def __init__(self, port, connections=4):
        self.port = port
        self.connections = connections
        self.numbers = itertools.count()  # of connections that were ever opened
        self.answered = 0
        self.unanswered = []  # (connection, number), perhaps logged

    def send(self, count, pause=0.0):
        threads = [threading.Thread(target=self._visit, args=(count, pause)) for _ in range(self.connections)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _visit(self, count, pause):
        secrets, channel, connection, number = requests.CANARIES, None, 0, 0
        for _ in range(count):
            if channel is None:
                connection, number = next(self.numbers), 0
            # A login, a token, a mail address, an address, a cookie: all that a line can hold.
            head = requests.http(f"/seq/{spelled(connection)}/{spelled(number)}?token={secrets.token}&mail={secrets.email}%40{requests.DOMAIN}",
                                 requests.agent(requests.AGENTS[number % len(requests.AGENTS)] + " " + secrets.agent),
                                 "Referer: https://search.example/find?q=" + secrets.referrer, "Cookie: sid=" + secrets.cookie,
                                 requests.basic(secrets.user, secrets.password),
                                 client=requests.CLIENTS[number % len(requests.CLIENTS)]).replace(b"Connection: close", b"Connection: keep-alive")
            is_over = True
            try:
                if channel is None:
                    channel = socket.create_connection(("127.0.0.1", self.port), timeout=10)
                channel.sendall(head)
                is_over = b"\r\nConnection: close" in self._answer(channel)
                self.answered += 1
            except OSError:
                self.unanswered.append((connection, number))
                time.sleep(0.01)  # the server may be about to listen again
            number += 1
            if is_over and channel is not None:
                channel.close()
                channel = None
            if pause:
                time.sleep(pause)
        if channel is not None:
            channel.close()

    @staticmethod
    def _answer(channel):
        data = b""
        while b"\r\n\r\n" not in data:
            piece = channel.recv(65536)
            if not piece:
                raise ConnectionResetError
            data += piece
        head, _, body = data.partition(b"\r\n\r\n")
        length = int(re.search(rb"\r\nContent-Length: (\d+)", head, re.I)[1])
        while len(body) < length:
            piece = channel.recv(65536)
            if not piece:
                raise ConnectionResetError
            body += piece
        return head


class Program:
    """One of ours with its messages in a file; ended by whoever leaves."""

    def __init__(self, where, *command, **options):
        self.said = Path(where)
        self.process = subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL, stderr=open(self.said, "ab"),
                                        **{"stdin": subprocess.DEVNULL, **options})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def stop(self, code=0):
        """As a service is stopped."""
        self.process.terminate()
        if self.process.wait(30) != code:
            fault(self.said.name, f"ended with {self.process.returncode}, not {code}: {self.said.read_text()[:400]}")


def handed_over(sockets, where, *command):
    """A program that finds these open sockets as systemd would hand them over."""
    numbers = [each.fileno() for each in sockets]

    def place():
        for i, number in enumerate(numbers):
            os.dup2(number, 200 + i)
        for i in range(len(numbers)):
            os.dup2(200 + i, 3 + i)
            os.close(200 + i)
    code = "import os, sys; os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=sys.argv[1]); os.execv(sys.argv[2], sys.argv[2:])"
    return Program(where, sys.executable, "-c", code, len(numbers), *command, preexec_fn=place, close_fds=False)


def rotate(folder, name, texts):
    """The real logrotate with a documented configuration, once, whether it is due or not."""
    configuration = folder / (name.replace("/", "-") + ".rotate")
    configuration.write_text(documented(name, texts=texts))
    configuration.chmod(0o644)
    done = subprocess.run([local_servers.find_program("logrotate"), "-f", "-s", folder / "rotate.state", configuration], capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        fault("logrotate", done.stdout + done.stderr)


def rotated(path):
    """What was ever written to a log: the parts that were renamed away, the oldest first, and what is there now."""
    parts = [path] + sorted(path.parent.glob(path.name + ".*"), key=lambda part: int(part.name[len(path.name) + 1:].split(".")[0]))
    return b"".join(gzip.decompress(part.read_bytes()) if part.suffix == ".gz" else part.read_bytes() for part in reversed(parts) if part.exists())


def anonymised(data, keyring, form="combined"):
    """What the command makes of a raw log with the documented policy."""
    return subprocess.run([BIN, "-f", form, "-k", keyring, "-p", DOCUMENTS / "policy.toml", "--max-reject", "100%"], input=data,
                          capture_output=True, check=True, timeout=60).stdout
